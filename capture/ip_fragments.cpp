#include "capture/ip_fragments.h"

#include "core/base/big_endian.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sporvakt::capture {
namespace {

constexpr std::chrono::seconds kPatience{5};

/// RFC 791 §3.2 tells datagrams apart by the protocol too; in IPv6 only the first fragment's counts
/// (RFC 8200 §4.5), so another one must not make another datagram of it.
bool is_of_same_datagram(const Frame& one, const Frame& other) {
    const bool is_same_protocol =
        one.source.family() == IpFamily::V6 || one.protocol == other.protocol;
    return one.fragment->id == other.fragment->id && is_same_protocol &&
           one.source == other.source && one.destination == other.destination;
}

bool is_same_sender(const Frame& one, const Frame& other) {
    return one.source_mac ? one.source_mac == other.source_mac : one.source == other.source;
}

/// The ports that begin TCP's and UDP's headers; false where there are none.
bool read_ports(Frame& first) {
    const bool has_ports = first.protocol == kProtocolTcp || first.protocol == kProtocolUdp;
    if (!has_ports || first.payload.size() < 4) {
        return false;
    }
    first.source_port = load16(first.payload, 0);
    first.destination_port = load16(first.payload, 2);
    return true;
}

}  // namespace

void IpFragments::make_room(const Frame& fragment) {
    const auto older = [](const Datagram& left, const Datagram& right) {
        return left.first.at < right.first.at;
    };
    const auto is_ours = [&](const Datagram& datagram) {
        return is_same_sender(datagram.first, fragment);
    };
    const auto ours = std::count_if(datagrams_.begin(), datagrams_.end(), is_ours);
    if (static_cast<std::size_t>(ours) >= kSenderMax) {
        const auto oldest = std::min_element(
            datagrams_.begin(), datagrams_.end(), [&](const Datagram& left, const Datagram& right) {
                return is_ours(left) != is_ours(right) ? is_ours(left) : older(left, right);
            });
        datagrams_.erase(oldest);
        ++lost_;
    } else if (datagrams_.size() == kDatagramsMax) {
        datagrams_.erase(std::min_element(datagrams_.begin(), datagrams_.end(), older));
        ++lost_;
    }
}

IpFragments::Place IpFragments::find_or_begin(const Frame& fragment) {
    lost_ += std::erase_if(datagrams_, [&](const Datagram& datagram) {
        return fragment.at - datagram.first.at > kPatience;
    });
    const auto found = std::find_if(
        datagrams_.begin(), datagrams_.end(),
        [&](const Datagram& datagram) { return is_of_same_datagram(datagram.first, fragment); });
    if (found != datagrams_.end()) {
        return found;
    }
    make_room(fragment);
    datagrams_.emplace_back();
    datagrams_.back().first = fragment;
    datagrams_.back().first.payload = {};  // a view of a packet that goes
    return std::prev(datagrams_.end());
}

void IpFragments::take_in(Datagram& datagram, const Frame& fragment) {
    const FragmentPart& part = *fragment.fragment;
    datagram.bytes_untold += fragment.ip_length;
    ++datagram.packets_untold;
    if (part.offset == 0 && !datagram.has_first) {
        const Timestamp since = datagram.first.at;
        datagram.first = fragment;
        datagram.has_first = read_ports(datagram.first);
        datagram.first.at = since;
        datagram.first.payload = {};
    }
    if (datagram.is_unreadable) {
        return;
    }
    const std::size_t end = part.offset + fragment.payload.size();
    const bool contradicts = !datagram.content.agrees_with(part.offset, fragment.payload) ||
                             (!part.more && datagram.length.value_or(end) != end) ||
                             datagram.length.value_or(end) < end;
    if (contradicts || !datagram.content.put(part.offset, fragment.payload)) {
        datagram.is_unreadable = true;
        datagram.content.clear();
        return;
    }
    if (!part.more) {
        datagram.length = end;
    }
}

std::optional<Frame> IpFragments::finish(Place datagram) {
    Frame first = datagram->first;
    first.ip_length = datagram->bytes_untold;
    first.packets = datagram->packets_untold;
    finished_ = std::move(datagram->content);
    datagrams_.erase(datagram);
    const auto whole = decode_reassembled(first, finished_.from(0));
    if (!whole) {
        ++lost_;
        return std::nullopt;
    }
    return *whole;
}

std::optional<Frame> IpFragments::add(const Frame& fragment) {
    const auto datagram = find_or_begin(fragment);
    take_in(*datagram, fragment);
    const bool is_whole = !datagram->is_unreadable && datagram->length &&
                          datagram->content.from(0).size() >= *datagram->length;
    if (is_whole) {
        auto whole = finish(datagram);
        if (whole) {
            whole->at = fragment.at;
        }
        return whole;
    }
    if (!datagram->has_first) {
        return std::nullopt;
    }
    Frame told = datagram->first;
    told.at = fragment.at;
    told.fragment.reset();
    told.payload_length = 0;
    told.ip_length = std::exchange(datagram->bytes_untold, 0U);
    told.packets = std::exchange(datagram->packets_untold, std::uint16_t{0});
    return told;
}

}  // namespace sporvakt::capture
