#include "firmware/shared_block.h"

#include <sys/wait.h>
#include <unistd.h>

#include <CppUTest/TestHarness.h>

using sporvakt::firmware::Role;
using sporvakt::firmware::role_name;
using sporvakt::firmware::SharedBlock;

TEST_GROUP(SharedBlock){};

TEST(SharedBlock, ShowsWhatAnotherProcessCounted) {
    const auto block = SharedBlock::create();
    CHECK(block.has_value());

    const pid_t child = ::fork();
    if (child == 0) {
        block->state().household += 2;
        block->state().of(Role::Sniffer).dropped = 5;
        ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);

    CHECK(block->state().household == 3);
    CHECK(block->state().of(Role::Sniffer).dropped == 5);
    CHECK(block->state().of(Role::Resolver).dropped == 0);
}

TEST(SharedBlock, NamesEveryRole) {
    CHECK(role_name(Role::Keeper) == "keeper");
    CHECK(role_name(Role::Resolver) == "resolver");
    CHECK(role_name(Role::Sniffer) == "sniffer");
    CHECK(role_name(Role::Gate) == "gate");
    CHECK(role_name(Role::Web) == "web");
}
