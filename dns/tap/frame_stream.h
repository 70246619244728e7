#pragma once

#include "core/base/byte_reader.h"
#include "core/base/result.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

namespace sporvakt::dns {

/// A connection to somebody who reads dnstap from a Unix socket: Frame Streams, bidirectional, of
/// content type "protobuf:dnstap.Dnstap".  Of one thread.
///
/// libfstrm speaks; the socket is ours, because libfstrm's own waits for ever for a reader that has
/// stopped reading, and a resolver that is told to stop would wait with it.  Here nothing waits
/// longer than kPatience, or than kFarewell once `stop` is requested.
class FrameStream {
public:
    static constexpr std::chrono::milliseconds kPatience{1000};
    static constexpr std::chrono::milliseconds kFarewell{100};

    /// Frames in one write().
    static constexpr std::size_t kFramesMax = 64;

    /// The longest path that the kernel takes (unix(7)), without the zero behind it.
    static constexpr std::size_t kPathLengthMax = 107;

    /// Connects and agrees on the content.  Fails when nobody reads there.
    static Result<std::unique_ptr<FrameStream>> open(const std::string& path,
                                                     const std::stop_token& stop);

    FrameStream(const FrameStream&) = delete;
    FrameStream& operator=(const FrameStream&) = delete;
    FrameStream(FrameStream&&) = delete;
    FrameStream& operator=(FrameStream&&) = delete;
    ~FrameStream();  ///< Says that it ends, when it is not broken.

    /// False: the reader went away or reads too slowly, and what it got of these is not known.
    /// Nothing can be written any more.
    [[nodiscard]] bool write(std::span<const Bytes> frames);

    /// Whether the reader is still there; costs a system call.
    [[nodiscard]] bool is_read() const;

private:
    class Socket;
    struct Writer;

    explicit FrameStream(const std::stop_token& stop);

    // In the order in which they stand on each other.
    std::unique_ptr<Socket> socket_;
    std::unique_ptr<Writer> writer_;
};

}  // namespace sporvakt::dns
