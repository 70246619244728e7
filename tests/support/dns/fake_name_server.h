#pragma once

#include "core/base/file_descriptor.h"
#include "core/base/ip_address.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace sporvakt::test {

/// How a name server answers.
enum class Manner : std::uint8_t {
    Truthful,
    Silent,         ///< Not at all; what is asked meanwhile is lost.
    WrongId,        ///< With another id.
    WrongQuestion,  ///< To another question, with an answer to that.
    NoQuestion,     ///< With the question left out.
    Refused,        ///< REFUSED, as a server does that does not serve the zone.
    NoSuchName,     ///< NXDOMAIN, whatever it is asked.
    Garbage,        ///< With bytes that are no message.
    BitsOverTcp,    ///< "Ask by TCP", and there a byte at a time.
};

/// The Internet's name servers, all in one, on 127.0.0.1 and a port of its own: UDP, and TCP for
/// what does not fit.  Answers from a thread of its own.  Members may be called from any thread.
class FakeNameServer {
public:
    FakeNameServer();
    FakeNameServer(const FakeNameServer&) = delete;
    FakeNameServer& operator=(const FakeNameServer&) = delete;
    FakeNameServer(FakeNameServer&&) = delete;
    FakeNameServer& operator=(FakeNameServer&&) = delete;
    ~FakeNameServer();

    [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }

    /// What to say; id and question are taken from who asks.  Other questions get NXDOMAIN.
    void tell(const std::string& name, std::uint16_t type, std::vector<std::uint8_t> reply);

    void behave(Manner manner);

    /// Answers nothing until release(), then everything that came meanwhile.
    void hold();
    void release();

    /// How often the name was asked for, held questions included.
    [[nodiscard]] std::size_t asked(const std::string& name) const;
    [[nodiscard]] std::size_t asked_over_tcp() const { return asked_over_tcp_.load(); }

private:
    struct Held {
        std::vector<std::uint8_t> message;
        std::vector<std::uint8_t> peer;
    };

    void serve();
    void receive();
    void accept_and_answer();
    void send_held();
    std::vector<std::uint8_t> reply_to(const std::vector<std::uint8_t>& message);
    std::vector<std::uint8_t> distort(std::vector<std::uint8_t> reply) const;
    [[nodiscard]] Manner manner() const;
    void send_to(const std::vector<std::uint8_t>& peer, std::vector<std::uint8_t> reply);

    FileDescriptor udp_;
    FileDescriptor tcp_;
    FileDescriptor wake_;
    Endpoint endpoint_;
    mutable std::mutex mutex_;
    std::map<std::pair<std::string, std::uint16_t>, std::vector<std::uint8_t>> replies_;
    std::map<std::string, std::size_t> asked_;
    std::vector<Held> held_;
    bool is_holding_ = false;
    Manner manner_ = Manner::Truthful;
    bool is_ending_ = false;
    std::atomic<std::size_t> asked_over_tcp_{0};
    std::jthread thread_;
};

}  // namespace sporvakt::test
