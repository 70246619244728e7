#include "capture/flow.h"

#include <chrono>

namespace sporvakt::capture {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// How long a flow may be silent before it is over.
constexpr seconds kClosed{5};
constexpr seconds kUnopened{10};
constexpr seconds kTcp{300};
constexpr hours kRecorded{2};  // phones keep a tracker's connection open over long silences
constexpr seconds kUdp{60};
constexpr seconds kQuic{120};

std::chrono::milliseconds patience_with(const Flow& flow) {
    if (flow.is_closed) {
        return kClosed;
    }
    if (flow.judgement == Judgement::Recorded) {
        return kRecorded;
    }
    switch (flow.transport) {
        case FlowTransport::Udp:
            return kUdp;
        case FlowTransport::Quic:
            return kQuic;
        case FlowTransport::Tcp:
            break;
    }
    const bool is_open = flow.has_sent || flow.is_answered || !flow.has_opening;
    return is_open ? kTcp : kUnopened;
}

}  // namespace

Endpoint FlowKey::first() const {
    const auto family = static_cast<IpFamily>((words[4] >> kFirstFamilyAt) & 0xffU);
    return {IpAddress::from_words(family, {words[0], words[1]}),
            static_cast<std::uint16_t>(words[4] >> kFirstPortAt)};
}

Endpoint FlowKey::second() const {
    const auto family = static_cast<IpFamily>(words[4] & 0xffU);
    return {IpAddress::from_words(family, {words[2], words[3]}),
            static_cast<std::uint16_t>(words[4] >> kSecondPortAt)};
}

devices::DeviceId Flow::device() const {
    if (has_mac) {
        return devices::DeviceId(device_mac);
    }
    return devices::DeviceId((is_device_server ? server() : client()).address);
}

std::string_view Flow::claimed() const {
    return attribution == nullptr ? std::string_view{} : attribution->claimed.text();
}

std::string_view Flow::inferred() const {
    return attribution == nullptr ? std::string_view{} : attribution->inferred.text();
}

Attribution& Flow::attribute() {
    if (attribution == nullptr) {
        attribution = std::make_unique<Attribution>();
    }
    return *attribution;
}

bool Flow::is_over(Timestamp now) const {
    const auto silence = now - last_seen;
    return silence > kClosed && silence > patience_with(*this);
}

FlowSummary Flow::summary() const {
    FlowSummary told;
    told.transport = transport;
    told.client = client();
    told.server = server();
    told.device = device();
    told.name = claimed();
    told.origin = told.name.empty() && origin != NameOrigin::Ambiguous ? NameOrigin::None : origin;
    if (attribution != nullptr) {
        told.inferred = {std::string(inferred()), attribution->certainty};
    }
    if (told.origin == NameOrigin::None && !told.inferred.name.empty()) {
        told.name = told.inferred.name;
        told.origin = NameOrigin::Dns;
    }
    if (has_encrypted_hello) {
        told.encrypted_hello = is_name_front ? EncryptedHello::Hidden : EncryptedHello::Grease;
    }
    told.bypass = bypass;
    told.answered = is_answered;
    told.bytes_up = bytes_up;
    told.bytes_down = bytes_down;
    told.packets_up = packets_up;
    told.packets_down = packets_down;
    told.first_seen = first_seen;
    told.last_seen = last_seen;
    return told;
}

}  // namespace sporvakt::capture
