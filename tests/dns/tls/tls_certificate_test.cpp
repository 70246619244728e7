#include "dns/tls/tls_certificate.h"

#include "tests/support/dns/tls_house.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>

#include <sys/stat.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using sporvakt::dns::TlsContext;

TEST_GROUP(TlsCertificate) {
    test::TlsHouse house;
    const Timestamp now = SystemClock().now();

    static std::string content_of(const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    static unsigned rights_of(const std::string& path) {
        struct stat status {};
        CHECK(stat(path.c_str(), &status) == 0);
        return status.st_mode & 0777U;
    }
};

TEST(TlsCertificate, IsMadeWithAKeyForItsOwnerAlone) {
    CHECK(house.provide(now).has_value());

    CHECK(TlsContext::load(house.files).has_value());
    LONGS_EQUAL(0600, rights_of(house.files.key));
    STRCMP_CONTAINS("PRIVATE KEY", content_of(house.files.key).c_str());
    CHECK_TRUE(content_of(house.files.certificate).find("PRIVATE") == std::string::npos);
}

TEST(TlsCertificate, StaysWhenItDoes) {
    CHECK(house.provide(now).has_value());
    const std::string before = content_of(house.files.certificate);

    CHECK(house.provide(now + std::chrono::hours(24 * 365 * 9)).has_value());

    STRCMP_EQUAL(before.c_str(), content_of(house.files.certificate).c_str());
}

TEST(TlsCertificate, IsMadeAnewOfTheSameKeyForAnotherAddress) {
    CHECK(house.provide(now).has_value());
    const std::string key = content_of(house.files.key);
    const std::string before = content_of(house.files.certificate);
    house.addresses.push_back(*IpAddress::from_text("fd00::1"));

    CHECK(house.provide(now).has_value());

    CHECK(before != content_of(house.files.certificate));
    STRCMP_EQUAL(key.c_str(), content_of(house.files.key).c_str());
    CHECK(TlsContext::load(house.files).has_value());
}

TEST(TlsCertificate, IsMadeAnewBeforeItEnds) {
    CHECK(house.provide(now).has_value());
    const std::string before = content_of(house.files.certificate);

    CHECK(house.provide(now + std::chrono::hours(24 * 3640)).has_value());

    CHECK(before != content_of(house.files.certificate));
}

TEST(TlsCertificate, NeverReplacesAKeyThatItCannotRead) {
    std::ofstream(house.files.key) << "rubbish";

    const auto provided = house.provide(now);

    CHECK(provided.error().code == Errc::Storage);
    STRCMP_CONTAINS(house.files.key.c_str(), provided.error().message.c_str());
    STRCMP_EQUAL("rubbish", content_of(house.files.key).c_str());
}

TEST(TlsCertificate, SaysWhereItCannotBeKept) {
    house.files.key = "/proc/sporvakt-key.pem";

    STRCMP_CONTAINS("/proc/sporvakt-key.pem", house.provide(now).error().message.c_str());
}
