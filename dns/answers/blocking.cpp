#include "dns/answers/blocking.h"

#include "core/policy/reason_text.h"
#include "dns/message/answer_writer.h"

#include <algorithm>
#include <array>

namespace sporvakt::dns {
namespace {

policy::ReasonText describe(const Blocking& blocking, const policy::Policy& policy) {
    policy::ReasonText text = policy::reason_text(blocking.verdict, policy);
    if (const auto company = policy.company(blocking.verdict.company)) {
        text.add("; tracker of ");
        text.add(company->name);
    }
    if (!blocking.behind.empty()) {
        text.add("; disguised: ");
        text.add(blocking.behind);
    }
    return text;
}

/// The address that stands in for the real one; nothing: the answer is "no data".
std::optional<IpAddress> address_for(RecordType type, const BlockingMode& mode) {
    if (mode.answer == BlockingMode::Answer::NoData ||
        (type != RecordType::A && type != RecordType::Aaaa)) {
        return std::nullopt;
    }
    if (mode.answer == BlockingMode::Answer::OwnAddress) {
        return type == RecordType::A ? mode.ipv4 : mode.ipv6;
    }
    if (type == RecordType::A) {
        return IpAddress();
    }
    constexpr std::array<std::uint8_t, 16> kUnspecified{};
    return *IpAddress::from_bytes(kUnspecified);
}

ledger::Cause cause_of(const Blocking& blocking) {
    if (!blocking.behind.empty()) {
        return ledger::Cause::Cloaked;
    }
    return blocking.verdict.is_by_household() ? ledger::Cause::Household : ledger::Cause::List;
}

}  // namespace

Count count_of(const Blocking& blocking) {
    const ledger::Cause cause = cause_of(blocking);
    if (cause == ledger::Cause::Cloaked) {
        return Count::Cloaked;
    }
    return cause == ledger::Cause::Household ? Count::ByHousehold : Count::ByList;
}

BlockingMode mode_for(BlockingMode household, const policy::AnswerWishes& wishes) {
    using Blocked = policy::AnswerWishes::Blocked;
    using Answer = BlockingMode::Answer;
    switch (wishes.blocked) {
        case Blocked::AsHousehold:
            break;
        case Blocked::NullAddress:
            household.answer = Answer::NullAddress;
            break;
        case Blocked::NoSuchName:
            household.answer = Answer::NoSuchName;
            break;
        case Blocked::NoData:
            household.answer = Answer::NoData;
            break;
        case Blocked::Refused:
            household.answer = Answer::Refused;
            break;
    }
    return household;
}

std::size_t write_blocked_answer(std::span<std::uint8_t> out, const Query& query,
                                 const Refusal& refusal) {
    const BlockingMode& mode = refusal.mode;
    AnswerWriter writer(out, query);
    if (mode.answer == BlockingMode::Answer::Refused) {
        writer.rcode(Rcode::Refused);
    } else if (mode.answer == BlockingMode::Answer::NoSuchName) {
        writer.rcode(Rcode::NxDomain).negative(mode.ttl);
    } else if (const auto address = address_for(query.type(), mode)) {
        writer.address(*address, mode.ttl);
    } else {
        writer.negative(mode.ttl);
    }
    if (!query.has_edns()) {
        return writer.finish();
    }
    const policy::ReasonText why = describe(refusal.blocking, refusal.policy);
    return writer.finish(ErrorReport{ExtendedError::Blocked, why.text()});
}

ledger::SightingView blocked_sighting(const Query& query, const devices::DeviceId& device,
                                      const Blocking& blocking, Timestamp now) {
    ledger::SightingView sighting;
    sighting.at = now;
    sighting.last = now;
    sighting.device = device;
    sighting.name = query.name();
    sighting.company = blocking.verdict.company;
    sighting.purpose = blocking.verdict.purpose;
    sighting.outcome = ledger::Outcome::Prevented;
    sighting.source = ledger::NameSource::Query;
    sighting.cause = cause_of(blocking);
    sighting.attempts = 1;
    sighting.rule = blocking.verdict.rule;
    sighting.list = blocking.verdict.list;
    sighting.detail = blocking.behind;
    return sighting;
}

}  // namespace sporvakt::dns
