#pragma once

#include "tests/support/loopback_listener.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace sporvakt::test {

/// An HTTP server on 127.0.0.1 that says what the test tells it to, lies included.  A thread of its
/// own; one connection after the other.  Ends with the object.
class ScriptedServer {
public:
    /// One connection on which a request has come.
    class Visitor {
    public:
        Visitor(int socket, std::string request) : socket_(socket), request_(std::move(request)) {}

        [[nodiscard]] const std::string& request() const { return request_; }
        /// False when the other side is gone, or takes nothing for two seconds.
        bool send(const std::string& bytes) const;
        /// False when the other side went meanwhile.
        [[nodiscard]] bool wait(std::chrono::milliseconds time) const;

    private:
        int socket_;
        std::string request_;
    };
    using Answer = std::function<void(const Visitor&)>;

    /// Whether its thread begins at once, or with start(): ThreadSanitizer lets no process have
    /// threads that was forked from one with threads.
    enum class Begin : std::uint8_t { Now, Later };

    explicit ScriptedServer(Answer answer, Begin begin = Begin::Now);
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;
    ScriptedServer(ScriptedServer&&) = delete;
    ScriptedServer& operator=(ScriptedServer&&) = delete;
    ~ScriptedServer();

    /// Who came before that has waited.
    void start();

    /// "http://127.0.0.1:PORT" and the path.
    [[nodiscard]] std::string url(const std::string& path) const;

    /// So far.
    [[nodiscard]] std::vector<std::string> requests() const;

private:
    void serve();

    Answer answer_;
    LoopbackListener listening_;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;  ///< Guarded by mutex_.
    std::thread thread_;                 ///< Last: it uses all of the above.
};

/// A whole answer of HTTP/1.1: status line, these header lines (each with its end), length, body.
std::string http_answer(const std::string& status, const std::string& header_lines,
                        const std::string& body);

}  // namespace sporvakt::test
