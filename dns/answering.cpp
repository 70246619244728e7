#include "dns/answering.h"

#include "core/base/big_endian.h"
#include "dns/answers/cloaking.h"
#include "dns/answers/designated_resolver.h"
#include "dns/answers/rebinding.h"
#include "dns/answers/refusals.h"
#include "dns/message/alias_answer.h"
#include "dns/message/answer_writer.h"

#include <algorithm>

namespace sporvakt::dns {
namespace {

std::span<std::uint8_t> room_for(const Client& client, const Query& query,
                                 std::span<std::uint8_t> out) {
    return client.transport != Transport::Udp
               ? out
               : out.first(std::min(out.size(), query.udp_answer_max()));
}

std::string_view failure_text(ExtendedError failure) {
    switch (failure) {
        case ExtendedError::NoReachableAuthority:
            return "no upstream answered in time";
        case ExtendedError::DnssecBogus:
            return "DNSSEC validation failed";
        case ExtendedError::SignatureExpired:
            return "DNSSEC: a signature has expired";
        case ExtendedError::SignatureNotYetValid:
            return "DNSSEC: a signature is not yet valid";
        case ExtendedError::DnskeyMissing:
            return "DNSSEC: the zone's key is missing";
        case ExtendedError::RrsigsMissing:
            return "DNSSEC: signatures are missing";
        case ExtendedError::NsecMissing:
            return "DNSSEC: the proof that there is none is missing";
        case ExtendedError::NetworkError:
        case ExtendedError::Blocked:
        case ExtendedError::Prohibited:
        case ExtendedError::Other:
        case ExtendedError::StaleAnswer:
        case ExtendedError::StaleNxDomain:
            break;
    }
    return "upstream failed";
}

}  // namespace

Answering::Answering(const Parts& parts)
    : parts_(parts), names_(std::make_shared<const LocalNames>()) {
    refresh();
    refresh_names();
}

void Answering::refresh() {
    policy_ = parts_.inputs.policy.get();
    batch_began_ = parts_.inputs.clock.moment();
}

void Answering::refresh_names() {
    if (parts_.inputs.local_names != nullptr) {
        names_ = parts_.inputs.local_names->get();
    }
}

Reply Answering::answer(Bytes message, const Client& client, std::span<std::uint8_t> whole_out) {
    // First, before anything that costs.
    auto verdict = parts_.admission.admit(client.address, batch_began_);
    if (verdict == Admission::Verdict::OverLimit && client.transport != Transport::Udp) {
        parts_.counters.add(Count::OverLimit);
        return {Reply::Kind::Wait, 0};
    }
    parts_.counters.add(Count::Received);
    auto query = Query::parse(message);
    if (!query) {
        const bool is_welcome = verdict == Admission::Verdict::Admitted;
        return now(count_of(query.error()),
                   is_welcome ? write_fault(whole_out, message, query.error()) : 0);
    }
    const std::span<std::uint8_t> out = room_for(client, *query, whole_out);
    const Address address = read_options(*query, client);
    if (verdict == Admission::Verdict::OverLimit && address == Address::Proven &&
        parts_.admission.admit_proven(client.address, batch_began_)) {
        verdict = Admission::Verdict::Admitted;
    }
    if (const auto turned_away = turn_away(verdict, address, *query, out)) {
        return *turned_away;
    }
    parts_.counters.add(question_kind(query->type()));
    return parts_.tap == nullptr ? answer_question(*query, client, out)
                                 : answer_tapped(message, *query, client, out);
}

// Not for those who may not ask: who floods us would flood the log.
Reply Answering::answer_tapped(Bytes message, const Query& query, const Client& client,
                               std::span<std::uint8_t> out) {
    const Moment asked = parts_.inputs.clock.moment();
    parts_.tap->query(client, message, asked);
    const Reply reply = answer_question(query, client, out);
    if (reply.kind == Reply::Kind::Now) {
        parts_.tap->response(client, Bytes(out).first(reply.length), asked);
    }
    return reply;
}

Reply Answering::answer_question(const Query& query, const Client& client,
                                 std::span<std::uint8_t> out) {
    if (const std::size_t length = write_refusal(out, query); length > 0) {
        const bool is_any = query.type() == RecordType::Any;
        return now(is_any ? Count::AnsweredHere : Count::Refused, length);
    }
    // First of all answers: such names never leave the house, whatever a list says.
    if (const auto local = answer_local(query, client, out)) {
        return *local;
    }
    if (const auto special = answer_special(query, client, out)) {
        return *special;
    }
    return answer_judged(judge(query, parts_.inputs.devices.device_at(client.address)), client,
                         out);
}

std::optional<Reply> Answering::answer_special(const Query& query, const Client& client,
                                               std::span<std::uint8_t> out) {
    const auto special =
        special_answer(query.name(), query.type(), canary_names_for(query, client));
    if (!special || parts_.settings.zones.forwarded.contains(query.name())) {
        return std::nullopt;
    }
    const std::size_t designation =
        asks_for_designation(query)
            ? write_designation(out, query, asked_address(client, parts_.listening),
                                parts_.tls_listening)
            : 0;
    return now(Count::AnsweredHere,
               designation > 0 ? designation : write_special_answer(out, query, *special));
}

CanaryNames Answering::canary_names_for(const Query& query, const Client& client) const {
    using Wish = policy::AnswerWishes::Wish;
    CanaryNames names = parts_.settings.canary_names;
    const policy::Group* const group =
        is_canary_name(query.name())
            ? policy_->group_of(parts_.inputs.devices.device_at(client.address))
            : nullptr;
    if (group != nullptr && group->answers.canary_names != Wish::AsHousehold) {
        names.answered.fill(group->answers.canary_names == Wish::Yes);
    }
    return names;
}

std::optional<Reply> Answering::answer_local(const Query& query, const Client& client,
                                             std::span<std::uint8_t> out) {
    const auto local = names_->find(query);
    if (!local ||
        (local->knows_nothing() && parts_.settings.zones.forwarded.contains(query.name()))) {
        return std::nullopt;
    }
    if (local->kind != LocalAnswer::Kind::Outside || query.type() == RecordType::Cname) {
        return now(Count::AnsweredHere, write_local_answer(out, query, *local));
    }
    // The household's own alias: its target is judged and asked for like any other name.
    const Query target = query.about(WireName(local->name));
    Judged judged = judge(target, parts_.inputs.devices.device_at(client.address));
    judged.alias = &query;
    return answer_judged(judged, client, out);
}

Reply Answering::answer_judged(const Judged& judged, const Client& client,
                               std::span<std::uint8_t> out) {
    // Before the cache, so that a new rule works at once.
    if (judged.verdict.is_blocked()) {
        return {Reply::Kind::Now, block_by_name(judged, out)};
    }
    const QuestionKey key = judged.query.key();
    const Moment asked = parts_.inputs.clock.moment();
    const auto cached = parts_.cache.find(key.text(), asked);
    if (cached.is_due) {
        forwarding_->refresh(
            Waiter{parts_.worker, judged.query, client, judged.device, nullptr, asked});
    }
    if (cached.answer) {
        return {Reply::Kind::Now, give(judged, *cached.answer, Count::Cached, out)};
    }
    // Last: the only step that waits for the Internet.
    auto alias = judged.alias == nullptr ? nullptr : std::make_shared<const Query>(*judged.alias);
    forwarding_->ask(
        Waiter{parts_.worker, judged.query, client, judged.device, std::move(alias), asked});
    return {Reply::Kind::Later, 0};
}

Answering::Address Answering::read_options(Query& query, const Client& client) {
    const EdnsOptions& asked = query.options();
    EdnsReply reply;
    if (asked.wants_keepalive && client.transport != Transport::Udp) {
        reply.keepalive = kConnectionIdleMax;  // over UDP it means nothing (RFC 7828 §3.2.1)
    }
    if (asked.is_padded && client.transport == Transport::Tls) {
        reply.padding_block = kPaddingBlock;  // only where lengths are all that can be seen
    }
    Address address = Address::Claimed;
    if (!asked.cookie().empty()) {
        const ServerCookies& cookies = parts_.admission.cookies();
        const Timestamp now = parts_.inputs.clock.now();
        if (cookies.is_valid(asked.cookie(), client.address, now)) {
            address = Address::Proven;
            parts_.counters.add(Count::ProvenAddress);
        }
        reply.cookie = cookies.answer_to(asked.cookie(), client.address, now);
    }
    query.reply_with(reply);
    return address;
}

// What becomes of a client that may not ask, or asks too much over UDP; empty for all others.
std::optional<Reply> Answering::turn_away(Admission::Verdict verdict, Address address,
                                          const Query& query, std::span<std::uint8_t> out) {
    Admission& admission = parts_.admission;
    switch (verdict) {
        case Admission::Verdict::Admitted:
            return std::nullopt;
        case Admission::Verdict::Outside:
            if (!admission.may_refuse_outside(batch_began_)) {
                parts_.counters.add(Count::OutsideDropped);
                return now(Count::Outside, 0);
            }
            return now(Count::Outside, write_prohibited(out, query));
        case Admission::Verdict::OverLimit:
            break;
    }
    if (!admission.may_answer_over_limit()) {
        parts_.counters.add(Count::LimitDropped);
        return now(Count::OverLimit, 0);
    }
    if (address == Address::Claimed && !query.options().cookie().empty()) {
        // It has a new cookie now, and may prove itself (RFC 7873 §5.2.3).
        return now(Count::OverLimit, AnswerWriter(out, query).rcode(Rcode::BadCookie).finish());
    }
    return now(Count::OverLimit, admission.over_limit() == OverLimitAnswer::Truncate
                                     ? write_truncated(out, query)
                                     : write_over_limit(out, query));
}

std::size_t Answering::finish(const Waiter& waiter, const UpstreamOutcome& outcome,
                              std::span<std::uint8_t> whole_out) {
    const std::size_t length = write_outcome(waiter, outcome, whole_out);
    if (parts_.tap != nullptr) {
        parts_.tap->response(waiter.client, Bytes(whole_out).first(length), waiter.asked);
    }
    return length;
}

std::size_t Answering::write_outcome(const Waiter& waiter, const UpstreamOutcome& outcome,
                                     std::span<std::uint8_t> whole_out) {
    const std::span<std::uint8_t> out = room_for(waiter.client, waiter.query, whole_out);
    if (!outcome.answer) {
        return fail(waiter.alias ? *waiter.alias : waiter.query, outcome.failure, out);
    }
    // Once more: the policy may have changed while the client waited.
    Judged judged = judge(waiter.query, waiter.device);
    judged.alias = waiter.alias.get();
    if (judged.verdict.is_blocked()) {
        return block_by_name(judged, out);
    }
    const bool is_stale = outcome.freshness == Freshness::Stale;
    return give(judged, *outcome.answer, is_stale ? Count::Stale : Count::Answered, out);
}

bool Answering::may_keep(const Query& query, const devices::DeviceId& device,
                         const StoredAnswer& answer) const {
    const Judged judged = judge(query, device);
    return !judged.verdict.is_blocked() &&
           !find_cloaked(answer, judged.question(), judged.verdict, *policy_);
}

Answering::Judged Answering::judge(const Query& query, const devices::DeviceId& device) const {
    Judged judged{query, device, {}, nullptr};
    if (!query.name().empty()) {  // nobody has a rule for the root
        judged.verdict = policy_->judge(judged.question());
    }
    return judged;
}

std::size_t Answering::fail(const Query& asked, ExtendedError failure,
                            std::span<std::uint8_t> out) {
    parts_.counters.add(Count::Failed);
    return AnswerWriter(out, asked)
        .rcode(Rcode::ServFail)
        .finish(ErrorReport{failure, failure_text(failure)});
}

std::size_t Answering::block_by_name(const Judged& judged, std::span<std::uint8_t> out) {
    const std::string_view behind =
        judged.alias == nullptr ? std::string_view() : judged.query.name();
    return block(judged, Blocking{judged.verdict, behind}, out);
}

std::size_t Answering::block(const Judged& judged, const Blocking& blocking,
                             std::span<std::uint8_t> out) {
    parts_.counters.add(Count::Blocked);
    parts_.counters.add(count_of(blocking));
    parts_.inputs.sightings.record(
        blocked_sighting(judged.asked(), judged.device, blocking, parts_.inputs.clock.now()));
    const BlockingMode mode = mode_for(parts_.settings.blocking, judged.verdict.answers);
    return write_blocked_answer(out, judged.asked(), {blocking, *policy_, mode});
}

bool Answering::may_lead_inside(const Judged& judged) const {
    const bool is_allowed_by_owner =
        !judged.verdict.is_blocked() && judged.verdict.reason == policy::Reason::Household;
    return is_allowed_by_owner ||
           parts_.settings.zones.may_lead_inside.contains(judged.query.name());
}

std::size_t Answering::give(const Judged& judged, const StoredAnswer& answer, Count kind,
                            std::span<std::uint8_t> out) {
    if (const auto cloaked = find_cloaked(answer, judged.question(), judged.verdict, *policy_)) {
        return block(judged, *cloaked, out);
    }
    // Now and not when it is kept: the owner may allow it meanwhile.
    if (answer.leads_inside && !may_lead_inside(judged)) {
        parts_.counters.add(Count::Rebinding);
        return write_rebinding_answer(out, judged.asked(), parts_.settings.blocking.ttl);
    }
    if (judged.alias == nullptr) {
        return write_truth(judged, answer, kind, out);
    }
    // As if it had come with the rest, so that TTLs that are aged leave it whole.
    const auto age = std::chrono::duration_cast<std::chrono::seconds>(parts_.inputs.clock.moment() -
                                                                      answer.received);
    const auto whole =
        behind_alias(answer, *judged.alias, kLocalTtl + static_cast<std::uint32_t>(age.count()));
    return whole ? write_truth(judged, *whole, kind, out)
                 : fail(*judged.alias, ExtendedError::NetworkError, out);
}

bool Answering::passes_hello_keys_on(const Judged& judged) const {
    using Wish = policy::AnswerWishes::Wish;
    return judged.verdict.answers.strip_ech == Wish::AsHousehold
               ? parts_.settings.encrypted_hello == EncryptedHello::PassedOn
               : judged.verdict.answers.strip_ech == Wish::No;
}

std::size_t Answering::write_truth(const Judged& judged, const StoredAnswer& answer, Count kind,
                                   std::span<std::uint8_t> out) {
    parts_.counters.add(kind);
    const Moment moment = parts_.inputs.clock.moment();
    const std::size_t length = passes_hello_keys_on(judged)
                                   ? write_stored_answer(out, judged.asked(), answer, moment)
                                   : write_without_hello_keys(out, judged.asked(), answer, moment);
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
