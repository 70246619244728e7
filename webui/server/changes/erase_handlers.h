#pragma once

#include "webui/server/call.h"

namespace sporvakt::webui {

/// DELETE /history: contacts of a device, of a time, or all, for good.
Answered<Response> delete_history(const Call& call);

/// DELETE /devices/{id}: all that is known of a device, and all its contacts.
Answered<Response> delete_device(const Call& call);

}  // namespace sporvakt::webui
