#pragma once

#include "tests/support/loopback_listener.h"
#include "tests/support/tls_certificate.h"

#include <atomic>
#include <cstddef>
#include <string>
#include <thread>

namespace sporvakt::test {

/// HTTP over TLS on 127.0.0.1: to every request the same answer.  A thread of its own; one
/// connection after the other.  Ends with the object.
class HttpsServer {
public:
    HttpsServer(const TlsCertificate& certificate, std::string answer);
    HttpsServer(const HttpsServer&) = delete;
    HttpsServer& operator=(const HttpsServer&) = delete;
    HttpsServer(HttpsServer&&) = delete;
    HttpsServer& operator=(HttpsServer&&) = delete;
    ~HttpsServer();

    /// "https://127.0.0.1:PORT" and the path.
    [[nodiscard]] std::string url(const std::string& path) const;

    /// How many came through to it: who does not trust the certificate does not.
    [[nodiscard]] std::size_t requests() const { return requests_; }

private:
    void serve();
    void converse(int connection);

    TlsCertificate::ServerContext context_;
    std::string answer_;
    LoopbackListener listener_;
    std::atomic<std::size_t> requests_{0};
    std::thread thread_;  ///< Last: it uses all of the above.
};

}  // namespace sporvakt::test
