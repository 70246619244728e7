#include "dns/upstream/validation_failure.h"

#include <array>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;

// The sentences are libunbound 1.17.1's own; dnssec_test.cpp has it say them.
TEST_GROUP(ValidationFailure){};

TEST(ValidationFailure, HasTheMostExactCode) {
    struct Case {
        const char* why;
        unsigned code;
    };
    constexpr std::array kCases{
        Case{"signature expired from 192.0.2.1", 7},
        Case{"signature before inception date from 192.0.2.1", 8},
        Case{"no DNSKEY rrset from 192.0.2.1 for DS example. while building chain of trust", 9},
        Case{"no keys have a DS with algorithm ECDSAP256SHA256", 9},
        Case{"no signatures from 192.0.2.1", 10},
        Case{"no signatures over NSECs", 10},
        Case{"no DNSSEC records from 192.0.2.1 for DS example.", 10},
        Case{"nodata proof failed", 12},
        Case{"no NSEC3 records from 192.0.2.1", 12},
        Case{"no DS but also no proof of that", 12},
        Case{"ECDSA signature verification failed from 192.0.2.1", 6},
        Case{"", 6},
    };
    for (const Case& one : kCases) {
        const std::string whole = "validation failure <shop.example. A IN>: ";
        LONGS_EQUAL(one.code, explain_validation(whole + one.why).code);
        LONGS_EQUAL(one.code, explain_validation(one.why).code);
    }
}

TEST(ValidationFailure, TakesNoNameForAReason) {
    const auto failure = explain_validation(
        "validation failure <signature expired trust anchor. A IN>: crypto failed");

    LONGS_EQUAL(6, failure.code);
    CHECK(failure.hint == ValidationHint::None);
}

TEST(ValidationFailure, HintsAtAForwarderThatStripsDnssec) {
    for (const char* why : {"no DNSKEY rrset from 192.0.2.1 for trust anchor . while building "
                            "chain of trust",
                            "no signatures from 192.0.2.1 for trust anchor ."}) {
        CHECK(explain_validation(why).hint == ValidationHint::StripsDnssec);
    }
    STRCMP_CONTAINS("dnssec = false", advice(ValidationHint::StripsDnssec).data());
}

TEST(ValidationFailure, HintsAtTheClock) {
    const auto failure = explain_validation("signature expired from 192.0.2.1 for trust anchor .");

    CHECK(failure.hint == ValidationHint::WrongClock);
    STRCMP_CONTAINS("clock", advice(ValidationHint::WrongClock).data());
}

TEST(ValidationFailure, HasNoAdviceForAZoneThatIsBroken) {
    const auto failure = explain_validation("validation failure <a. A IN>: signature expired");

    CHECK_TRUE(advice(failure.hint).empty());
}
