#pragma once

#include "core/base/file_descriptor.h"
#include "core/base/result.h"
#include "dns/serving/event_loop.h"
#include "dns/tls/tls_session.h"
#include "dns/upstream/forwarder.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <netinet/in.h>

namespace sporvakt::dns {

/// DNS over TLS (RFC 7858) for libunbound, which Debian builds without TLS: a UDP port on loopback
/// that carries every question over one connection to the forwarder, many at once, and its answers
/// back.  libunbound keeps validation, deadlines and the choice among forwarders.
///
/// A connection is made when there is something to ask and closed when idle; one that ends or goes
/// silent with questions under way is made anew once.  A forwarder that cannot be had, or whose
/// certificate is not for its name, is SERVFAIL at once, so that the next is asked; the log says
/// why, once.
///
/// Belongs to the loop's thread.  `trust` and `loop` must outlive it.
class TlsForwarder {
public:
    static Result<std::unique_ptr<TlsForwarder>> open(EventLoop& loop, Forwarder forwarder,
                                                      const TlsTrust& trust);

    TlsForwarder(const TlsForwarder&) = delete;
    TlsForwarder& operator=(const TlsForwarder&) = delete;
    TlsForwarder(TlsForwarder&&) = delete;
    TlsForwarder& operator=(TlsForwarder&&) = delete;
    ~TlsForwarder() = default;

    /// Where libunbound asks instead.
    [[nodiscard]] const Endpoint& local() const { return local_; }

    /// Questions under way; more are not taken.  libunbound has no more itself.
    static constexpr std::size_t kPendingMax = 512;

private:
    struct Pending {
        sockaddr_in peer{};
        std::uint16_t id = 0;  ///< The asker's; ours is the table's key.
        std::vector<std::uint8_t> message;
        unsigned sendings = 0;
        std::uint64_t since = 0;  ///< Tick.
    };

    TlsForwarder(EventLoop& loop, Forwarder forwarder, const TlsTrust& trust);

    void take_questions();
    void take_question(Bytes message, const sockaddr_in& peer);
    void connect();
    void on_connected();
    void on_readable();
    void take_answers();
    void send_waiting();
    void flush();
    void lose(std::string_view why);
    void give_up(std::string_view why);
    void disconnect();
    void give(const Pending& pending, std::vector<std::uint8_t> message) const;
    void refuse_all();
    void tick();

    EventLoop& loop_;
    Forwarder forwarder_;
    const TlsTrust& trust_;
    FileDescriptor udp_;
    Endpoint local_;
    std::unordered_map<std::uint16_t, Pending> pending_;
    std::vector<std::uint16_t> waiting_;  ///< Of those: not sent on this connection.
    std::uint16_t last_id_ = 0;
    std::uint64_t ticks_ = 0;

    FileDescriptor connection_;
    std::optional<TlsSession> session_;  ///< None: not connected yet.
    std::vector<std::uint8_t> received_;
    std::vector<std::uint8_t> unsent_;
    std::uint64_t last_used_ = 0;             ///< Tick of the connection's last byte.
    std::uint64_t last_heard_ = 0;            ///< Tick of its last byte from there.
    std::optional<std::uint64_t> failed_at_;  ///< Tick; no new attempt in the same.
    bool is_proven_ = false;                  ///< It has shown its certificate.
    bool is_told_ = false;                    ///< The log has it that it cannot be asked.
    std::unique_ptr<EventLoop::Watch> questions_;
    std::unique_ptr<EventLoop::Watch> readable_;
    std::unique_ptr<EventLoop::Watch> writable_;
    std::unique_ptr<EventLoop::Watch> ticker_;
};

}  // namespace sporvakt::dns
