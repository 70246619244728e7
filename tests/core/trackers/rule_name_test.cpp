#include "core/trackers/rule_name.h"

#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::trackers::catalogue_name;
using sporvakt::trackers::has_known_ending;
using sporvakt::trackers::is_own_machine;
using sporvakt::trackers::NameFault;
using sporvakt::trackers::rule_name;
using sporvakt::trackers::to_a_labels;

namespace {

bool is_fault(const std::string& written, NameFault fault) {
    const auto name = rule_name(written);
    return !name && name.error() == fault;
}

}  // namespace

TEST_GROUP(RuleNames){};

TEST(RuleNames, AreInOneForm) {
    CHECK(*rule_name("ADS.Example.COM.") == "ads.example.com");
    CHECK(*rule_name("bücher.de") == "xn--bcher-kva.de");
    CHECK(*rule_name("BÜCHER.de") == "xn--bcher-kva.de");
    CHECK(*rule_name("straße.de") == "xn--strae-oqa.de");
    CHECK(*rule_name("_dmarc.example.com") == "_dmarc.example.com");
}

TEST(RuleNames, ThatAreNoHostNamesAreRefused) {
    for (const char* written :
         {"", ".", "a..example.com", ".example.com", "exam ple.com", "example.com/x", "a:b",
          "*.example.com", "\xff\xfe.com", "exa\tmple.com", "a,b.com"}) {
        CHECK(is_fault(written, NameFault::NotAName));
    }
    CHECK(is_fault(std::string(64, 'a') + ".com", NameFault::NotAName));
    CHECK(is_fault(std::string(2000, 'a'), NameFault::NotAName));
    std::string long_name = "com";
    while (long_name.size() <= 253) {
        long_name = "abcdefgh." + long_name;
    }
    CHECK(is_fault(long_name, NameFault::NotAName));
}

TEST(RuleNames, ThatAreAddressesAreRefused) {
    CHECK(is_fault("192.0.2.1", NameFault::Address));
    CHECK(is_fault("1.2.3", NameFault::Address));
    CHECK(is_fault("2001:db8::1", NameFault::Address));
    CHECK(is_fault("１９２.0.2.１", NameFault::Address));
}

TEST(RuleNames, ThatArePublicSuffixesAreRefused) {
    for (const char* written : {"com", "co.uk", "github.io", "Blogspot.com", "unknown-tld"}) {
        CHECK(is_fault(written, NameFault::TooBroad));
        CHECK(catalogue_name(written).has_value());
    }
    CHECK(rule_name("example.co.uk").has_value());
}

TEST(RuleNames, TheMachineItselfHasManyNames) {
    CHECK(is_own_machine("localhost"));
    CHECK(is_own_machine("ip6-allrouters"));
    CHECK(!is_own_machine("localhost.example.com"));
}

TEST(RuleNames, KnowsEndingsThatExist) {
    CHECK(has_known_ending("example.com"));
    CHECK(has_known_ending("example.no"));
    CHECK(!has_known_ending("ads.js"));
}

TEST(RuleNames, WhatIsAsciiStaysAsItIs) {
    CHECK(to_a_labels("Example.COM") == "Example.COM");
    CHECK(to_a_labels("\xff").empty());
    CHECK(to_a_labels(std::string("b\xc3\xbc\0x.de", 8)).empty());
}
