#include "dns/tls/tls_context.h"

#include "tests/support/dns/tls_house.h"
#include "tests/support/temporary_folder.h"

#include <fstream>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::Errc;
using sporvakt::test::TemporaryFolder;
using sporvakt::test::TlsHouse;

TEST_GROUP(TlsContext){};

TEST(TlsContext, NeedsACertificateAndItsKey) {
    const TlsHouse house;
    CHECK(house.provide(sporvakt::SystemClock().now()).has_value());
    TlsFiles files = house.files;
    files.certificate = "/missing.pem";
    STRCMP_CONTAINS("/missing.pem", TlsContext::load(files).error().message.c_str());

    const TlsHouse other;
    CHECK(other.provide(sporvakt::SystemClock().now()).has_value());
    files = {house.files.certificate, other.files.key};
    const auto mixed = TlsContext::load(files);
    CHECK(mixed.error().code == Errc::InvalidInput);
    STRCMP_CONTAINS(files.key.c_str(), mixed.error().message.c_str());
}

TEST_GROUP(TlsTrust){};

TEST(TlsTrust, IsInNoFileWithoutCertificates) {
    const TemporaryFolder folder;
    std::ofstream(folder.file("empty.pem")) << "nothing\n";

    const auto refused = TlsTrust::load(folder.file("empty.pem"));

    CHECK_FALSE(refused.has_value());
    STRCMP_CONTAINS("empty.pem", refused.error().message.c_str());
    CHECK_FALSE(TlsTrust::load(folder.file("missing.pem")).has_value());
}
