#include "webui/server/password.h"

#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::webui::hash_password;
using sporvakt::webui::is_password;
using sporvakt::webui::PasswordCost;

TEST_GROUP(Password){};

TEST(Password, IsKnownByItsHash) {
    const auto hash = hash_password("korrekt hest", PasswordCost::Least);

    CHECK(hash.has_value());
    CHECK(is_password("korrekt hest", *hash));
    CHECK_FALSE(is_password("Korrekt hest", *hash));
    CHECK_FALSE(is_password("korrekt hest ", *hash));
    CHECK_FALSE(is_password("", *hash));
}

TEST(Password, IsSaltedEachTime) {
    CHECK(*hash_password("korrekt hest", PasswordCost::Least) !=
          *hash_password("korrekt hest", PasswordCost::Least));
}

TEST(Password, CostsWhatTheHouseholdCanPay) {
    const auto hash = hash_password("korrekt hest");

    CHECK(hash.has_value());
    STRCMP_CONTAINS("$argon2id$v=19$m=32768,t=3,p=1$", hash->c_str());
    CHECK(is_password("korrekt hest", *hash));
}

TEST(Password, IsNeverRightForADamagedHash) {
    const auto hash = *hash_password("korrekt hest", PasswordCost::Least);

    CHECK_FALSE(is_password("korrekt hest", ""));
    CHECK_FALSE(is_password("korrekt hest", "korrekt hest"));
    CHECK_FALSE(is_password("korrekt hest", hash.substr(0, hash.size() - 1)));
}

TEST(Password, MayHoldAnyBytes) {
    const std::string password("a\0b", 3);
    const auto hash = *hash_password(password, PasswordCost::Least);

    CHECK(is_password(password, hash));
    CHECK_FALSE(is_password("a", hash));
}
