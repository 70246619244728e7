#include "core/store/failure.h"

#include <cerrno>
#include <string>

#include <CppUTest/TestHarness.h>

using sporvakt::Errc;
using sporvakt::store::failure;

TEST_GROUP(StoreFailure){};

TEST(StoreFailure, NamesTheFileWhatFailedAndWhatToDo) {
    const auto error = failure("/data/ledger.mdb", "commit", ENOSPC).value();

    CHECK(error.code == Errc::Storage);
    CHECK(error.message.find("/data/ledger.mdb: cannot commit") == 0);
    CHECK(error.message.find("free some space") != std::string::npos);
}

TEST(StoreFailure, TellsAMissingFileFromABrokenOne) {
    CHECK(failure("x", "open", ENOENT).value().code == Errc::NotFound);
    CHECK(failure("x", "open", EIO).value().code == Errc::Storage);
}

TEST(StoreFailure, PointsAtTheOwnerWhenThePermissionIsMissing) {
    const std::string message = failure("x", "open", EACCES).value().message;

    CHECK(message.find("owns") != std::string::npos);
}
