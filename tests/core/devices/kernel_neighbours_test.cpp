#include "core/devices/kernel_neighbours.h"

#include <array>
#include <cstring>
#include <vector>

#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <CppUTest/TestHarness.h>

using sporvakt::Bytes;
using sporvakt::IpAddress;
using sporvakt::MacAddress;
using sporvakt::devices::KernelNeighbours;
using sporvakt::devices::Neighbour;
using sporvakt::devices::parse_neighbour_dump;

namespace {

using Buffer = std::vector<std::uint8_t>;

constexpr std::uint32_t kSequence = 7;

template <class T>
void append(Buffer& to, const T& value) {
    std::array<std::uint8_t, sizeof(T)> bytes{};
    std::memcpy(bytes.data(), &value, sizeof(T));
    to.insert(to.end(), bytes.begin(), bytes.end());
}

void append_attribute(Buffer& to, std::uint16_t type, Bytes value) {
    append(to, rtattr{static_cast<std::uint16_t>(sizeof(rtattr) + value.size()), type});
    to.insert(to.end(), value.begin(), value.end());
    to.resize(NLMSG_ALIGN(to.size()));
}

Buffer message(std::uint16_t type, const Buffer& body, std::uint32_t sequence = kSequence) {
    Buffer bytes;
    nlmsghdr header{};
    header.nlmsg_len = static_cast<std::uint32_t>(sizeof(header) + body.size());
    header.nlmsg_type = type;
    header.nlmsg_seq = sequence;
    append(bytes, header);
    bytes.insert(bytes.end(), body.begin(), body.end());
    return bytes;
}

Buffer entry(const char* address, const char* mac, std::uint16_t state = NUD_REACHABLE) {
    Buffer body;
    ndmsg header{};
    header.ndm_state = state;
    append(body, header);
    append_attribute(body, NDA_DST, IpAddress::from_text(address)->bytes());
    append_attribute(body, NDA_PROBES, std::array<std::uint8_t, 4>{});
    append_attribute(body, NDA_LLADDR, MacAddress::from_text(mac)->bytes());
    return body;
}

Buffer joined(const Buffer& left, const Buffer& right) {
    Buffer both = left;
    both.insert(both.end(), right.begin(), right.end());
    return both;
}

}  // namespace

TEST_GROUP(KernelNeighbours){};

TEST(KernelNeighbours, AreReadFromADump) {
    const auto dump = parse_neighbour_dump(
        joined(message(RTM_NEWNEIGH, entry("192.168.1.20", "3c:22:fb:12:34:01")),
               message(RTM_NEWNEIGH, entry("fd00::20", "3c:22:fb:12:34:01", NUD_STALE))),
        kSequence);

    CHECK_EQUAL(2, dump->neighbours.size());
    CHECK(dump->neighbours[0] == (Neighbour{*IpAddress::from_text("192.168.1.20"),
                                            *MacAddress::from_text("3c:22:fb:12:34:01")}));
    CHECK(dump->neighbours[1].address == *IpAddress::from_text("fd00::20"));
    CHECK_FALSE(dump->is_last);
}

TEST(KernelNeighbours, LeaveOutWhoWasNotReached) {
    for (const int state : {NUD_INCOMPLETE, NUD_FAILED, NUD_NOARP}) {
        const auto dump = parse_neighbour_dump(
            message(RTM_NEWNEIGH,
                    entry("192.168.1.20", "3c:22:fb:12:34:01", static_cast<std::uint16_t>(state))),
            kSequence);
        CHECK(dump->neighbours.empty());
    }
}

TEST(KernelNeighbours, EndWithDoneOrAnError) {
    CHECK_TRUE(parse_neighbour_dump(message(NLMSG_DONE, Buffer(4)), kSequence)->is_last);
    CHECK_TRUE(parse_neighbour_dump(message(NLMSG_ERROR, Buffer(20)), kSequence)->is_last);
}

TEST(KernelNeighbours, PassOverAnswersToOlderQuestions) {
    const auto dump = parse_neighbour_dump(
        joined(message(RTM_NEWNEIGH, entry("192.168.1.20", "3c:22:fb:12:34:01"), kSequence - 1),
               message(NLMSG_DONE, Buffer(4), kSequence - 1)),
        kSequence);

    CHECK(dump->neighbours.empty());
    CHECK_FALSE(dump->is_last);
}

TEST(KernelNeighbours, RefuseADumpThatIsCutShort) {
    const Buffer whole = message(RTM_NEWNEIGH, entry("192.168.1.20", "3c:22:fb:12:34:01"));
    for (std::size_t length = 1; length < whole.size(); ++length) {
        CHECK_FALSE(parse_neighbour_dump(Bytes(whole).first(length), kSequence).has_value());
    }
}

TEST(KernelNeighbours, RefuseLengthsThatContradictThemselves) {
    Buffer zero = message(RTM_NEWNEIGH, entry("192.168.1.20", "3c:22:fb:12:34:01"));
    std::memset(zero.data(), 0, 4);  // a message of no bytes would be read for ever
    CHECK_FALSE(parse_neighbour_dump(zero, kSequence).has_value());

    Buffer attribute = message(RTM_NEWNEIGH, entry("192.168.1.20", "3c:22:fb:12:34:01"));
    attribute[sizeof(nlmsghdr) + sizeof(ndmsg)] = 3;
    CHECK_FALSE(parse_neighbour_dump(attribute, kSequence).has_value());
}

TEST(KernelNeighbours, AreAnsweredByThisKernel) {
    auto neighbours = KernelNeighbours::open();
    CHECK(neighbours.has_value());
    // Whoever they are: twice, so that the second answer is not taken for the first.
    CHECK((*neighbours)->read().has_value());
    CHECK((*neighbours)->read().has_value());
}
