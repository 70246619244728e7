#pragma once

#include "core/base/byte_reader.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sporvakt::capture {

/// Puts pieces of a byte sequence together that arrive in any order, repeated and overlapping.
///
/// Of two pieces that claim the same place the first wins: a later one cannot rewrite what has
/// been read.  Never holds more than `limit` bytes or kGapsMax gaps.
class SegmentBuffer {
public:
    static constexpr std::size_t kGapsMax = 64;

    explicit SegmentBuffer(std::size_t limit) : limit_(limit) {}

    /// LimitExceeded: the piece would lie beyond the limit, or leave too many gaps.
    Parsed<void> put(std::size_t offset, Bytes piece);

    /// Whether some piece claimed other bytes than were here: there are two versions of the
    /// sequence, and which of them the receiver took cannot be known.
    [[nodiscard]] bool is_contradicted() const { return is_contradicted_; }

    /// Whether no byte that is here already contradicts the piece.
    [[nodiscard]] bool agrees_with(std::size_t offset, Bytes piece) const;

    /// All bytes from `offset` on up to the first gap; valid until the next put() or clear().
    [[nodiscard]] Bytes from(std::size_t offset) const;

    [[nodiscard]] bool empty() const { return filled_.empty(); }

    /// Bytes of memory in use.
    [[nodiscard]] std::size_t held() const {
        return bytes_.capacity() + filled_.capacity() * sizeof(Interval);
    }

    void clear();

private:
    struct Interval {
        std::size_t begin = 0;
        std::size_t end = 0;
    };

    void copy_missing(std::size_t offset, Bytes piece);
    void mark_filled(Interval added);

    std::size_t limit_;
    std::vector<std::uint8_t> bytes_;
    std::vector<Interval> filled_;  ///< Sorted; neither touching nor overlapping.
    bool is_contradicted_ = false;
};

}  // namespace sporvakt::capture
