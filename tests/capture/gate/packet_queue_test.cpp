#include "capture/gate/packet_queue.h"

#include "core/base/file_descriptor.h"
#include "tests/support/own_network.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using sporvakt::FileDescriptor;
using sporvakt::test::in_own_network;
using sporvakt::test::kNoOwnNetwork;
using sporvakt::test::succeeds;
using std::chrono::milliseconds;

namespace {

constexpr std::uint16_t kPort = 5000;
constexpr std::uint32_t kOthersMark = 1;

sockaddr_in loopback() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(kPort);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/// A datagram to ourselves, by way of the queue.  For a child process: fails by its exit code.
class Wire {
public:
    Wire()
        : receiver_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)),
          sender_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        // What waits in the queue still counts as the sender's.
        constexpr int kRoom = 64 * 1024 * 1024;
        ::setsockopt(sender_.get(), SOL_SOCKET, SO_SNDBUFFORCE, &kRoom, sizeof kRoom);
        const sockaddr_in address = loopback();
        const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&address));
        const bool is_ready =
            ::bind(receiver_.get(), generic, sizeof address) == 0 &&
            ::connect(sender_.get(), generic, sizeof address) == 0 &&
            ::setsockopt(sender_.get(), SOL_SOCKET, SO_MARK, &kOthersMark, sizeof kOthersMark) == 0;
        if (!is_ready) {
            ::_exit(kNoOwnNetwork);
        }
    }
    void send(const std::string& text) const {
        (void)::send(sender_.get(), text.data(), text.size(), MSG_DONTWAIT);
    }
    [[nodiscard]] std::string received() const {
        std::array<pollfd, 1> watched{{{receiver_.get(), POLLIN, 0}}};
        constexpr int kPatience = 300;
        if (::poll(watched.data(), watched.size(), kPatience) != 1) {
            return "";
        }
        std::array<char, 100> text{};
        const auto length = ::recv(receiver_.get(), text.data(), text.size(), 0);
        return {text.data(), static_cast<std::size_t>(length)};
    }

private:
    FileDescriptor receiver_;
    FileDescriptor sender_;
};

/// What is sent to kPort waits in the queue; what we cut, and what lost another's mark, ends.
bool set_rules() {
    return succeeds(
               "iptables-nft -t mangle -A OUTPUT -p udp --dport 5000 -j NFQUEUE "
               "--queue-num 7453") &&
           succeeds(
               "iptables-nft -t mangle -A POSTROUTING -m mark --mark 0x8000000/0xc000000 "
               "-j DROP") &&
           succeeds("iptables-nft -t mangle -A POSTROUTING -m mark ! --mark 1/1 -j DROP");
}

/// Runs `body` where packets to kPort go by the queue; says so where that cannot be.
void with_queue(const std::function<int()>& body) {
    const int code = in_own_network([&] { return set_rules() ? body() : kNoOwnNetwork; });
    if (code == kNoOwnNetwork) {
        UT_PRINT("SKIPPED: needs root, iptables-nft and a kernel with NFQUEUE");
        return;
    }
    LONGS_EQUAL(0, code);
}

/// The next packet of the queue, ruled upon so; what it held.
std::optional<std::string> rule_next(PacketQueue& queue, Ruling ruling) {
    std::optional<std::string> text;
    constexpr std::size_t kHeaders = 28;
    const auto received = queue.receive(milliseconds(2'000), [&](const QueuedPacket& packet) {
        text.emplace(packet.bytes.begin() + kHeaders, packet.bytes.end());
        if (packet.ticket.mark != kOthersMark) {
            text = "lost the mark";
        }
        queue.rule(packet.ticket, ruling);
    });
    return received ? text : std::nullopt;
}

}  // namespace

TEST_GROUP(PacketQueue){};

