#pragma once

#include "core/devices/device_id.h"
#include "core/policy/policy.h"
#include "dns/answers/blocking.h"
#include "dns/message/query.h"
#include "dns/message/stored_answer.h"

#include <optional>

namespace sporvakt::dns {

/// Does the answer to an innocent name lead to a blocked one (CNAME cloaking)?  Judges each target
/// of the answer for this device; the first blocked one is named.
///
/// `asked` is the verdict on the name asked for: where a list or the household allows that by a
/// rule, or protection is paused, what is behind it is allowed too.
std::optional<Blocking> find_cloaked(const StoredAnswer& answer, const policy::Question& question,
                                     const policy::Verdict& asked, const policy::Policy& policy);

}  // namespace sporvakt::dns
