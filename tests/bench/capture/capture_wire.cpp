// capture_wire send CAPTURE CARD SECONDS RATE: puts a capture's packets onto a card again and
// again, so many a second, or with 0 as many as go.  Prints what went, as JSON.
// capture_wire delay FROM TO COUNT: how long after a packet was sent on a quiet link it is
// delivered to who watches the other end.
#include "capture/sources/live_source.h"
#include "capture/sources/packet_source.h"
#include "core/base/file_descriptor.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>

using namespace sporvakt;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t kBatch = 64;
constexpr std::size_t kPacketMax = 1514;

/// A packet socket that only sends, past the card's queue: what it cannot take is refused, not
/// lost.
class Card {
public:
    explicit Card(const std::string& name)
        : socket_(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)) {
        sockaddr_ll address{};
        address.sll_family = AF_PACKET;
        address.sll_ifindex = static_cast<int>(::if_nametoindex(name.c_str()));
        const int on = 1;
        ::setsockopt(socket_.get(), SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on));
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): as bind(2) wants it
        if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) !=
            0) {
            throw std::runtime_error("cannot send on " + name);
        }
    }

    std::size_t send(std::vector<mmsghdr>& batch, std::size_t count) const {
        const int sent = ::sendmmsg(socket_.get(), batch.data(), static_cast<unsigned>(count), 0);
        return sent > 0 ? static_cast<std::size_t>(sent) : 0;
    }

private:
    FileDescriptor socket_;
};

std::vector<std::vector<std::uint8_t>> packets_of(const std::string& path) {
    const auto capture = capture::open_capture_file(path);
    if (!capture) {
        throw std::runtime_error(capture.error().message);
    }
    std::vector<std::vector<std::uint8_t>> packets;
    for (auto next = (*capture)->next(); next && next->arrival == capture::Arrival::Packet;
         next = (*capture)->next()) {
        if (next->packet.bytes.size() <= kPacketMax) {
            packets.emplace_back(next->packet.bytes.begin(), next->packet.bytes.end());
        }
    }
    return packets;
}

int send(const std::string& path, const std::string& name, double seconds, double rate) {
    auto packets = packets_of(path);
    const Card card(name);
    std::vector<iovec> pieces(kBatch);
    std::vector<mmsghdr> batch(kBatch);
    std::uint64_t sent = 0;
    std::size_t at = 0;
    const auto begun = steady_clock::now();
    const auto passed = [&] {
        return std::chrono::duration<double>(steady_clock::now() - begun).count();
    };
    while (passed() < seconds) {
        if (rate > 0 && static_cast<double>(sent) > passed() * rate) {
            std::this_thread::sleep_for(std::chrono::microseconds(200));
            continue;
        }
        for (std::size_t slot = 0; slot < kBatch; ++slot) {
            auto& packet = packets[(at + slot) % packets.size()];
            pieces[slot] = {packet.data(), packet.size()};
            batch[slot] = {};
            batch[slot].msg_hdr.msg_iov = &pieces[slot];
            batch[slot].msg_hdr.msg_iovlen = 1;
        }
        const std::size_t taken = card.send(batch, kBatch);
        sent += taken;
        at = (at + taken) % packets.size();
    }
    fmt::print("{{\"sent\": {}, \"seconds\": {:.3f}}}\n", sent, passed());
    return 0;
}

int delay(const std::string& from, const std::string& to, int count) {
    const auto source = capture::open_interface({.interface = to});
    if (!source) {
        throw std::runtime_error(source.error().message);
    }
    const Card card(from);
    std::vector<std::uint8_t> packet(60, 0xff);
    iovec piece{packet.data(), packet.size()};
    std::vector<mmsghdr> batch(1);
    batch[0].msg_hdr.msg_iov = &piece;
    batch[0].msg_hdr.msg_iovlen = 1;
    std::vector<double> delays;
    for (int number = 0; number < count; ++number) {
        std::this_thread::sleep_for(std::chrono::microseconds(13'000 + number % 17 * 700));
        const auto sent = steady_clock::now();
        card.send(batch, 1);
        while (true) {
            const auto delivery = (*source)->next();
            if (delivery && delivery->arrival == capture::Arrival::Packet) {
                break;
            }
        }
        delays.push_back(
            std::chrono::duration<double, std::milli>(steady_clock::now() - sent).count());
    }
    std::sort(delays.begin(), delays.end());
    const auto share = [&](double part) {
        return delays[static_cast<std::size_t>(part * static_cast<double>(delays.size() - 1))];
    };
    fmt::print("{{\"p50_ms\": {:.1f}, \"p99_ms\": {:.1f}, \"most_ms\": {:.1f}}}\n", share(0.5),
               share(0.99), delays.back());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    try {
        if (words.size() == 5 && words[0] == "send") {
            return send(words[1], words[2], std::stod(words[3]), std::stod(words[4]));
        }
        if (words.size() == 4 && words[0] == "delay") {
            return delay(words[1], words[2], std::stoi(words[3]));
        }
    } catch (const std::exception& fault) {
        fmt::print(stderr, "{}\n", fault.what());
        return 1;
    }
    fmt::print(stderr,
               "usage: capture_wire send CAPTURE CARD SECONDS RATE | delay FROM TO COUNT\n");
    return 64;
}
