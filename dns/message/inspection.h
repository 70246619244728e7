#pragma once

#include "core/base/byte_reader.h"
#include "core/base/record_type.h"
#include "core/base/result.h"
#include "dns/message/stored_answer.h"

namespace sporvakt::dns {

/// Reads an upstream's reply (hostile bytes) into the form that we keep: its targets listed, its
/// lifetime worked out (RFC 2308), EDNS taken off, a second form without DNSSEC records.
///
/// `type` is the question's.  The reply must hold exactly one question.  `received` and
/// `is_authentic` are left for the caller.
Parsed<StoredAnswer> inspect_reply(Bytes reply, RecordType type);

/// The same by the general reader alone.  inspect_reply() has it read what read_common_reply() does
/// not; where both read a reply they must agree, and tests hold them to it.
Parsed<StoredAnswer> inspect_any_reply(Bytes reply, RecordType type);

}  // namespace sporvakt::dns
