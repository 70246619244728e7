#pragma once

#include "core/base/result.h"
#include "dns/message/query.h"
#include "dns/message/stored_answer.h"

#include <cstdint>

namespace sporvakt::dns {

/// The answer for a name that is an alias of the one that `answer` is about: a CNAME record, then
/// the records of `answer`.  Not authentic, for nobody signed the alias; without proofs.
///
/// `asked` is the question for the alias.  An error when the answer's own bytes cannot be read, or
/// leave no room.
Parsed<StoredAnswer> behind_alias(const StoredAnswer& answer, const Query& asked,
                                  std::uint32_t alias_ttl);

}  // namespace sporvakt::dns
