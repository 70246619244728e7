#include "capture/sources/live_source.h"

#include "core/base/clock.h"
#include "tests/support/conversation.h"
#include "tests/support/own_network.h"
#include "tests/support/packets/packet_builder.h"
#include "tests/support/packets/raw_wire.h"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include <CppUTest/TestHarness.h>

using namespace sporvakt::capture;
using namespace sporvakt::test;
using std::chrono::milliseconds;

namespace {

/// How long after the kernel had it the next packet is delivered; a minute if it never is.
milliseconds delay_of_next(PacketSource& source) {
    const sporvakt::SystemClock clock;
    for (int waits = 0; waits < 50; ++waits) {
        const auto delivery = source.next();
        if (delivery && delivery->arrival == Arrival::Packet) {
            return clock.now() - delivery->packet.at;
        }
    }
    return std::chrono::minutes(1);
}

/// How much of the next packet was taken, and how long it was.
std::pair<std::size_t, std::uint32_t> taken_of_next(PacketSource& source) {
    for (int waits = 0; waits < 50; ++waits) {
        const auto delivery = source.next();
        if (delivery && delivery->arrival == Arrival::Packet) {
            return {delivery->packet.bytes.size(), delivery->packet.wire_length};
        }
    }
    return {};
}

/// Half of the packets of a quiet link came sooner than this.
milliseconds median_delay(PacketSource& source) {
    RawWire wire("wire0");
    const Octets quiet = ethernet(0x88b5, octets("a packet, now and then"));
    std::vector<milliseconds> delays;
    for (int packet = 0; packet < 41; ++packet) {
        std::this_thread::sleep_for(milliseconds(13 + packet % 7));  // in no step with the kernel
        wire.send(quiet);
        delays.push_back(delay_of_next(source));
    }
    std::sort(delays.begin(), delays.end());
    return delays[delays.size() / 2];
}

}  // namespace

TEST_GROUP(LiveSource){};

TEST(LiveSource, SaysWhichInterfaceCannotBeOpenedAndWhatToCheck) {
    LiveSettings settings;
    settings.interface = "no-such-if0";
    const auto source = open_interface(settings);

    CHECK_FALSE(source.has_value());
    STRCMP_CONTAINS("no-such-if0", source.error().message.c_str());
}

TEST(LiveSource, DeliversWhatComesOverAQuietLinkWithin20Milliseconds) {
    const int code = in_own_network([] {
        if (!succeeds(kMakeWire)) {
            return kNoOwnNetwork;
        }
        const auto source = open_interface({.interface = "lan0"});
        if (!source) {
            return 1;
        }
        // The median, for a busy machine may leave any one of them waiting.
        return median_delay(**source) <= milliseconds(20) ? 0 : 2;
    });
    if (code == kNoOwnNetwork) {
        UT_PRINT("SKIPPED: needs root and veth");
        return;
    }
    LONGS_EQUAL(0, code);
}

TEST(LiveSource, LetsTheKernelCutWhatAServerSends) {
    const int code = in_own_network([] {
        if (!succeeds(kMakeWire)) {
            return kNoOwnNetwork;
        }
        const auto source = open_interface({.interface = "lan0"});
        if (!source) {
            return 1;
        }
        Conversation talk;
        RawWire wire("wire0");
        wire.send(talk.say(Octets(1000, 1)));
        const auto up = taken_of_next(**source);
        wire.send(talk.answer(Octets(1000, 1)));
        const auto down = taken_of_next(**source);
        const bool is_cut =
            up == std::pair{std::size_t{1054}, std::uint32_t{1054}} &&
            down == std::pair{std::size_t{PacketFilter::kHeadBytes}, std::uint32_t{1054}};
        return is_cut ? 0 : 2;
    });
    if (code == kNoOwnNetwork) {
        UT_PRINT("SKIPPED: needs root and veth");
        return;
    }
    LONGS_EQUAL(0, code);
}

TEST(LiveSource, TakesASmallerRingWhereMemoryIsSmall) {
    constexpr std::uint64_t kMegabyte = std::uint64_t{1024} * 1024;
    LONGS_EQUAL(16 * kMegabyte, ring_bytes_for(432 * kMegabyte));
    LONGS_EQUAL(16 * kMegabyte, ring_bytes_for(512 * kMegabyte));
    LONGS_EQUAL(32 * kMegabyte, ring_bytes_for(900 * kMegabyte));
    CHECK(machine_memory() > 64 * kMegabyte);
}
