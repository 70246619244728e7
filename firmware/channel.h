#pragma once

#include "core/base/byte_reader.h"
#include "core/base/file_descriptor.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace sporvakt::firmware {

/// One end of a line between two of our processes: whole messages, in order, none twice.
///
/// A SOCK_SEQPACKET socket pair (unix(7)).  The supervisor keeps both ends open for as long as it
/// runs, so that a message once sent outlives the process that sent it and the one that was to
/// read it: the next child in that role reads on where the last one stopped.  Nothing here waits.
/// Sending and receiving may each be done by one thread at a time.
class Channel {
public:
    /// Every message of ours fits; a longer one is cut by the kernel and refused by the reader.
    static constexpr std::size_t kMessageBytesMax = std::size_t{64} * 1024;

    enum class Sent : std::uint8_t {
        Yes,
        Full,  ///< The other end has not read yet; try again later.
        Gone,  ///< Nobody holds the other end any more.
    };

    Channel() = default;  ///< Not connected: sends to nobody, receives nothing.
    explicit Channel(FileDescriptor socket) : socket_(std::move(socket)) {}

    static Result<std::pair<Channel, Channel>> open_pair();

    [[nodiscard]] Sent send(Bytes message) const;

    /// The next message; empty when there is none now.
    [[nodiscard]] std::optional<std::vector<std::uint8_t>> receive() const;

    /// For poll(2).  -1 when not connected.
    [[nodiscard]] int descriptor() const { return socket_.get(); }

    /// A second handle on the same end.
    [[nodiscard]] Result<Channel> duplicate() const;

private:
    FileDescriptor socket_;
};

}  // namespace sporvakt::firmware
