#include "capture/segment_buffer.h"

#include <algorithm>

namespace sporvakt::capture {
namespace {

constexpr std::size_t kGrowth = 2048;

std::ptrdiff_t signed_offset(std::size_t offset) {
    return static_cast<std::ptrdiff_t>(offset);
}

}  // namespace

Parsed<void> SegmentBuffer::put(std::size_t offset, Bytes piece) {
    if (piece.empty()) {
        return {};
    }
    if (offset > limit_ || piece.size() > limit_ - offset) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    const std::size_t end = offset + piece.size();
    is_contradicted_ = is_contradicted_ || !agrees_with(offset, piece);
    if (bytes_.size() < end) {
        const std::size_t size = std::min(limit_, (end + kGrowth - 1) / kGrowth * kGrowth);
        bytes_.reserve(size);  // exactly: a vector that grows by itself takes up to twice as much
        bytes_.resize(size);
    }
    copy_missing(offset, piece);
    mark_filled({offset, end});
    if (filled_.size() > kGapsMax) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    return {};
}

void SegmentBuffer::copy_missing(std::size_t offset, Bytes piece) {
    const std::size_t end = offset + piece.size();
    std::size_t at = offset;
    const auto copy_until = [&](std::size_t stop) {
        if (stop > at) {
            const Bytes part = piece.subspan(at - offset, stop - at);
            std::copy(part.begin(), part.end(), bytes_.begin() + signed_offset(at));
        }
    };
    for (const Interval& interval : filled_) {
        copy_until(std::min(end, interval.begin));
        at = std::max(at, std::min(end, interval.end));
    }
    copy_until(end);
}

void SegmentBuffer::mark_filled(Interval added) {
    const auto first = std::find_if(filled_.begin(), filled_.end(), [&](const Interval& interval) {
        return interval.end >= added.begin;
    });
    const auto last = std::find_if(
        first, filled_.end(), [&](const Interval& interval) { return interval.begin > added.end; });
    if (first != last) {
        added.begin = std::min(added.begin, first->begin);
        added.end = std::max(added.end, std::prev(last)->end);
    }
    filled_.insert(filled_.erase(first, last), added);
}

bool SegmentBuffer::agrees_with(std::size_t offset, Bytes piece) const {
    const std::size_t end = offset + piece.size();
    return std::all_of(filled_.begin(), filled_.end(), [&](const Interval& interval) {
        const std::size_t from = std::max(offset, interval.begin);
        const std::size_t to = std::min(end, interval.end);
        return from >= to || std::equal(piece.begin() + signed_offset(from - offset),
                                        piece.begin() + signed_offset(to - offset),
                                        bytes_.begin() + signed_offset(from));
    });
}

Bytes SegmentBuffer::from(std::size_t offset) const {
    for (const Interval& interval : filled_) {
        if (interval.begin <= offset && offset < interval.end) {
            return Bytes(bytes_).subspan(offset, interval.end - offset);
        }
    }
    return {};
}

void SegmentBuffer::clear() {
    bytes_.clear();
    filled_.clear();
    is_contradicted_ = false;
}

}  // namespace sporvakt::capture
