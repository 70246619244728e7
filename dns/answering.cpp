#include "dns/answering.h"

#include "dns/answers/cloaking.h"
#include "dns/answers/refusals.h"
#include "dns/message/answer_writer.h"

#include <algorithm>

namespace sporvakt::dns {
namespace {

std::span<std::uint8_t> room_for(const Client& client, const Query& query,
                                 std::span<std::uint8_t> out) {
    return client.transport == Transport::Tcp
               ? out
               : out.first(std::min(out.size(), query.udp_answer_max()));
}

std::string_view failure_text(ExtendedError failure) {
    switch (failure) {
        case ExtendedError::NoReachableAuthority:
            return "no upstream answered in time";
        case ExtendedError::DnssecBogus:
            return "DNSSEC validation failed";
        case ExtendedError::NetworkError:
        case ExtendedError::Blocked:
        case ExtendedError::Prohibited:
        case ExtendedError::Other:
            break;
    }
    return "upstream failed";
}

}  // namespace

Answering::Answering(const Parts& parts) : parts_(parts) {
    refresh();
}

void Answering::refresh() {
    policy_ = parts_.inputs.policy.get();
    batch_began_ = parts_.inputs.clock.moment();
}

Reply Answering::answer(Bytes message, const Client& client, std::span<std::uint8_t> whole_out) {
    // First, before anything that costs.
    const auto verdict = parts_.admission.admit(client.address, batch_began_);
    if (verdict == Admission::Verdict::OverLimit && client.transport == Transport::Tcp) {
        parts_.counters.add(Count::OverLimit);
        return {Reply::Kind::Wait, 0};
    }
    parts_.counters.add(Count::Received);
    const auto query = Query::parse(message);
    if (!query) {
        const bool is_welcome = verdict == Admission::Verdict::Admitted;
        return now(count_of(query.error()),
                   is_welcome ? write_fault(whole_out, message, query.error()) : 0);
    }
    const std::span<std::uint8_t> out = room_for(client, *query, whole_out);
    if (const auto turned_away = turn_away(verdict, *query, out)) {
        return *turned_away;
    }
    if (const std::size_t length = write_refusal(out, *query); length > 0) {
        const bool is_any = query->type() == RecordType::Any;
        return now(is_any ? Count::AnsweredHere : Count::Refused, length);
    }
    // First of all answers: such names never leave the house, whatever a list says.
    // (The names of the house's own devices come next to them.)
    if (const auto special =
            special_answer(query->name(), query->type(), parts_.settings.canary_names)) {
        return now(Count::AnsweredHere, write_special_answer(out, *query, *special));
    }
    // Before the cache, so that a new rule works at once.
    const Judged judged = judge(*query, parts_.inputs.devices.device_at(client.address));
    if (judged.verdict.is_blocked()) {
        return {Reply::Kind::Now, block(judged, Blocking{judged.verdict, {}}, out)};
    }
    const QuestionKey key = query->key();
    if (const auto answer = parts_.cache.find(key.text(), parts_.inputs.clock.moment())) {
        return {Reply::Kind::Now, give(judged, *answer, Count::Cached, out)};
    }
    // Last: the only step that waits for the Internet.
    forwarding_->ask(Waiter{parts_.worker, *query, client, judged.device});
    return {Reply::Kind::Later, 0};
}

// What becomes of a client that may not ask, or asks too much over UDP; empty for all others.
std::optional<Reply> Answering::turn_away(Admission::Verdict verdict, const Query& query,
                                          std::span<std::uint8_t> out) {
    Admission& admission = parts_.admission;
    switch (verdict) {
        case Admission::Verdict::Admitted:
            return std::nullopt;
        case Admission::Verdict::Outside:
            return now(Count::Outside, admission.may_refuse_outside(batch_began_)
                                           ? write_prohibited(out, query)
                                           : 0);
        case Admission::Verdict::OverLimit:
            break;
    }
    if (!admission.may_answer_over_limit()) {
        return now(Count::OverLimit, 0);
    }
    return now(Count::OverLimit, admission.over_limit() == OverLimitAnswer::Truncate
                                     ? write_truncated(out, query)
                                     : write_over_limit(out, query));
}

std::size_t Answering::finish(const Waiter& waiter, const UpstreamOutcome& outcome,
                              std::span<std::uint8_t> whole_out) {
    const std::span<std::uint8_t> out = room_for(waiter.client, waiter.query, whole_out);
    if (!outcome.answer) {
        // (A stale answer would be given here first, RFC 8767.)
        parts_.counters.add(Count::Failed);
        return AnswerWriter(out, waiter.query)
            .rcode(Rcode::ServFail)
            .finish(ErrorReport{outcome.failure, failure_text(outcome.failure)});
    }
    // Once more: the policy may have changed while the client waited.
    const Judged judged = judge(waiter.query, waiter.device);
    if (judged.verdict.is_blocked()) {
        return block(judged, Blocking{judged.verdict, {}}, out);
    }
    return give(judged, *outcome.answer, Count::Answered, out);
}

bool Answering::may_keep(const Waiter& leader, const StoredAnswer& answer) const {
    const Judged judged = judge(leader.query, leader.device);
    return !judged.verdict.is_blocked() &&
           !find_cloaked(answer, judged.question(), judged.verdict, *policy_);
}

Answering::Judged Answering::judge(const Query& query, const devices::DeviceId& device) const {
    Judged judged{query, device, {}};
    if (!query.name().empty()) {  // nobody has a rule for the root
        judged.verdict = policy_->judge(judged.question());
    }
    return judged;
}

std::size_t Answering::block(const Judged& judged, const Blocking& blocking,
                             std::span<std::uint8_t> out) {
    parts_.counters.add(Count::Blocked);
    if (!blocking.behind.empty()) {
        parts_.counters.add(Count::Cloaked);
    }
    parts_.inputs.sightings.record(
        blocked_sighting(judged.query, judged.device, blocking, parts_.inputs.clock.now()));
    return write_blocked_answer(out, judged.query, {blocking, *policy_, parts_.settings.blocking});
}

std::size_t Answering::give(const Judged& judged, const StoredAnswer& answer, Count kind,
                            std::span<std::uint8_t> out) {
    if (const auto cloaked = find_cloaked(answer, judged.question(), judged.verdict, *policy_)) {
        return block(judged, *cloaked, out);
    }
    // (A private address for a public name would be stopped here.)
    parts_.counters.add(kind);
    const std::size_t length =
        write_stored_answer(out, judged.query, answer, parts_.inputs.clock.moment());
    if ((load16(out, 2) & kFlagTruncated) != 0) {
        parts_.counters.add(Count::Truncated);
    }
    return length;
}

Reply Answering::now(Count kind, std::size_t length) {
    parts_.counters.add(kind);
    return {length > 0 ? Reply::Kind::Now : Reply::Kind::Never, length};
}

}  // namespace sporvakt::dns
