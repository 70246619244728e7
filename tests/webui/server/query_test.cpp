#include "webui/server/query.h"

#include <array>
#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::ParseError;
using sporvakt::webui::percent_decode;
using sporvakt::webui::PlusSign;
using sporvakt::webui::Query;

TEST_GROUP(Query){};

TEST(Query, ReadsNamesAndValues) {
    const auto query = Query::from_text("device=3c%3A22&q=a+b%2B&empty=&flag");

    CHECK(query.has_value());
    CHECK(query->find("device") == "3c:22");
    CHECK(query->find("q") == "a b+");
    CHECK(query->find("empty") == "");
    CHECK(query->find("flag") == "");
    CHECK_FALSE(query->find("missing").has_value());
}

TEST(Query, OfNothingIsEmpty) {
    CHECK(Query::from_text("")->empty());
    CHECK(Query::from_text("&&")->empty());
    CHECK_FALSE(Query::from_text("=")->empty());
}

TEST(Query, NamesWhatIsNotKnownOrComesTwice) {
    constexpr std::array<std::string_view, 2> kKnown{"from", "to"};

    CHECK_FALSE(Query::from_text("from=1&to=2")->first_unexpected(kKnown).has_value());
    CHECK(Query::from_text("from=1&compnay=x")->first_unexpected(kKnown) == "compnay");
    CHECK(Query::from_text("to=1&from=2&to=3")->first_unexpected(kKnown) == "to");
    CHECK(Query::from_text("From=1")->first_unexpected(kKnown) == "From");
}

TEST(Query, RefusesMoreThanItsLimits) {
    std::string most_pairs;
    for (std::size_t i = 0; i < Query::kPairCountMax; ++i) {
        most_pairs += "a=1&";
    }

    CHECK(Query::from_text(std::string(Query::kLengthMax, 'a')).has_value());
    CHECK(Query::from_text(std::string(Query::kLengthMax + 1, 'a')).error() ==
          ParseError::LimitExceeded);
    CHECK(Query::from_text(most_pairs).has_value());
    CHECK(Query::from_text(most_pairs + "b=2").error() == ParseError::LimitExceeded);
}

TEST(Query, RefusesBrokenEscapes) {
    for (const auto* text : {"a=%", "a=%4", "a=%4g", "a=%g4", "%zz=1", "a=%00", "a=%0a", "a=%7f"}) {
        CHECK_FALSE_TEXT(Query::from_text(text).has_value(), text);
    }
}

TEST(Query, RefusesBytesThatAreNotUtf8) {
    CHECK(Query::from_text("a=%C3%A5").has_value());
    CHECK_FALSE(Query::from_text("a=%C3").has_value());
    CHECK_FALSE(Query::from_text("a=%ff").has_value());
}

TEST(Query, KeepsThePlusOfAPath) {
    CHECK(percent_decode("a+b", PlusSign::Literal).value_or("") == "a+b");
    CHECK(percent_decode("a+b", PlusSign::Space).value_or("") == "a b");
}
