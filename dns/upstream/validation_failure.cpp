#include "dns/upstream/validation_failure.h"

#include <array>

namespace sporvakt::dns {
namespace {

struct Phrase {
    std::string_view text;
    ExtendedError code;
};

// Of libunbound 1.17.1; the first that occurs decides.
constexpr std::array kPhrases{
    Phrase{"signature expired", ExtendedError::SignatureExpired},
    Phrase{"signature before inception date", ExtendedError::SignatureNotYetValid},
    Phrase{"no DNSKEY rrset", ExtendedError::DnskeyMissing},
    Phrase{"zone has no DNSKEY", ExtendedError::DnskeyMissing},
    Phrase{"could not fetch DNSKEY", ExtendedError::DnskeyMissing},
    Phrase{"no keys have a DS", ExtendedError::DnskeyMissing},
    Phrase{"no signatures", ExtendedError::RrsigsMissing},
    Phrase{"signature missing", ExtendedError::RrsigsMissing},
    Phrase{"no DNSSEC records", ExtendedError::RrsigsMissing},
    Phrase{"no NSEC", ExtendedError::NsecMissing},
    Phrase{"no valid NSEC3s", ExtendedError::NsecMissing},
    Phrase{"no DS but also no proof of that", ExtendedError::NsecMissing},
    Phrase{"proof failed", ExtendedError::NsecMissing},
    Phrase{"message fails to prove that", ExtendedError::NsecMissing},
};

bool holds(std::string_view text, std::string_view phrase) {
    return text.find(phrase) != std::string_view::npos;
}

ExtendedError code_of(std::string_view why_bogus) {
    for (const Phrase& phrase : kPhrases) {
        if (holds(why_bogus, phrase.text)) {
            return phrase.code;
        }
    }
    return ExtendedError::DnssecBogus;
}

}  // namespace

ValidationFailure explain_validation(std::string_view why_bogus) {
    // "validation failure <NAME TYPE CLASS>: REASON": a name must not be taken for a reason.
    const std::size_t reason_at = why_bogus.find(">: ");
    const std::string_view reason =
        reason_at == std::string_view::npos ? why_bogus : why_bogus.substr(reason_at);
    ValidationFailure failure{code_of(reason), ValidationHint::None};
    if (holds(reason, "trust anchor")) {
        const bool is_of_time = failure.code == ExtendedError::SignatureExpired ||
                                failure.code == ExtendedError::SignatureNotYetValid;
        failure.hint = is_of_time ? ValidationHint::WrongClock : ValidationHint::StripsDnssec;
    }
    return failure;
}

std::string_view advice(ValidationHint hint) {
    switch (hint) {
        case ValidationHint::None:
            break;
        case ValidationHint::StripsDnssec:
            return "upstream: names cannot be validated, and are answered SERVFAIL: not even the "
                   "keys of the root come signed.  Most likely the resolver in [dns] upstream "
                   "leaves DNSSEC out; take another, or write dnssec = false";
        case ValidationHint::WrongClock:
            return "upstream: names cannot be validated, and are answered SERVFAIL: the signature "
                   "of the root's keys is out of its time.  Is this machine's clock right?";
    }
    return {};
}

}  // namespace sporvakt::dns
