#pragma once

#include "core/base/byte_reader.h"
#include "core/base/file_descriptor.h"
#include "dns/answering.h"
#include "dns/serving/client.h"
#include "dns/serving/event_loop.h"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

struct mmsghdr;  // the kernel's, of sendmmsg

namespace sporvakt::dns {

/// Reads questions from a worker's UDP sockets in batches and answers them in batches: one system
/// call for many (recvmmsg, sendmmsg).  Of the worker's thread.
class UdpServer {
public:
    /// Queries in one batch, and batches before others get their turn on the loop.
    static constexpr std::size_t kBatch = 32;
    static constexpr int kBatchesInARow = 4;

    /// No question is longer; what is gets FORMERR.
    static constexpr std::size_t kQueryLengthMax = 4096;

    UdpServer(EventLoop& loop, std::vector<FileDescriptor> sockets, Answering& answering,
              Counters& counters);
    UdpServer(const UdpServer&) = delete;
    UdpServer& operator=(const UdpServer&) = delete;
    UdpServer(UdpServer&&) = delete;
    UdpServer& operator=(UdpServer&&) = delete;
    ~UdpServer();

    /// An answer that had to wait.  It goes out with others at the end of the loop's turn at the
    /// latest.
    void send(const UdpPeer& peer, Bytes answer);

private:
    struct Batch;
    struct LateBatch;

    void read(std::size_t socket);
    std::size_t receive(std::size_t socket);
    std::size_t answer_all(std::size_t socket, std::size_t received);
    void send_late();
    void send_all(std::size_t socket, std::span<mmsghdr> answers);

    std::vector<FileDescriptor> sockets_;
    Answering& answering_;
    Counters& counters_;
    std::unique_ptr<Batch> batch_;
    std::unique_ptr<LateBatch> late_;
    std::vector<std::unique_ptr<EventLoop::Watch>> watches_;  // last: go first
};

}  // namespace sporvakt::dns
