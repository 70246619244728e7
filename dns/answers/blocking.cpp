#include "dns/answers/blocking.h"

#include "dns/message/answer_writer.h"

#include <algorithm>
#include <array>

namespace sporvakt::dns {
namespace {

/// A sentence in a fixed buffer: every blocked query writes one, so it must not allocate.
class Sentence {
public:
    void add(std::string_view text) {
        const std::size_t kept = std::min(text.size(), text_.size() - length_);
        std::copy_n(text.begin(), kept, text_.begin() + static_cast<std::ptrdiff_t>(length_));
        length_ += kept;
    }
    [[nodiscard]] std::string_view text() const { return {text_.data(), length_}; }

private:
    // One byte over the limit lets the writer see that it has to cut.
    std::array<char, kErrorTextMax + 1> text_{};
    std::size_t length_ = 0;
};

Sentence describe(const Blocking& blocking, const policy::Policy& policy) {
    Sentence sentence;
    if (blocking.verdict.is_by_household()) {
        sentence.add("Blocked by this household");
    } else {
        sentence.add("Blocked by list ");
        sentence.add(blocking.verdict.list);
    }
    if (const auto company = policy.company(blocking.verdict.company)) {
        sentence.add(", tracker of ");
        sentence.add(company->name);
    }
    if (!blocking.behind.empty()) {
        sentence.add(", disguised: ");
        sentence.add(blocking.behind);
    }
    return sentence;
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
    const Sentence sentence = describe(refusal.blocking, refusal.policy);
    return writer.finish(ErrorReport{ExtendedError::Blocked, sentence.text()});
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
