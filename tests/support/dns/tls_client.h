#pragma once

#include "core/base/ip_address.h"
#include "tests/support/dns/dns_client.h"

#include <memory>
#include <string>
#include <vector>

struct ssl_ctx_st;
struct ssl_st;

namespace sporvakt::test {

/// A device that asks over TLS, as DnsClient does over TCP.
class TlsClient {
public:
    struct Wishes {
        std::string alpn = "dot";  ///< Empty: none.
        int version_max = 0;       ///< 0x0303 is TLS 1.2; 0: the newest.
    };

    TlsClient(const Endpoint& server, const Wishes& wishes);
    explicit TlsClient(const Endpoint& server) : TlsClient(server, Wishes()) {}

    [[nodiscard]] bool is_open() const { return is_open_; }
    [[nodiscard]] std::string alpn() const;
    [[nodiscard]] std::string version() const;
    /// Whether the server's certificate is for this address, or name.
    [[nodiscard]] bool is_shown_for(const IpAddress& address) const;
    [[nodiscard]] bool is_shown_for(const std::string& name) const;

    void send(const std::vector<std::uint8_t>& bytes);
    std::vector<std::uint8_t> receive_framed();
    /// The server has said that nothing more comes.
    bool is_closed_by_server();

private:
    struct Free {
        void operator()(ssl_ctx_st* context) const;
        void operator()(ssl_st* session) const;
    };
    bool read_whole(std::vector<std::uint8_t>& bytes);

    DnsClient connection_;
    std::unique_ptr<ssl_ctx_st, Free> context_;
    std::unique_ptr<ssl_st, Free> session_;
    bool is_open_ = false;
};

}  // namespace sporvakt::test
