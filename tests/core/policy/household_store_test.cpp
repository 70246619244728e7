#include "core/policy/household_store.h"

#include "core/policy/household_codec.h"
#include "tests/support/store_builder.h"
#include "tests/support/warm_expressions.h"

#include <string>
#include <vector>

#include <fmt/format.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::policy;

namespace {

/// One that has something of everything.
Group full_group() {
    Group group{"children", "The children"};
    group.rules = {{"games.example", HouseholdRule::Allow},
                   {"ads*.example", HouseholdRule::Block, RuleForm::Wildcard}};
    group.purposes = {{trackers::Purpose::Social, HouseholdRule::Block},
                      {trackers::Purpose::Analytics, HouseholdRule::Allow}};
    group.companies = {{"meta", HouseholdRule::Block, CompanyReach::Everything}};
    group.schedules = {{"bedtime", {{0x7f, 21 * 60, 7 * 60}}, true},
                       {"homework", {{0x1f, 960, 1080}}, false, {trackers::Purpose::Video}, {"x"}}};
    group.members = {{Membership::By::Network, "192.168.40.0/24"},
                     {Membership::By::Name, "barn-*"}};
    group.allow_only = true;
    return group;
}

}  // namespace

TEST_GROUP(HouseholdStore) {
    test::TemporaryFolder folder;
    std::unique_ptr<store::Environment> environment =
        test::open_store(folder.file("household.mdb"), HouseholdStore::tables());
    HouseholdStore household{*environment};

    Result<void> change(const HouseholdChange& wanted) {
        return environment->update([&](store::WriteTransaction& transaction) {
            return household.change(transaction, wanted);
        });
    }
    Result<void> set(const char* name, HouseholdRule rule) {
        return change(SetRule{{}, {name, rule}});
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

TEST(HouseholdStore, KeepsRulesOfEveryForm) {
    const std::vector<OwnRule> kept{
        {"shop.example", HouseholdRule::Allow},
        {"tracker.example", HouseholdRule::Block},
        {"a.example", HouseholdRule::Allow, RuleForm::Exact, Timestamp(std::chrono::hours(9))},
        {"ads*.example", HouseholdRule::Block, RuleForm::Wildcard},
        {"^metrics?\\.", HouseholdRule::Block, RuleForm::Expression}};
    for (const OwnRule& rule : kept) {
        CHECK_TRUE(change(SetRule{{}, rule}).has_value());
    }
    CHECK(rules()->rules == kept);
}

TEST(HouseholdStore, ReplacesAndTakesBackARule) {
    CHECK_TRUE(set("a.example", HouseholdRule::Block).has_value());
    CHECK_TRUE(set("a.example", HouseholdRule::Allow).has_value());
    CHECK(rules()->rules == std::vector<OwnRule>({{"a.example", HouseholdRule::Allow}}));

    const RemoveRule remove{{}, RuleForm::WithSubdomains, "a.example"};
    CHECK_TRUE(change(remove).has_value());
    CHECK_TRUE(change(remove).has_value());
    CHECK_TRUE(rules()->rules.empty());
}

TEST(HouseholdStore, KeepsGroupsWithTheirRules) {
    Group group = full_group();
    CHECK_TRUE(change(SetGroup{group}).has_value());
    for (const OwnRule& rule : group.rules) {
        CHECK_TRUE(change(SetRule{"children", rule}).has_value());
    }
    CHECK_TRUE(change(SetUnknownGroup{"children"}).has_value());
    CHECK_TRUE(set("a.example", HouseholdRule::Block).has_value());

    CHECK(rules()->groups == std::vector<Group>{group});
    STRCMP_EQUAL("children", rules()->unknown_group.c_str());

    group.name = "Barna";
    CHECK_TRUE(change(SetGroup{group}).has_value());
    CHECK(rules()->groups == std::vector<Group>{group});  // the rules are as they were

    CHECK_TRUE(change(RemoveGroup{"children"}).has_value());
    CHECK_TRUE(rules()->groups.empty());
    CHECK_TRUE(rules()->unknown_group.empty());
    CHECK(rules()->rules == std::vector<OwnRule>({{"a.example", HouseholdRule::Block}}));
    CHECK_TRUE(change(SetGroup{{"children", "New"}}).has_value());
    CHECK_TRUE(rules()->groups[0].rules.empty());
}

TEST(HouseholdStore, KeepsPauses) {
    const Pause everybody{Pause::Scope::Everybody, "", Timestamp(std::chrono::hours(1))};
    const Pause name{Pause::Scope::Name, "a.example", Timestamp(std::chrono::hours(2))};
    CHECK_TRUE(change(SetPause{everybody}).has_value());
    CHECK_TRUE(change(SetPause{name}).has_value());
    CHECK(rules()->pauses == std::vector<Pause>({everybody, name}));

    CHECK_TRUE(change(EndPause{Pause::Scope::Everybody, ""}).has_value());
    CHECK(rules()->pauses == std::vector<Pause>{name});
}

TEST(HouseholdStore, IsReplacedByAnother) {
    HouseholdRules other;
    other.groups = {full_group(), Group{"guests", "Guests"}};
    other.rules = {{"a.example", HouseholdRule::Block}};
    other.unknown_group = "guests";
    other.pauses = {{Pause::Scope::Group, "guests", Timestamp(std::chrono::hours(1))}};
    CHECK_TRUE(set("old.example", HouseholdRule::Block).has_value());

    const auto changes = parse_changes(encode(replacing_by(other)));
    for (const HouseholdChange& one : *changes) {
        CHECK_TRUE(change(one).has_value());
    }
    CHECK(*rules() == other);
}

TEST(HouseholdStore, RefusesWhatMakesNoSense) {
    for (const char* wrong : {"", "A.example", "a..example", "a b", "a.example."}) {
        CHECK(set(wrong, HouseholdRule::Block).error().code == Errc::InvalidInput);
    }
    const auto refused = [this](const HouseholdChange& wrong) {
        return change(wrong).error().code == Errc::InvalidInput;
    };
    CHECK(refused(SetRule{{}, {"(", HouseholdRule::Block, RuleForm::Expression}}));
    CHECK(refused(SetRule{{}, {"*", HouseholdRule::Block, RuleForm::Wildcard}}));
    CHECK(refused(SetRule{
        {},
        {std::string(kRuleTextBytesMax + 1, 'a'), HouseholdRule::Block, RuleForm::Expression}}));
    CHECK(refused(SetGroup{{"Children", "x"}}));
    CHECK(refused(SetGroup{{"children", ""}}));
    CHECK(refused(SetGroup{{"children", "\xff"}}));
    CHECK(refused(SetPause{{Pause::Scope::Everybody, "", {}}}));
    CHECK(refused(SetPause{{Pause::Scope::Device, "tv", Timestamp(std::chrono::hours(1))}}));
    CHECK(change(SetRule{"nobody", {"a.example", HouseholdRule::Block}}).error().code ==
          Errc::NotFound);
    CHECK(change(SetUnknownGroup{"nobody"}).error().code == Errc::NotFound);
    CHECK(*rules() == HouseholdRules{});
}

TEST(HouseholdStore, RefusesSchedulesAndMembershipsThatMakeNoSense) {
    const auto refused = [this](Group group) {
        group.id = "g";
        group.name = "g";
        return change(SetGroup{group}).error().code == Errc::InvalidInput;
    };
    Group group;
    group.schedules = {{"bedtime", {{0, 60, 120}}}};
    CHECK(refused(group));  // on no day
    group.schedules = {{"bedtime", {{1, 24 * 60, 120}}}};
    CHECK(refused(group));
    group.schedules = {{"bedtime", {}}};
    CHECK(refused(group));
    group.schedules.clear();
    group.members = {{Membership::By::Network, "192.168.1.7/24"}};
    CHECK(refused(group));
    group.members = {{Membership::By::Name, "**"}};
    CHECK(refused(group));
    group.members.clear();
    group.companies = {{"Meta Platforms", HouseholdRule::Block}};
    CHECK(refused(group));
}

TEST(HouseholdStore, HasAnEndToTheNumberOfRules) {
    const auto filled = environment->update([&](store::WriteTransaction& transaction) {
        Result<void> outcome;
        for (std::size_t i = 0; i < HouseholdRules::kRulesMax && outcome; ++i) {
            outcome = household.change(
                transaction,
                SetRule{{}, {"n" + std::to_string(i) + ".example", HouseholdRule::Block}});
        }
        return outcome;
    });
    CHECK_TRUE(filled.has_value());

    CHECK_FALSE(set("one-more.example", HouseholdRule::Block).has_value());
    CHECK_TRUE(set("n1.example", HouseholdRule::Allow).has_value());
}

TEST(HouseholdStore, HasAnEndToTheNumberOfExpressions) {
    const auto set_mask = [this](std::size_t number) {
        return change(SetRule{
            {}, {fmt::format("m{}*.example", number), HouseholdRule::Block, RuleForm::Wildcard}});
    };
    for (std::size_t i = 0; i < HouseholdRules::kExpressionsMax; ++i) {
        CHECK_TRUE(set_mask(i).has_value());
    }
    CHECK_FALSE(set_mask(HouseholdRules::kExpressionsMax).has_value());
    CHECK_TRUE(set_mask(0).has_value());
    CHECK_TRUE(set("a.example", HouseholdRule::Block).has_value());
}

TEST(HouseholdStore, DoesNotJudgeByHalfOfTheRules) {
    CHECK_TRUE(set("a.example", HouseholdRule::Block).has_value());
    put_raw("rules", "b.example", "\x09");  // a key without a group

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
