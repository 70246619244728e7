#include "core/policy/household_store.h"

#include "tests/support/store_builder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using policy::HouseholdRule;
using policy::HouseholdRules;
using policy::HouseholdStore;

TEST_GROUP(HouseholdStore) {
    test::TemporaryFolder folder;
    std::unique_ptr<store::Environment> environment =
        test::open_store(folder.file("household.mdb"), HouseholdStore::tables());
    HouseholdStore household{*environment};

    Result<void> set(const char* name, std::optional<HouseholdRule> rule) {
        return environment->update([&](store::WriteTransaction& transaction) {
            return household.set_rule(transaction, name, rule);
        });
    }
    Result<HouseholdRules> rules() {
        return household.rules(*environment->begin_read());
    }

    void put_raw(const char* table, const char* key, const char* value) {
        CHECK_TRUE(environment
                       ->update([&](store::WriteTransaction& transaction) {
                           return transaction.put(environment->table(table), as_bytes(key),
                                                  as_bytes(value));
                       })
                       .has_value());
    }
};

TEST(HouseholdStore, KeepsRulesAboutNames) {
    CHECK_TRUE(set("tracker.example", HouseholdRule::Block).has_value());
    CHECK_TRUE(set("shop.example", HouseholdRule::Allow).has_value());

    const auto kept = rules();
    LONGS_EQUAL(2, kept->names.size());
    CHECK(kept->names.at("tracker.example") == HouseholdRule::Block);
    CHECK(kept->names.at("shop.example") == HouseholdRule::Allow);
}

TEST(HouseholdStore, ReplacesAndTakesBackARule) {
    CHECK_TRUE(set("a.example", HouseholdRule::Block).has_value());
    CHECK_TRUE(set("a.example", HouseholdRule::Allow).has_value());
    CHECK(rules()->names.at("a.example") == HouseholdRule::Allow);

    CHECK_TRUE(set("a.example", std::nullopt).has_value());
    CHECK_TRUE(set("a.example", std::nullopt).has_value());
    CHECK_TRUE(rules()->names.empty());
}

TEST(HouseholdStore, RefusesWhatIsNoName) {
    for (const char* wrong : {"", "A.example", "a..example", "a b", "a.example."}) {
        CHECK(set(wrong, HouseholdRule::Block).error().code == Errc::InvalidInput);
    }
}

TEST(HouseholdStore, HasAnEndToTheNumberOfRules) {
    const auto filled = environment->update([&](store::WriteTransaction& transaction) {
        Result<void> outcome;
        for (std::size_t i = 0; i < HouseholdStore::kRuleCountMax && outcome; ++i) {
            outcome = household.set_rule(transaction, "n" + std::to_string(i) + ".example",
                                         HouseholdRule::Block);
        }
        return outcome;
    });
    CHECK_TRUE(filled.has_value());

    CHECK_FALSE(set("one-more.example", HouseholdRule::Block).has_value());
    CHECK_TRUE(set("n1.example", HouseholdRule::Allow).has_value());
}

TEST(HouseholdStore, DoesNotJudgeByHalfOfTheRules) {
    CHECK_TRUE(set("a.example", HouseholdRule::Block).has_value());
    put_raw("rules", "b.example", "\x09");

    CHECK(rules().error().code == Errc::Storage);
}

TEST(HouseholdStore, HasNoPasswordUntilOneIsSet) {
    CHECK_FALSE(household.password_hash(*environment->begin_read())->has_value());

    auto transaction = environment->begin_write();
    CHECK_TRUE(household.set_password_hash(*transaction, "$argon2id$one").has_value());
    CHECK_TRUE(household.set_password_hash(*transaction, "$argon2id$two").has_value());
    CHECK_TRUE(transaction->commit().has_value());
    STRCMP_EQUAL("$argon2id$two",
                 household.password_hash(*environment->begin_read())->value().c_str());
}

TEST(HouseholdStore, RefusesAnEmptyPasswordHash) {
    auto transaction = environment->begin_write();

    CHECK(household.set_password_hash(*transaction, "").error().code == Errc::InvalidInput);
}

TEST(HouseholdStore, KeepsSettingsByName) {
    auto transaction = environment->begin_write();
    CHECK_TRUE(household.set_setting(*transaction, "demonstration", "1").has_value());

    STRCMP_EQUAL("1", household.setting(*transaction, "demonstration")->value().c_str());
    CHECK_FALSE(household.setting(*transaction, "other")->has_value());
}
