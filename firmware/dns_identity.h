#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "dns/tls/tls_context.h"
#include "firmware/configuration.h"

#include <memory>

namespace sporvakt::firmware {

/// The certificate for DNS over TLS: the configured one, or one that is made in the storage
/// directory at the first start.  Null when the resolver does not listen for TLS.
///
/// InvalidInput when the owner's files do not do; Storage when ours cannot be made.
Result<std::shared_ptr<const dns::TlsContext>> dns_identity(const Configuration& configuration,
                                                            Timestamp now);

}  // namespace sporvakt::firmware
