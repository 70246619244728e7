#include "dns/tap/tap.h"

namespace sporvakt::dns {
namespace {

// A Clock's wall time is of whole milliseconds: less than this is no change of it.
constexpr std::chrono::milliseconds kStepMin{5};

}  // namespace

Tap::Tap(const Parts& parts) : parts_(parts), offset_(offset_now()) {}

void Tap::query(const Client& client, Bytes message, Moment asked) {
    tell({.kind = TapMessage::Kind::Query, .asked = time_of(asked), .message = message}, client);
}

void Tap::response(const Client& client, Bytes message, Moment asked) {
    tell({.kind = TapMessage::Kind::Response,
          .asked = time_of(asked),
          .answered = time_of(parts_.clock.moment()),
          .message = message},
         client);
}

void Tap::adjust() {
    const auto offset = offset_now();
    if (std::chrono::abs(offset - offset_) >= kStepMin) {
        offset_ = offset;
    }
}

void Tap::tell(TapMessage message, const Client& client) {
    if (!parts_.output.is_read()) {
        parts_.counters.add(Count::TapLost);
        return;
    }
    message.transport = client.transport;
    message.client = endpoint_of(client);
    message.own = asked_endpoint(client, parts_.listening);
    const TapPrefix prefix(message);
    if (!parts_.output.ring(parts_.worker).try_push(prefix.bytes(), message.message)) {
        parts_.counters.add(Count::TapLost);
    }
}

std::chrono::nanoseconds Tap::offset_now() const {
    return parts_.clock.now().time_since_epoch() - parts_.clock.moment().time_since_epoch();
}

}  // namespace sporvakt::dns
