#pragma once

#include "capture/gate/gate_settings.h"
#include "capture/gate/queued_packet.h"
#include "core/base/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace sporvakt::capture {

/// One of the kernel's queues of packets (NFQUEUE, over netlink).  Which packets come here is for
/// the rules of the firewall to say.
///
/// While nobody has the queue open the kernel drops or passes its packets, as the rule says; so it
/// does with those that wait when it is closed: they are dropped.  Not thread-safe.
class PacketQueue final : public Rulings {
public:
    /// Packets that may wait at a time; with OnFailure::Open more pass, else they are dropped.
    static constexpr std::uint32_t kWaitingMax = 8192;

    /// Error: the right (CAP_NET_ADMIN) or the kernel's part (nfnetlink_queue) is missing, or
    /// another program has the queue.
    static Result<std::unique_ptr<PacketQueue>> open(std::uint16_t number, OnFailure on_failure);

    PacketQueue(const PacketQueue&) = delete;
    PacketQueue& operator=(const PacketQueue&) = delete;
    PacketQueue(PacketQueue&&) = delete;
    PacketQueue& operator=(PacketQueue&&) = delete;
    ~PacketQueue() override;

    /// Hands over packets that are there, at most kBatchMax; waits for the first of them at most so
    /// long.  Error: the queue is of no more use.
    static constexpr std::size_t kBatchMax = 64;
    Result<void> receive(std::chrono::milliseconds patience,
                         const std::function<void(const QueuedPacket&)>& take);

    void rule(const PacketTicket& packet, Ruling ruling) override;

    /// Packets that found no room in the queue, or not here, and are lost.
    [[nodiscard]] std::uint64_t dropped() const;

    /// Rulings that the kernel would not take; shown in the log at the end.
    [[nodiscard]] std::uint64_t failures() const { return failures_; }

private:
    class Socket;
    PacketQueue(std::uint16_t number, std::unique_ptr<Socket> socket);

    std::uint16_t number_;
    std::unique_ptr<Socket> socket_;
    std::uint64_t failures_ = 0;
};

/// What a table as in /proc/net/netfilter/nfnetlink_queue says that a queue lost; 0 when the queue
/// is not there.
std::uint64_t dropped_by_queue(std::string_view table, std::uint16_t number);

}  // namespace sporvakt::capture
