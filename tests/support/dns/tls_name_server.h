#pragma once

#include "core/base/file_descriptor.h"
#include "core/base/ip_address.h"
#include "tests/support/loopback_listener.h"
#include "tests/support/tls_certificate.h"

#include <atomic>
#include <cstdint>
#include <stop_token>
#include <thread>
#include <vector>

namespace sporvakt::test {

/// DNS over TLS on 127.0.0.1, each question put to the plain name server behind it.  Works on a
/// thread a connection; members may be called from any.
class TlsNameServer {
public:
    /// Closes each connection after so many answers, the next question unread; 0: never.
    TlsNameServer(const TlsCertificate& certificate, const Endpoint& behind,
                  std::size_t answers_a_connection = 0);
    TlsNameServer(const TlsNameServer&) = delete;
    TlsNameServer& operator=(const TlsNameServer&) = delete;
    TlsNameServer(TlsNameServer&&) = delete;
    TlsNameServer& operator=(TlsNameServer&&) = delete;
    ~TlsNameServer();

    [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }
    [[nodiscard]] std::size_t connections() const { return connections_.load(); }
    [[nodiscard]] std::size_t questions() const { return questions_.load(); }

private:
    void serve(const std::stop_token& stop);
    void converse(const FileDescriptor& connection, const std::stop_token& stop);

    TlsCertificate::ServerContext context_;
    Endpoint behind_;
    std::size_t answers_a_connection_;
    LoopbackListener listener_;
    Endpoint endpoint_;
    std::atomic<std::size_t> connections_{0};
    std::atomic<std::size_t> questions_{0};
    std::vector<std::jthread> conversations_;  // of thread_ alone
    std::jthread thread_;
};

}  // namespace sporvakt::test
