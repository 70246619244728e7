#pragma once

#include "core/base/file_descriptor.h"
#include "tests/support/packets/packet_builder.h"

#include <cstring>
#include <string>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>

namespace sporvakt::test {

/// Puts packets onto a card as they are.  Needs CAP_NET_RAW in the network that the card is in.
class RawWire {
public:
    explicit RawWire(const std::string& card)
        : socket_(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)),
          index_(static_cast<int>(::if_nametoindex(card.c_str()))) {}

    bool send(const Octets& packet) {
        sockaddr_ll to{};
        to.sll_family = AF_PACKET;
        to.sll_ifindex = index_;
        sockaddr_storage address{};
        std::memcpy(&address, &to, sizeof(to));
        return ::sendto(socket_.get(), packet.data(), packet.size(), 0,
                        reinterpret_cast<const sockaddr*>(&address),  // NOLINT: as the API wants
                        sizeof(to)) == static_cast<ssize_t>(packet.size());
    }

private:
    FileDescriptor socket_;
    int index_;
};

}  // namespace sporvakt::test
