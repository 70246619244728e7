#pragma once

#include "webui/server/call.h"

#include <cstddef>

namespace sporvakt::webui {

// Contacts one by one, by name, and what they can be for (docs/api/openapi.yaml).

/// Contacts that get_contacts() adds up at most: about a day of a busy house.
constexpr std::size_t kAddedUpMax = 20'000;

Answered<Response> get_contacts(const Call& call);
Answered<Response> get_events(const Call& call);

/// The raw events of the last 24 hours, which are in memory alone.
Answered<Response> get_recent(const Call& call);

Answered<Response> get_purposes(const Call& call);

}  // namespace sporvakt::webui
