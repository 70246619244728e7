#pragma once

#include "dns/message/wire.h"

#include <cstdint>
#include <string_view>

namespace sporvakt::dns {

/// What the owner of the machine can do about answers that cannot be validated.
enum class ValidationHint : std::uint8_t {
    None,          ///< The zone's own fault.
    StripsDnssec,  ///< Not even the root's keys come signed: the forwarder leaves DNSSEC out.
    WrongClock,    ///< The root's keys are out of their time: or rather, we are.
};

/// Why the validator does not believe an answer.
struct ValidationFailure {
    ExtendedError code = ExtendedError::DnssecBogus;
    ValidationHint hint = ValidationHint::None;
};

/// Reads the sentence that libunbound gives for a bogus answer (its validator knows the codes of
/// RFC 8914, but does not hand them out).  DnssecBogus for every sentence that we do not know.
ValidationFailure explain_validation(std::string_view why_bogus);

/// For the log, once; empty for None.
std::string_view advice(ValidationHint hint);

}  // namespace sporvakt::dns
