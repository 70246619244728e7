#include "firmware/dns_identity.h"

#include "tests/support/temporary_folder.h"

#include <filesystem>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using sporvakt::firmware::Configuration;
using sporvakt::firmware::dns_identity;

TEST_GROUP(DnsIdentity) {
    test::TemporaryFolder folder;
    Configuration configuration;

    void setup() override {
        configuration.storage_dir = folder.path();
        configuration.dns.listen_tls = {*Endpoint::from_text("127.0.0.1:8530"),
                                        *Endpoint::from_text("0.0.0.0:8531")};
    }
};

TEST(DnsIdentity, IsNoneWithoutTls) {
    configuration.dns.listen_tls.clear();

    CHECK(*dns_identity(configuration, SystemClock().now()) == nullptr);
    CHECK_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(DnsIdentity, IsMadeInTheStorageDirectory) {
    CHECK(*dns_identity(configuration, SystemClock().now()) != nullptr);

    CHECK_TRUE(std::filesystem::exists(folder.file("dns-certificate.pem")));
    CHECK_TRUE(std::filesystem::exists(folder.file("dns-key.pem")));
}

TEST(DnsIdentity, IsTheOwnersWhenNamed) {
    configuration.dns.tls_certificate = folder.file("missing.pem");
    configuration.dns.tls_key = folder.file("missing-key.pem");

    const auto identity = dns_identity(configuration, SystemClock().now());

    CHECK(identity.error().code == Errc::InvalidInput);
    STRCMP_CONTAINS("missing.pem", identity.error().message.c_str());
    CHECK_FALSE(std::filesystem::exists(folder.file("dns-key.pem")));
}
