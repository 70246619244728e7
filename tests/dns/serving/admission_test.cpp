#include "dns/serving/admission.h"

#include "tests/support/hand_clock.h"

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::dns;
using sporvakt::IpAddress;
using sporvakt::IpPrefix;
using sporvakt::test::HandClock;
using Verdict = Admission::Verdict;

TEST_GROUP(Admission) {
    HandClock clock;

    static AdmissionSettings limited(unsigned per_second) {
        AdmissionSettings settings;
        settings.rate_limit = per_second;
        return settings;
    }
    Verdict admit(Admission & admission, std::string_view client) const {
        return admission.admit(*IpAddress::from_text(client), clock.moment());
    }
    unsigned admitted_of(Admission & admission, std::string_view client, unsigned asked) const {
        unsigned admitted = 0;
        for (; asked > 0; --asked) {
            admitted += admit(admission, client) == Verdict::Admitted ? 1U : 0U;
        }
        return admitted;
    }
};

TEST(Admission, IsForTheHouseByDefault) {
    Admission admission{AdmissionSettings{}};
    for (const std::string_view inside : std::array<std::string_view, 14>{
             "127.0.0.1", "::1", "10.9.8.7", "172.16.0.1", "172.31.255.255", "192.168.178.20",
             "169.254.1.1", "100.64.0.1", "100.127.255.254", "fd12:3456::1", "fc00::1", "fe80::1",
             "::ffff:192.168.1.1", "10.0.0.0"}) {
        CHECK_TRUE_TEXT(admit(admission, inside) == Verdict::Admitted, std::string(inside).c_str());
    }
    for (const std::string_view outside : std::array<std::string_view, 11>{
             "192.0.2.1", "8.8.8.8", "172.32.0.1", "172.15.255.255", "192.169.0.1", "100.128.0.1",
             "100.63.255.255", "11.0.0.1", "2001:db8::1", "fec0::1", "::2"}) {
        CHECK_TRUE_TEXT(admit(admission, outside) == Verdict::Outside,
                        std::string(outside).c_str());
    }
}

TEST(Admission, IsForTheConfiguredNetworksAlone) {
    AdmissionSettings settings;
    settings.allow_from = {*IpPrefix::from_text("203.0.113.0/24")};
    Admission admission(std::move(settings));

    CHECK(admit(admission, "203.0.113.9") == Verdict::Admitted);
    CHECK(admit(admission, "192.168.1.9") == Verdict::Outside);
}

TEST(Admission, RefusesFewFromOutsideAndNothingToTheRest) {
    Admission admission{AdmissionSettings{}};
    unsigned refused = 0;
    for (int second = 0; second < 10; ++second) {
        for (int asked = 0; asked < 1000; ++asked) {
            refused += admission.may_refuse_outside(clock.moment()) ? 1U : 0U;
        }
        clock.turn(std::chrono::seconds(1));
    }

    LONGS_EQUAL(10 * Admission::kRefusalsPerSecond, refused);
}

TEST(Admission, LimitsEachClient) {
    Admission admission(limited(5));

    LONGS_EQUAL(20, admitted_of(admission, "192.168.1.9", 100));
    CHECK(admit(admission, "192.168.1.9") == Verdict::OverLimit);
    CHECK(admit(admission, "192.168.1.10") == Verdict::Admitted);
}

TEST(Admission, IsGenerousByDefault) {
    Admission admission{AdmissionSettings{}};

    LONGS_EQUAL(2000, admitted_of(admission, "192.168.1.9", 5000));
}

TEST(Admission, ExemptsThisMachineByDefaultAndWhomTheOwnerNames) {
    Admission by_default(limited(1));
    LONGS_EQUAL(1000, admitted_of(by_default, "127.0.0.1", 1000));

    AdmissionSettings settings = limited(1);
    settings.rate_limit_exempt = {*IpPrefix::from_text("192.168.1.0/24")};
    Admission admission(std::move(settings));
    LONGS_EQUAL(1000, admitted_of(admission, "192.168.1.9", 1000));
    LONGS_EQUAL(4, admitted_of(admission, "127.0.0.1", 1000));
}

TEST(Admission, LimitsNobodyWhenToldSo) {
    AdmissionSettings settings;
    settings.rate_limit = std::nullopt;
    Admission admission(std::move(settings));

    LONGS_EQUAL(100000, admitted_of(admission, "192.168.1.9", 100000));
}

TEST(Admission, LetsWhoHasProvenItsAddressAskMoreButNotForever) {
    Admission admission(limited(5));
    const IpAddress client = *IpAddress::from_text("192.168.1.9");
    admitted_of(admission, "192.168.1.9", 100);
    unsigned admitted = 0;
    for (int asked = 0; asked < 1000; ++asked) {
        admitted += admission.admit_proven(client, clock.moment()) ? 1U : 0U;
    }

    LONGS_EQUAL(20 * Admission::kProvenFactor, admitted);
}

TEST(Admission, AnswersAFractionOfWhatIsOverTheLimit) {
    Admission truncating{AdmissionSettings{}};
    AdmissionSettings settings;
    settings.over_limit = OverLimitAnswer::Refuse;
    Admission refusing(std::move(settings));
    unsigned truncated = 0;
    unsigned refused = 0;
    for (int asked = 0; asked < 100; ++asked) {
        truncated += truncating.may_answer_over_limit() ? 1U : 0U;
        refused += refusing.may_answer_over_limit() ? 1U : 0U;
    }

    LONGS_EQUAL(100 / Admission::kOverLimitPerAnswer, truncated);
    LONGS_EQUAL(100, refused);
}
