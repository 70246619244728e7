#pragma once

#include "core/base/byte_reader.h"
#include "core/base/clock.h"
#include "core/base/file_descriptor.h"
#include "dns/answering.h"
#include "dns/serving/admission.h"
#include "dns/serving/client.h"
#include "dns/serving/event_loop.h"
#include "dns/tls/tls_session.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace sporvakt::dns {

/// Questions over TCP (RFC 7766) and TLS (RFC 7858): many on one connection, answered as they
/// become ready. Of the worker's thread.
class TcpServer {
public:
    // What strangers can make one worker keep.
    static constexpr std::size_t kConnectionCountMax = 128;
    static constexpr std::size_t kConnectionsOfClientMax = 32;
    static constexpr std::size_t kConnectionsFromOutsideMax = 4;  ///< Of all that may not ask.
    static constexpr std::size_t kQueryLengthMax = 4096;
    static constexpr std::size_t kWaitingMax = 64;  ///< Questions of one connection under way.
    static constexpr std::size_t kUnsentBytesMax = std::size_t{128} * 1024;  ///< Then it must read.
    static constexpr std::size_t kTlsBytesMax =
        std::size_t{64} * 1024;  ///< OpenSSL's, and a record.
    static_assert(kConnectionCountMax * (kQueryLengthMax + kUnsentBytesMax + kTlsBytesMax) <=
                  std::size_t{26} * 1024 * 1024);

    /// Who has not shaken hands by then does not mean to.
    static constexpr std::chrono::seconds kHandshakeMax{5};

    struct Parts {
        EventLoop& loop;
        Answering& answering;
        const Admission& admission;
        Counters& counters;
        const Clock& clock;
        const TlsContext* tls;  ///< May be null when there are no listeners for TLS.
    };

    struct Listeners {
        std::vector<FileDescriptor> tcp;
        std::vector<FileDescriptor> tls;
    };

    TcpServer(const Parts& parts, Listeners listeners);
    TcpServer(const TcpServer&) = delete;
    TcpServer& operator=(const TcpServer&) = delete;
    TcpServer(TcpServer&&) = delete;
    TcpServer& operator=(TcpServer&&) = delete;
    ~TcpServer();

    /// An answer that had to wait, for a Client::connection; nothing when that has gone.
    void send(std::uint64_t number, Bytes answer);

    /// Closes who has been silent for too long, and goes on with those who had to wait because they
    /// asked too much.  To be called several times a second.
    void tick();

    [[nodiscard]] std::size_t connections() const { return connections_.size(); }

private:
    struct Connection;

    void listen_again();
    struct Listener {
        FileDescriptor socket;
        Transport transport;
    };

    void accept_some(const Listener& listener);
    bool accept_one(const Listener& listener);
    void make_room(const Connection& for_this);
    void doom(Connection& connection);
    void read(Connection& connection);
    void take_in(Connection& connection, Bytes received);
    void answer_pending(Connection& connection);
    bool answer_next(Connection& connection);
    void resume(std::uint64_t number);
    void append(Connection& connection, Bytes answer);
    void flush(Connection& connection);
    Connection* find(std::uint64_t number);

    Parts parts_;
    std::vector<Listener> listeners_;
    std::uint64_t last_number_ = 0;
    std::vector<std::uint8_t> answer_;  // scratch
    std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
    std::vector<std::unique_ptr<EventLoop::Watch>> listen_watches_;  // last: go first
};

}  // namespace sporvakt::dns
