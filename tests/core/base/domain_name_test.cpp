#include "core/base/domain_name.h"

#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::DomainName;
using sporvakt::ParseError;

namespace {

DomainName name(const char* text) {
    return *DomainName::from_text(text);
}

void check_refused(ParseError expected, const std::string& text) {
    const auto parsed = DomainName::from_text(text);
    CHECK_FALSE(parsed.has_value());
    CHECK(parsed.error() == expected);
}

}  // namespace

TEST_GROUP(DomainName){};

TEST(DomainName, IsStoredInLowerCaseWithoutTheTrailingDot) {
    STRCMP_EQUAL("ads.example.com", name("Ads.Example.COM.").text().c_str());
}

TEST(DomainName, KeepsALabelOf63Characters) {
    CHECK(DomainName::from_text(std::string(63, 'a') + ".com").has_value());
}

TEST(DomainName, RefusesALabelOf64Characters) {
    check_refused(ParseError::Malformed, std::string(64, 'a') + ".com");
}

TEST(DomainName, RefusesEmptyNamesAndEmptyLabels) {
    for (const char* text : {"", ".", "..", "a..b", ".a", "a.."}) {
        check_refused(ParseError::Malformed, text);
    }
}

TEST(DomainName, RefusesMoreThan253Characters) {
    check_refused(ParseError::LimitExceeded, std::string(254, 'a'));
}

TEST(DomainName, IsWithinItselfAndItsAncestorsOnly) {
    CHECK_TRUE(name("a.tracker.com").is_within(name("tracker.com")));
    CHECK_TRUE(name("tracker.com").is_within(name("tracker.com")));
    CHECK_FALSE(name("nottracker.com").is_within(name("tracker.com")));
    CHECK_FALSE(name("tracker.com").is_within(name("a.tracker.com")));
}
