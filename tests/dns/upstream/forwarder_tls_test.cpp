#include "dns/upstream/forwarder_tls.h"

#include "tests/support/dns/tls_name_server.h"
#include "tests/support/temporary_folder.h"

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::test::TemporaryFolder;
using sporvakt::test::TlsCertificate;

// With a server: tls_forwarder_test.cpp.
using Octets = std::vector<std::uint8_t>;

TEST_GROUP(ForwarderTls) {
    TemporaryFolder folder;
    std::unique_ptr<TlsTrust> trust;
    std::vector<std::uint8_t> plain;

    void setup() override {
        TlsCertificate("dns.test").write_pem(folder.file("house.pem"));
        trust = std::make_unique<TlsTrust>(*TlsTrust::load(folder.file("house.pem")));
    }
};

TEST(ForwarderTls, BeginsWithAHelloForTheName) {
    ForwarderTls session(*trust, "dns.test");

    const auto hello = session.take_output();

    LONGS_EQUAL(22, hello.at(0));  // a handshake record
    const std::string text(hello.begin(), hello.end());
    CHECK(text.find("dns.test") != std::string::npos);
    CHECK(text.find("\x03"
                    "dot") != std::string::npos);
    CHECK(session.state() == ForwarderTls::State::Handshake);
    CHECK_TRUE(session.take_output().empty());
}

TEST(ForwarderTls, IsOverWhenTheOtherSideDoesNotSpeakTls) {
    ForwarderTls session(*trust, "dns.test");
    const std::string said = "SSH-2.0-OpenSSH_9.2\r\n";

    session.receive(std::vector<std::uint8_t>(said.begin(), said.end()), plain);

    CHECK(session.state() == ForwarderTls::State::Over);
    CHECK_FALSE(session.failure().empty());
    CHECK_TRUE(plain.empty());
}

TEST(ForwarderTls, TakesBytesOneByOne) {
    ForwarderTls session(*trust, "dns.test");

    for (const std::uint8_t byte : Octets{0x16, 0x03, 0x03, 0x00}) {
        session.receive(Octets{byte}, plain);
        CHECK(session.state() == ForwarderTls::State::Handshake);
    }
}

TEST(ForwarderTls, TrustsNoFileWithoutCertificates) {
    std::ofstream(folder.file("empty.pem")) << "nothing\n";

    const auto refused = TlsTrust::load(folder.file("empty.pem"));

    CHECK_FALSE(refused.has_value());
    STRCMP_CONTAINS("empty.pem", refused.error().message.c_str());
    CHECK_FALSE(TlsTrust::load(folder.file("missing.pem")).has_value());
}
