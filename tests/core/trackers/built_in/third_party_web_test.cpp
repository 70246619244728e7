#include "core/trackers/built_in/third_party_web.h"

#include "tests/support/temporary_folder.h"

#include <fstream>
#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::test::TemporaryFolder;
using sporvakt::trackers::read_third_parties;

TEST_GROUP(ThirdParties) {
    TemporaryFolder folder;

    std::string file(const std::string& content) const {
        std::ofstream(folder.file("entities.json")) << content;
        return folder.file("entities.json");
    }
};

TEST(ThirdParties, AreReadWithWhatTheyHave) {
    const auto parties = read_third_parties(file(
        R"([{"name":"X Ads","company":"X","category":"ad","domains":["*.x.example","y.example"]},
            {"name":"Z","category":"cdn","domains":[]}])"));
    LONGS_EQUAL(2, parties->size());
    CHECK(parties->front().company == "X");
    CHECK(parties->front().homepage.empty());
    CHECK(parties->front().domains.back() == "y.example");
}

TEST(ThirdParties, OtherJsonIsRefusedWithoutAThrow) {
    for (const char* content : {"", "{", "[1]", "[{}]", "[{\"name\":1}]"}) {
        CHECK(!read_third_parties(file(content)));
    }
    CHECK(!read_third_parties(folder.file("absent.json")));
}
