#include "capture/ip_fragments.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sporvakt::capture {
namespace {

constexpr std::chrono::seconds kPatience{5};

}  // namespace

void IpFragments::forget_oldest() {
    datagrams_.erase(std::min_element(
        datagrams_.begin(), datagrams_.end(),
        [](const Datagram& left, const Datagram& right) { return left.since < right.since; }));
}

std::vector<IpFragments::Datagram>::iterator IpFragments::find_or_begin(const Frame& fragment) {
    std::erase_if(datagrams_, [&](const Datagram& datagram) {
        return fragment.at - datagram.since > kPatience;
    });
    const auto found =
        std::find_if(datagrams_.begin(), datagrams_.end(), [&](const Datagram& datagram) {
            return datagram.id == fragment.fragment->id && datagram.protocol == fragment.protocol &&
                   datagram.source == fragment.source &&
                   datagram.destination == fragment.destination;
        });
    if (found != datagrams_.end()) {
        return found;
    }
    if (datagrams_.size() == kDatagramsMax) {
        forget_oldest();
    }
    Datagram datagram;
    datagram.source = fragment.source;
    datagram.destination = fragment.destination;
    datagram.id = fragment.fragment->id;
    datagram.protocol = fragment.protocol;
    datagram.since = fragment.at;
    datagrams_.push_back(std::move(datagram));
    return std::prev(datagrams_.end());
}

std::optional<Frame> IpFragments::add(const Frame& fragment) {
    const auto datagram = find_or_begin(fragment);
    const FragmentPart& part = *fragment.fragment;
    const std::size_t end = part.offset + fragment.payload.size();
    const bool contradicts = !datagram->content.agrees_with(part.offset, fragment.payload) ||
                             (!part.more && datagram->length.value_or(end) != end) ||
                             datagram->length.value_or(end) < end;
    if (contradicts || !datagram->content.put(part.offset, fragment.payload)) {
        datagrams_.erase(datagram);
        return std::nullopt;
    }
    datagram->ip_bytes += fragment.ip_length;
    if (!part.more) {
        datagram->length = end;
    }
    if (!datagram->length || datagram->content.from(0).size() < *datagram->length) {
        return std::nullopt;
    }
    Frame whole = fragment;
    whole.ip_length = datagram->ip_bytes;
    finished_ = std::move(datagram->content);
    datagrams_.erase(datagram);
    if (!decode_transport(whole, finished_.from(0))) {
        return std::nullopt;
    }
    return whole;
}

}  // namespace sporvakt::capture
