#include "core/trackers/purpose.h"

#include <cstddef>

#include <CppUTest/TestHarness.h>

using sporvakt::trackers::all_purposes;
using sporvakt::trackers::DefaultTreatment;
using sporvakt::trackers::is_tracking;
using sporvakt::trackers::Purpose;
using sporvakt::trackers::purpose_from_id;
using sporvakt::trackers::purpose_info;
using sporvakt::trackers::PurposeInfo;

TEST_GROUP(Purposes){};

TEST(Purposes, NumbersAreTheirPlacesBecauseTheyAreStored) {
    CHECK_EQUAL(28U, all_purposes().size());
    LONGS_EQUAL(3, static_cast<long>(Purpose::SessionReplay));
    CHECK(purpose_info(Purpose::SessionReplay).id == "session-replay");
    CHECK(purpose_info(Purpose::Other).id == "other");
    CHECK(purpose_info(Purpose::WayAround).id == "way-around");
}

TEST(Purposes, EveryIdLeadsBackToItsPurpose) {
    for (const PurposeInfo& info : all_purposes()) {
        const auto found = purpose_from_id(info.id);
        CHECK(found.has_value());
        CHECK(*found == info.purpose);
    }
}

TEST(Purposes, EveryPurposeHasItsOwnLabelsInBothLanguages) {
    std::size_t english = 0;
    for (const PurposeInfo& info : all_purposes()) {
        CHECK(!info.label_english.empty());
        CHECK(!info.label_norwegian.empty());
        for (const PurposeInfo& other : all_purposes()) {
            english += info.label_english == other.label_english ? 1U : 0U;
        }
        CHECK(info.severity <= 4);
    }
    CHECK_EQUAL(all_purposes().size(), english);
}

TEST(Purposes, AnIdThatIsNotOursIsAbsent) {
    CHECK(!purpose_from_id("").has_value());
    CHECK(!purpose_from_id("Advertising").has_value());
    CHECK(!purpose_from_id("session-replay ").has_value());
}

TEST(Purposes, OrdinaryWebsitesAndServicesAreNoTrackers) {
    CHECK(!is_tracking(Purpose::Unknown));
    CHECK(!is_tracking(Purpose::Cdn));
    CHECK(!is_tracking(Purpose::FirstPartyService));
    CHECK(!is_tracking(Purpose::Consent));
    CHECK(!is_tracking(Purpose::WayAround));
}

TEST(Purposes, WhatIsReportedIsTrackingEvenWhenItIsLetThrough) {
    CHECK(is_tracking(Purpose::Advertising));
    CHECK(is_tracking(Purpose::Social));
    CHECK(purpose_info(Purpose::Social).treatment == DefaultTreatment::Report);
}
