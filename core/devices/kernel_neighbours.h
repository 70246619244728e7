#pragma once

#include "core/base/byte_reader.h"
#include "core/base/file_descriptor.h"
#include "core/devices/neighbour_table.h"

#include <mutex>
#include <vector>

namespace sporvakt::devices {

/// Linux's neighbour table, IPv4 and IPv6, over a netlink socket (rtnetlink(7), RTM_GETNEIGH).
/// Needs no rights.  Thread-safe: readers take turns.
class KernelNeighbours final : public NeighbourSource {
public:
    static Result<std::unique_ptr<KernelNeighbours>> open();

    Result<std::vector<Neighbour>> read() override;

private:
    explicit KernelNeighbours(FileDescriptor socket) : socket_(std::move(socket)) {}

    Result<void> ask(std::uint32_t sequence);

    std::mutex turn_;
    FileDescriptor socket_;
    std::uint32_t sequence_ = 0;
};

/// What one datagram of the kernel's answer says.
struct NeighbourDump {
    std::vector<Neighbour> neighbours;
    bool is_last = false;  ///< NLMSG_DONE or NLMSG_ERROR stood in it.
};

/// Reads netlink messages that answer the request `sequence`; others are passed over.  Entries
/// without a MAC, or that the kernel could not reach, are left out.
Parsed<NeighbourDump> parse_neighbour_dump(Bytes datagram, std::uint32_t sequence);

}  // namespace sporvakt::devices
