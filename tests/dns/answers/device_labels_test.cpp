#include "dns/answers/device_labels.h"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

using sporvakt::dns::device_labels;

using Labels = std::vector<std::string>;

TEST_GROUP(DeviceLabels){};

TEST(DeviceLabels, MakesOneLabelOfWords) {
    CHECK(device_labels("Kari sin telefon") == Labels{"kari-sin-telefon"});
    CHECK(device_labels("  TV (2. etasje)  ") == Labels{"tv-2-etasje"});
    CHECK(device_labels("android_4f:2a") == Labels{"android-4f-2a"});
    CHECK(device_labels("-a--b-") == Labels{"a-b"});
}

TEST(DeviceLabels, TakesApostrophesOutOfWords) {
    CHECK(device_labels("Kari's iPhone") == Labels{"karis-iphone"});
    CHECK(device_labels("Kari’s iPhone") == Labels{"karis-iphone"});
}

TEST(DeviceLabels, WritesLettersOfTheNeighbourhoodInAsciiAndAsALabel) {
    CHECK(device_labels("Bjørns TV") == (Labels{"bjorns-tv", "xn--bjrns-tv-64a"}));
    CHECK(device_labels("bærbar på gården").at(0) == "baerbar-pa-garden");
    CHECK(device_labels("Šárá bláđđi").at(0) == "sara-bladdi");
}

TEST(DeviceLabels, DoesNotCallADeviceByTheRestOfItsLetters) {
    const Labels labels = device_labels("Кухня 2");

    LONGS_EQUAL(1, labels.size());
    STRCMP_CONTAINS("xn--", labels[0].c_str());
}

TEST(DeviceLabels, FallsBackToWhatIsLeftWhereIdnaRefuses) {
    CHECK(device_labels("Kari 📱") == Labels{"kari"});
    CHECK(device_labels("tv\xff\xfe") == Labels{"tv"});
}

TEST(DeviceLabels, HasNoneForWhatHasNoLetters) {
    for (const char* name : {"", " ", "...", "-", "'", "📱", "\xff"}) {
        CHECK_TRUE(device_labels(name).empty());
    }
}

TEST(DeviceLabels, CutsAtTheLengthOfALabel) {
    const Labels labels = device_labels(std::string(62, 'a') + " " + std::string(40, 'b'));

    STRCMP_EQUAL(std::string(62, 'a').c_str(), labels.at(0).c_str());
}

TEST(DeviceLabels, AreLabelsWhateverTheBytes) {
    std::string name;
    for (int byte = 0; byte < 256; ++byte) {
        name += static_cast<char>(byte);
        for (const std::string& label : device_labels(name + "a" + static_cast<char>(255 - byte))) {
            CHECK_TRUE(!label.empty() && label.size() <= 63);
            CHECK_TRUE(label.front() != '-' && label.back() != '-');
            CHECK_TRUE(label.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
                       std::string::npos);
        }
    }
}
