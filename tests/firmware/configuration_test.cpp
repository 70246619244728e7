#include "firmware/configuration.h"

#include <array>
#include <cstdlib>
#include <fstream>
#include <string>

#include <unistd.h>

#include <CppUTest/TestHarness.h>

using sporvakt::Endpoint;
using sporvakt::Errc;
using sporvakt::firmware::parse_configuration;
using sporvakt::firmware::read_configuration;

namespace {

std::string fault_of(const std::string& text) {
    const auto configuration = parse_configuration(text, "sporvakt.toml");
    CHECK_FALSE(configuration.has_value());
    CHECK(configuration.error().code == Errc::InvalidInput);
    return configuration.error().message;
}

}  // namespace

TEST_GROUP(Configuration){};

TEST(Configuration, ReadsEveryKey) {
    const auto read = parse_configuration(R"(
[dns]
listen = ["127.0.0.1:5300", "[::1]:5300"]
upstream = ["127.0.0.1@5301", "192.0.2.1"]
[capture]
interfaces = ["br-lan", "eth0.2"]
speed = 2
[web]
listen = ["127.0.0.1:8080"]
[storage]
dir = "/tmp/house"
[lists]
files = ["a.txt", "b.mdb"]
)",
                                          "sporvakt.toml");

    CHECK(read.has_value());
    CHECK(read->dns.listen == (std::vector{*Endpoint::from_text("127.0.0.1:5300"),
                                           *Endpoint::from_text("[::1]:5300")}));
    CHECK(read->dns.upstream == (std::vector{*Endpoint::from_text("127.0.0.1@5301"),
                                             *Endpoint::from_text("192.0.2.1@53")}));
    CHECK(read->capture.interfaces == (std::vector<std::string>{"br-lan", "eth0.2"}));
    DOUBLES_EQUAL(2.0, read->capture.speed, 0.0);
    CHECK(read->web.listen == std::vector{*Endpoint::from_text("127.0.0.1:8080")});
    STRCMP_EQUAL("/tmp/house", read->storage_dir.c_str());
    CHECK(read->list_files == (std::vector<std::string>{"a.txt", "b.mdb"}));
}

TEST(Configuration, ListensOnThisMachineAloneWhenNothingIsSaid) {
    const auto read = parse_configuration("", "sporvakt.toml");

    CHECK(read.has_value());
    CHECK(read->dns.listen == std::vector{*Endpoint::from_text("127.0.0.1:53")});
    CHECK(read->dns.upstream.empty());
    CHECK(read->web.listen == std::vector{*Endpoint::from_text("127.0.0.1:8080")});
    CHECK(read->capture.interfaces.empty());
    STRCMP_EQUAL("/var/lib/sporvakt", read->storage_dir.c_str());
}

TEST(Configuration, NamesTheLineAndTheRemedyOfEveryFault) {
    struct Fault {
        const char* text;
        const char* said;
    };
    constexpr std::array kFaults{
        Fault{"[dsn]\n", "sporvakt.toml:1: unknown section 'dsn'; known are dns, capture, web"},
        Fault{"\nlisten = 1\n", "sporvakt.toml:2: unknown section 'listen'"},
        Fault{"[dns]\nlisen = []\n",
              "sporvakt.toml:2: unknown key 'lisen' in [dns]; known are "
              "listen, upstream"},
        Fault{"dns = 1\n", "sporvakt.toml:1: 'dns' must be a section; write [dns]"},
        Fault{"[dns]\nlisten = \"127.0.0.1:53\"\n", "sporvakt.toml:2: dns.listen must be a list"},
        Fault{"[dns]\nlisten = []\n", "sporvakt.toml:2: dns.listen is empty"},
        Fault{"[dns]\nlisten = [\n53]\n", "sporvakt.toml:3: dns.listen: every entry must be"},
        Fault{"[dns]\nlisten = [\"127.0.0.1\"]\n",
              "sporvakt.toml:2: dns.listen: '127.0.0.1' is "
              "not an address with a port; write"},
        Fault{"[dns]\nlisten = [\"127.0.0.1:0\"]\n", "is not an address with a port"},
        Fault{"[dns]\nlisten = [\"127.0.0.1:65536\"]\n", "is not an address with a port"},
        Fault{"[dns]\nlisten = [\"[::1]:53\", \"[::1]:53\"]\n", "stands there twice"},
        Fault{"[dns]\nlisten = [\"::1:53\"]\n", "is not an address with a port"},
        Fault{"[dns]\nupstream = [\"dns.example\"]\n",
              "sporvakt.toml:2: dns.upstream: "
              "'dns.example' is not an address"},
        Fault{"[dns]\nupstream = [\"192.0.2.1@0\"]\n", "is not an address of a resolver"},
        Fault{"[capture]\ninterfaces = [\"a name of no card\"]\n", "cannot be a network interface"},
        Fault{"[capture]\ninterfaces = [\"abcdefghijklmnop\"]\n", "cannot be a network interface"},
        Fault{"[capture]\ninterfaces = [\"\"]\n", "cannot be a network interface"},
        Fault{"[capture]\nfile = 3\n", "sporvakt.toml:2: capture.file must be a text"},
        Fault{"[capture]\nspeed = 0\n", "sporvakt.toml:2: capture.speed must be a number over 0"},
        Fault{"[capture]\nspeed = nan\n", "capture.speed must be a number"},
        Fault{"[capture]\nspeed = \"fast\"\n", "capture.speed must be a number"},
        Fault{"[capture]\nfile = \"a\"\ninterfaces = [\"b\"]\n", "exclude each other"},
        Fault{"[web]\nlisten = [\"localhost:80\"]\n",
              "sporvakt.toml:2: web.listen: 'localhost:80'"},
        Fault{"[storage]\ndir = \"\"\n", "sporvakt.toml:2: storage.dir must be a text"},
        Fault{"[lists]\nfiles = [\"\"]\n", "sporvakt.toml:2: lists.files: an entry is empty"},
        Fault{"[dns\n", "sporvakt.toml:1: "},
        Fault{"[dns]\nlisten = [\"127.0.0.1:53\"]\nlisten = []\n", "sporvakt.toml:3: "},
    };

    for (const Fault& fault : kFaults) {
        STRCMP_CONTAINS(fault.said, fault_of(fault.text).c_str());
    }
}

TEST(Configuration, ReportsAllFaultsAtOnceALineEach) {
    const std::string faults = fault_of("[dns]\nlisten = 1\n[web]\nlisten = 2\n");

    STRCMP_CONTAINS("sporvakt.toml:2: dns.listen", faults.c_str());
    STRCMP_CONTAINS("\nsporvakt.toml:4: web.listen", faults.c_str());
}

TEST(Configuration, SaysWhichFileCannotBeRead) {
    const auto missing = read_configuration("/nowhere/sporvakt.toml");

    CHECK_FALSE(missing.has_value());
    STRCMP_CONTAINS("/nowhere/sporvakt.toml: cannot be read", missing.error().message.c_str());
    CHECK_FALSE(read_configuration("/").has_value());
}

TEST(Configuration, ReadsAFileFromDisk) {
    std::array<char, 32> path{"/tmp/sporvakt-toml-XXXXXX"};
    const int descriptor = ::mkstemp(path.data());
    ::close(descriptor);
    std::ofstream(path.data()) << "[storage]\ndir = \"here\"\n";

    const auto read = read_configuration(path.data());
    ::unlink(path.data());

    CHECK(read.has_value());
    STRCMP_EQUAL("here", read->storage_dir.c_str());
}
