#include "dns/tap/frame_ring.h"

#include "core/base/assert.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace sporvakt::dns {
namespace {

/// In front of every frame.
using Length = std::uint32_t;

// Stands where a frame would not fit in one piece: the next is at the beginning.
constexpr Length kSkip = UINT32_MAX;

// Frames begin where a Length is whole up to the end of the bytes.
std::size_t room_for(std::size_t frame) {
    return (sizeof(Length) + frame + sizeof(Length) - 1) / sizeof(Length) * sizeof(Length);
}

}  // namespace

FrameRing::FrameRing(std::size_t bytes) : bytes_(bytes) {
    SPORVAKT_ASSERT(std::has_single_bit(bytes) && bytes >= 16);
}

bool FrameRing::try_push(Bytes first, Bytes second) {
    const std::size_t begin = pushed_.load(std::memory_order_relaxed);
    const std::size_t released = released_.load(std::memory_order_acquire);
    const std::size_t needed = room_for(first.size() + second.size());
    const std::size_t to_end = bytes_.size() - place(begin);
    const std::size_t skipped = needed > to_end ? to_end : 0;
    if (skipped + needed > bytes_.size() - (begin - released)) {
        return false;
    }
    if (skipped > 0) {
        std::memcpy(&bytes_[place(begin)], &kSkip, sizeof(kSkip));
    }
    const std::size_t at = place(begin + skipped);
    const auto length = static_cast<Length>(first.size() + second.size());
    std::memcpy(&bytes_[at], &length, sizeof(length));
    const auto rest = std::copy(first.begin(), first.end(),
                                bytes_.begin() + static_cast<std::ptrdiff_t>(at + sizeof(length)));
    std::copy(second.begin(), second.end(), rest);
    pushed_.store(begin + skipped + needed, std::memory_order_release);
    return true;
}

std::optional<Bytes> FrameRing::take() {
    if (taken_ == pushed_.load(std::memory_order_acquire)) {
        return std::nullopt;
    }
    Length length = 0;
    std::memcpy(&length, &bytes_[place(taken_)], sizeof(length));
    if (length == kSkip) {
        taken_ += bytes_.size() - place(taken_);
        std::memcpy(&length, &bytes_[place(taken_)], sizeof(length));
    }
    const Bytes frame = Bytes(bytes_).subspan(place(taken_) + sizeof(length), length);
    taken_ += room_for(length);
    return frame;
}

}  // namespace sporvakt::dns
