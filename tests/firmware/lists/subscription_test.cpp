#include "firmware/lists/subscription.h"

#include "tests/support/temporary_folder.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::firmware;

TEST_GROUP(Subscription) {
    ListRegistry registry = *ListRegistry::parse(
        "adaway\tAdAway\thttps://lists.example/hosts.txt\thosts\tCC BY 3.0\t-\tadvertising\tany\t"
        "https://lists.example/\n",
        "lists.tsv");

    [[nodiscard]] sporvakt::Result<std::vector<Subscription>> subscriptions(
        const std::vector<std::string>& entries) const {
        return subscriptions_of(entries, registry, Reach::Https);
    }
};

TEST(Subscription, IsAnIdOfTheRegistryOrAUrl) {
    const auto all = subscriptions({"https://own.example/a.txt", "adaway"});
    CHECK(all.has_value());
    STRCMP_EQUAL("https://own.example/a.txt", all->at(0).url.c_str());
    STRCMP_EQUAL("adaway", all->at(1).id.c_str());
    STRCMP_EQUAL("https://lists.example/hosts.txt", all->at(1).url.c_str());
}

TEST(Subscription, IdsOfUrlsDifferAndStay) {
    const auto all = subscriptions({"https://own.example/a.txt", "https://own.example/b.txt"});
    STRCMP_EQUAL("own.example-c7bd2918", all->at(0).id.c_str());
    CHECK(all->at(0).id != all->at(1).id);
}

TEST(Subscription, AnIdIsAHarmlessNameOfAFile) {
    const auto all = subscriptions({"https://../../etc/passwd", "https://[::1]:80/a/b.mdb",
                                    "https://" + std::string(300, 'a') + "/"});
    CHECK(all.has_value());
    for (const Subscription& one : *all) {
        CHECK(one.id.find('/') == std::string::npos);
        CHECK(one.id.front() != '.');
        CHECK(one.id.size() < 80);
        CHECK_FALSE(one.id.ends_with(".mdb"));
    }
}

TEST(Subscription, RefusesWhatIsNeither) {
    const auto unknown = subscriptions({"adawy"});
    CHECK_FALSE(unknown.has_value());
    STRCMP_CONTAINS("no list 'adawy' is known", unknown.error().message.c_str());
    const auto plain = subscriptions({"http://127.0.0.1/hosts.txt"});
    CHECK_FALSE(plain.has_value());
    STRCMP_CONTAINS("https://", plain.error().message.c_str());
}

TEST(Subscription, OnlyWhatHasBeenFetchedIsAFile) {
    const sporvakt::test::TemporaryFolder folder;
    const std::vector<Subscription> all{{"b", ""}, {"missing", ""}, {"a", ""}};
    std::filesystem::create_directory(folder.file("lists"));
    std::ofstream(folder.file("lists/a")) << "a.example\n";
    std::ofstream(folder.file("lists/b")) << "b.example\n";

    CHECK((subscribed_files(all, folder.path()) ==
           std::vector{folder.file("lists/b"), folder.file("lists/a")}));
}
