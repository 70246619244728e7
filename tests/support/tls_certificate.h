#pragma once

#include <chrono>
#include <memory>
#include <string>

struct ssl_ctx_st;  // SSL_CTX

namespace sporvakt::test {

/// A certificate that a test made, with its key (P-256).  Vouched for by its issuer, or by itself.
class TlsCertificate {
public:
    struct Facts {
        std::string names;  ///< Subject alternative names: "DNS:a.example,IP:127.0.0.1".
        std::chrono::seconds begins{-3600};  ///< From now.
        std::chrono::seconds ends{3600};
        bool is_authority = false;  ///< May vouch for others.
        const TlsCertificate* issuer = nullptr;
    };

    explicit TlsCertificate(const Facts& facts);
    /// Of its own authority, for one name.
    explicit TlsCertificate(const std::string& name)
        : TlsCertificate(Facts{.names = "DNS:" + name}) {}
    TlsCertificate(const TlsCertificate&) = delete;
    TlsCertificate& operator=(const TlsCertificate&) = delete;
    TlsCertificate(TlsCertificate&&) = delete;
    TlsCertificate& operator=(TlsCertificate&&) = delete;
    ~TlsCertificate();

    void write_pem(const std::string& path) const;

    /// OpenSSL's context of a server that shows it.
    struct ContextEnd {
        void operator()(ssl_ctx_st* context) const;
    };
    using ServerContext = std::unique_ptr<ssl_ctx_st, ContextEnd>;
    [[nodiscard]] ServerContext server_context() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace sporvakt::test
