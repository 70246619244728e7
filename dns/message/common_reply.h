#pragma once

#include "core/base/byte_reader.h"
#include "core/base/record_type.h"
#include "dns/message/stored_answer.h"

#include <optional>

namespace sporvakt::dns {

/// Reads the replies that nearly all questions get, in one pass and without building a packet from
/// them: addresses, aliases, and the zone's start where there is none (A, AAAA, CNAME, SOA), then
/// at most the upstream's EDNS.  Costs a fifth of the general reader.
///
/// Every name must be written plainly: labels, then the root or a pointer to the beginning of a
/// label of a name before it.  So what we keep can be the upstream's own bytes: no name in it
/// changes when we put in our id, our flags and aged TTLs.
///
/// The result is that of inspect_any_reply(), but for how names are compressed.  Empty: something
/// else is in it, or it is not in order; that is for the general reader to say.
std::optional<StoredAnswer> read_common_reply(Bytes reply, RecordType type);

}  // namespace sporvakt::dns
