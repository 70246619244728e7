#include "core/ledger/ledger_file.h"

#include "core/base/byte_writer.h"
#include "tests/support/sighting_builder.h"
#include "tests/support/temporary_folder.h"

#include <CppUTest/TestHarness.h>

using namespace sporvakt;
using namespace sporvakt::ledger;

TEST_GROUP(LedgerFile) {
    test::TemporaryFolder folder;
    std::string path = folder.file("ledger.mdb");

    std::shared_ptr<store::Environment> open() {
        auto opened = open_ledger_file(path, store::Access::ReadWrite);
        CHECK_TRUE(opened.has_value());
        return std::move(*opened);
    }
};

TEST(LedgerFile, IsMadeByTheWriterOnly) {
    CHECK(open_ledger_file(path, store::Access::ReadOnly).error().code == Errc::NotFound);
    open();
    CHECK_TRUE(open_ledger_file(path, store::Access::ReadOnly).has_value());
}

TEST(LedgerFile, OfANewerVersionIsLeftAlone) {
    {
        const auto environment = open();
        CHECK_TRUE(environment
                       ->update([&](store::WriteTransaction& transaction) {
                           return transaction.put(environment->table(kMetaTable),
                                                  as_bytes("format"), ByteWriter().u64(3).result());
                       })
                       .has_value());
    }

    const auto opened = open_ledger_file(path, store::Access::ReadWrite);
    CHECK(opened.error().message.find("newer version") != std::string::npos);
}

TEST(LedgerFile, BeginsAtRevNothing) {
    const auto environment = open();

    LONGS_EQUAL(0, *committed_rev(*environment, *environment->begin_read()));
}

TEST(LedgerFile, KeepsTheSendersItWasLastGivenAndNoOthers) {
    const auto environment = open();
    const std::vector<StoredSender> first{{1, 10, test::minute(0)}, {UINT64_MAX, 3, {}}};
    const std::vector<StoredSender> second{{2, 4, test::minute(5)}};
    for (const auto& senders : {first, second}) {
        auto transaction = environment->begin_write();
        CHECK_TRUE(set_stored_senders(*environment, *transaction, senders).has_value());
        CHECK(*stored_senders(*environment, *transaction) == senders);
        CHECK_TRUE(transaction->commit().has_value());
    }
}

TEST(LedgerFile, SaysThatAnEntryIsDamaged) {
    const auto environment = open();
    auto transaction = environment->begin_write();
    CHECK_TRUE(transaction->put(environment->table(kMetaTable), as_bytes("sender x"), as_bytes("y"))
                   .has_value());
    CHECK_TRUE(transaction->put(environment->table(kMetaTable), as_bytes("rev"), as_bytes("short"))
                   .has_value());

    CHECK(stored_senders(*environment, *transaction).error().code == Errc::Storage);
    CHECK(committed_rev(*environment, *transaction).error().code == Errc::Storage);
}