TEST(PacketQueue, PassesOrStopsEachPacketAndLeavesOthersMarksAlone) {
    with_queue([] {
        auto queue = PacketQueue::open(kGateQueue, OnFailure::Closed);
        const Wire wire;
        if (!queue) {
            return 1;
        }
        int failures = 0;
        for (const auto ruling :
             {Ruling::Pass, Ruling::Drop, Ruling::PassFlow, Ruling::CutFlow, Ruling::Pass}) {
            wire.send("hello");
            failures += rule_next(**queue, ruling) == "hello" ? 0 : 1;
            const bool passes = ruling == Ruling::Pass || ruling == Ruling::PassFlow;
            failures += wire.received() == (passes ? "hello" : "") ? 0 : 1;
        }
        return failures + static_cast<int>((*queue)->failures());
    });
}

TEST(PacketQueue, HoldsPacketsUntilTheyAreRuledUponInAnyOrder) {
    with_queue([] {
        auto queue = PacketQueue::open(kGateQueue, OnFailure::Open);
        const Wire wire;
        if (!queue) {
            return 1;
        }
        std::vector<PacketTicket> held;
        for (const char* text : {"one", "two"}) {
            wire.send(text);
            (void)(*queue)->receive(milliseconds(2'000), [&](const QueuedPacket& packet) {
                held.push_back(packet.ticket);
            });
        }
        if (held.size() != 2 || !wire.received().empty()) {
            return 2;
        }
        (*queue)->rule(held[1], Ruling::Pass);
        (*queue)->rule(held[0], Ruling::Pass);
        return wire.received() == "two" && wire.received() == "one" ? 0 : 3;
    });
}

TEST(PacketQueue, GivesNothingWhenNothingIsThere) {
    with_queue([] {
        auto queue = PacketQueue::open(kGateQueue, OnFailure::Open);
        if (!queue) {
            return 1;
        }
        int taken = 0;
        const auto received =
            (*queue)->receive(milliseconds(0), [&](const QueuedPacket&) { ++taken; });
        return received && taken == 0 ? 0 : 2;
    });
}

TEST(PacketQueue, CountsWhatTheKernelLost) {
    constexpr std::string_view kTable =
        "   12  31001     0 2 65531     1     2        9  1\n"
        " 7453  31002     4 2 65531    20     3      150  1\n";
    LONGS_EQUAL(23, dropped_by_queue(kTable, kGateQueue));
    LONGS_EQUAL(3, dropped_by_queue(kTable, 12));
    LONGS_EQUAL(0, dropped_by_queue(kTable, 13));
    LONGS_EQUAL(0, dropped_by_queue("7453 broken\n", kGateQueue));
}

TEST(PacketQueue, HasLostNothingAtFirstAndDropsWhatFindsNoRoom) {
    with_queue([] {
        auto queue = PacketQueue::open(kGateQueue, OnFailure::Closed);
        const Wire wire;
        if (!queue || (*queue)->dropped() != 0) {
            return 1;
        }
        constexpr std::uint32_t kTooMany = PacketQueue::kWaitingMax + 10;
        for (std::uint32_t sent = 0; sent < kTooMany; ++sent) {
            wire.send("x");
        }
        return (*queue)->dropped() >= 10 ? 0 : 2;
    });
}

TEST(PacketQueue, SaysWhatToDoWithoutTheRight) {
    const int code = in_own_network([] {
        constexpr uid_t kNobody = 65'534;
        if (::setresuid(kNobody, kNobody, kNobody) != 0) {
            return kNoOwnNetwork;
        }
        const auto queue = PacketQueue::open(kGateQueue, OnFailure::Open);
        const bool says =
            !queue && queue.error().message.find("CAP_NET_ADMIN") != std::string::npos;
        return says ? 0 : 1;
    });
    if (code == kNoOwnNetwork) {
        UT_PRINT("SKIPPED: needs root, to become somebody else");
    } else {
        LONGS_EQUAL(0, code);
    }
}

TEST(PacketQueue, SaysThatAnotherProgramHasTheQueue) {
    with_queue([] {
        const auto first = PacketQueue::open(kGateQueue, OnFailure::Open);
        const auto second = PacketQueue::open(kGateQueue, OnFailure::Open);
        const bool says =
            first && !second && second.error().message.find("other program") != std::string::npos;
        return says ? 0 : 1;
    });
}
