#include "dns/message/wire.h"

#include "core/base/assert.h"
#include "core/base/big_endian.h"
#include "core/base/domain_name.h"

#include <algorithm>

namespace sporvakt::dns {
namespace {

constexpr std::uint8_t kLabelKindMask = 0xc0;
constexpr std::uint8_t kPointer = 0xc0;
constexpr std::size_t kFixedPartLength = 10;  // type, class, TTL, length

}  // namespace

std::optional<std::size_t> end_of_name(Bytes message, std::size_t at) {
    while (at < message.size()) {
        const std::uint8_t length = message[at];
        if (length == 0) {
            return at + 1;
        }
        if ((length & kLabelKindMask) == kPointer) {
            return at + 2 <= message.size() ? std::optional(at + 2) : std::nullopt;
        }
        if ((length & kLabelKindMask) != 0) {
            return std::nullopt;
        }
        at += std::size_t{1} + length;
    }
    return std::nullopt;
}

WireName::WireName(std::string_view name) {
    SPORVAKT_ASSERT(name.size() <= DomainName::kMaxLength);
    for (std::string_view rest = name; !rest.empty(); rest = parent_suffix(rest)) {
        const std::string_view label = rest.substr(0, rest.find('.'));
        SPORVAKT_ASSERT(!label.empty() && label.size() <= DomainName::kMaxLabelLength);
        bytes_[length_] = static_cast<std::uint8_t>(label.size());
        std::copy(label.begin(), label.end(),
                  bytes_.begin() + static_cast<std::ptrdiff_t>(length_ + 1));
        length_ += 1 + label.size();
    }
    ++length_;  // the root, a zero
}

std::optional<RecordPlace> record_at(Bytes message, std::size_t at) {
    const auto fixed = end_of_name(message, at);
    if (!fixed || message.size() - *fixed < kFixedPartLength) {
        return std::nullopt;
    }
    RecordPlace place;
    place.name_at = at;
    place.type = load16(message, *fixed);
    place.record_class = load16(message, *fixed + 2);
    place.ttl_at = *fixed + 4;
    place.data_at = *fixed + kFixedPartLength;
    place.end = place.data_at + load16(message, *fixed + 8);
    return place.end <= message.size() ? std::optional(place) : std::nullopt;
}

}  // namespace sporvakt::dns
