#pragma once

#include "core/base/ldns_wrap.h"
#include "core/base/result.h"

namespace sporvakt::dns {

/// Takes the keys for an encrypted ClientHello out of every SVCB and HTTPS record: the parameter
/// `ech`, and its mention among the mandatory ones (RFC 9460 §8), without which clients would
/// refuse the record.  Returns whether there were any.  Signatures no longer fit what is left.
Parsed<bool> strip_encrypted_hello(ldns_pkt* packet);

}  // namespace sporvakt::dns
