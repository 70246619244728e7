#include "core/policy/household_codec.h"

#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::policy;

namespace {

Group full_group() {
    Group group{{}, "The children"};
    group.purposes = {{trackers::Purpose::Social, HouseholdRule::Block}};
    group.companies = {{"meta", HouseholdRule::Allow, CompanyReach::Everything}};
    group.schedules = {{"homework", {{0x1f, 960, 1080}}, false, {trackers::Purpose::Video}, {"x"}}};
    group.members = {{Membership::By::Name, "barn-*"}};
    group.allow_only = true;
    group.lists = {{"adaway", "built-in"}};
    group.answers = {AnswerWishes::Blocked::Refused, AnswerWishes::Wish::Yes,
                     AnswerWishes::Wish::No};
    return group;
}

std::vector<std::uint8_t> bytes_of(const Group& group) {
    ByteWriter out;
    write_group(out, group);
    return out.result();
}

}  // namespace

TEST_GROUP(HouseholdCodec){};

TEST(HouseholdCodec, AGroupStaysTheSameInBytes) {
    const auto bytes = bytes_of(full_group());
    ByteReader in(bytes);
    CHECK(*read_group(in) == full_group());
    CHECK_TRUE(in.at_end());
}

TEST(HouseholdCodec, NoListsAreSomethingElseThanAll) {
    for (const auto& lists :
         {std::optional<std::vector<std::string>>(), {std::vector<std::string>()}}) {
        Group group = full_group();
        group.lists = lists;
        const auto bytes = bytes_of(group);
        ByteReader in(bytes);
        CHECK(read_group(in)->lists == lists);
    }
}

TEST(HouseholdCodec, AGroupFromBeforeThereWereListsHasThemAll) {
    Group group = full_group();
    group.lists.reset();
    group.answers = {};
    auto bytes = bytes_of(group);
    bytes.resize(bytes.size() - 6);  // whether there are lists, and how many; how it is answered
    bytes.front() = 1;
    ByteReader in(bytes);
    CHECK(*read_group(in) == group);
    CHECK_TRUE(in.at_end());
}

TEST(HouseholdCodec, AGroupThatIsCutShortIsNone) {
    const auto whole = bytes_of(full_group());
    for (std::size_t length = 0; length < whole.size(); ++length) {
        ByteReader in(Bytes(whole).first(length));
        CHECK_FALSE(read_group(in).has_value());
    }
}

// Whatever byte is another one: it is refused, or read as something else, and never runs away.
TEST(HouseholdCodec, AGroupWithAWrongByteIsReadInsideItsBounds) {
    const auto whole = bytes_of(full_group());
    std::size_t refused = 0;
    for (std::size_t place = 0; place < whole.size(); ++place) {
        auto other = whole;
        other[place] = 0xff;
        ByteReader in(other);
        refused += read_group(in).has_value() ? 0U : 1U;
    }
    CHECK_TRUE(refused > whole.size() / 3);
}

TEST(HouseholdCodec, ARulingStaysTheSameInBytes) {
    for (const OwnRule& rule :
         {OwnRule{"a", HouseholdRule::Allow, RuleForm::Exact, Timestamp(std::chrono::hours(9))},
          OwnRule{"a", HouseholdRule::Block, RuleForm::Exact}}) {
        ByteWriter out;
        write_ruling(out, rule);
        OwnRule read{"a", {}, RuleForm::Exact};
        ByteReader in(out.result());
        CHECK_TRUE(read_ruling(in, read).has_value());
        CHECK(read == rule);
    }
}

TEST(HouseholdCodec, ATimeThatIsNoneIsRefused) {
    ByteWriter out;
    out.u64(0xffffffffffffffff);
    ByteReader in(out.result());
    CHECK_FALSE(read_until(in).has_value());
}

TEST(HouseholdCodec, GroupIdsAreShortAndPlain) {
    CHECK_TRUE(is_group_id("school-class-7b"));
    for (const char* wrong : {"", "Children", "a b", "a/b", "barn\xc3\xa5"}) {
        CHECK_FALSE(is_group_id(wrong));
    }
    CHECK_FALSE(is_group_id(std::string(kGroupIdBytesMax + 1, 'a')));
}
