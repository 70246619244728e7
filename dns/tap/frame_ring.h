#pragma once

#include "core/base/byte_reader.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace sporvakt::dns {

/// Hands frames of bytes from one thread to one other, in order.  Its memory is constant; nothing
/// in it locks, allocates or waits.
///
/// try_push() belongs to the one thread, everything else to the other.
class FrameRing {
public:
    /// A power of two, at least 16.  A frame of half of it at most always finds room in time.
    explicit FrameRing(std::size_t bytes);

    /// Puts a frame of two parts in; false when there is no room for it now.
    [[nodiscard]] bool try_push(Bytes first, Bytes second);

    /// The oldest frame that was not taken yet; it stays where it is until release().
    [[nodiscard]] std::optional<Bytes> take();

    /// Gives the room of all that was taken back.
    void release() { released_.store(taken_, std::memory_order_release); }

private:
    static constexpr std::size_t kCacheLine = 64;

    // Positions count on for ever; where they are in the bytes is the rest of a division.
    [[nodiscard]] std::size_t place(std::size_t position) const {
        return position & (bytes_.size() - 1);
    }

    alignas(kCacheLine) std::atomic<std::size_t> pushed_{0};  // written by who pushes
    std::vector<std::uint8_t> bytes_;
    alignas(kCacheLine) std::atomic<std::size_t> released_{0};  // written by who takes
    std::size_t taken_ = 0;                                     // of who takes alone
};

}  // namespace sporvakt::dns
