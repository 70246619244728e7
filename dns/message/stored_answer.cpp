#include "dns/message/stored_answer.h"

#include "core/base/big_endian.h"
#include "dns/message/answer_writer.h"

#include <algorithm>

namespace sporvakt::dns {
namespace {

std::uint32_t seconds_since(Moment then, Moment now) {
    const auto passed = std::chrono::duration_cast<std::chrono::seconds>(now - then).count();
    return passed < 0 ? 0 : static_cast<std::uint32_t>(passed);
}

std::size_t memory_of(const StoredMessage& message) {
    return message.bytes.capacity() + message.ttls_at.capacity() * sizeof(std::uint16_t);
}

/// A form of an answer, as it goes out.
struct Form {
    const StoredMessage& message;
    bool is_authentic = false;
    std::chrono::seconds lifetime{};
    Moment received;

    /// What is not to be kept (0) is given as it comes.
    [[nodiscard]] bool is_stale(Moment now) const {
        return lifetime.count() > 0 && now >= received + lifetime;
    }
};

unsigned rcode_of(const StoredMessage& message) {
    return unsigned{load16(message.bytes, 2)} & kRcodeMask;
}

std::uint16_t flags_for(const Query& query, const Form& form) {
    const bool says_authentic = form.is_authentic && query.wants_authentic_data();
    unsigned flags = unsigned{kFlagReply} | kFlagRecursionAvailable | rcode_of(form.message);
    flags |= query.recursion_desired() ? unsigned{kFlagRecursionDesired} : 0U;
    flags |= query.checking_disabled() ? unsigned{kFlagCheckingDisabled} : 0U;
    flags |= says_authentic ? unsigned{kFlagAuthenticData} : 0U;
    return static_cast<std::uint16_t>(flags);
}

/// All but TTLs and EDNS.
void copy_form(std::span<std::uint8_t> out, const Query& query, const Form& form) {
    std::copy(form.message.bytes.begin(), form.message.bytes.end(), out.begin());
    store16(out, 0, query.id());
    store16(out, 2, flags_for(query, form));
    // Same name, so same length; compressed names in the records follow its spelling.
    const Bytes question = query.question();
    std::copy(question.begin(), question.end(), out.begin() + kHeaderLength);
}

std::size_t write_stale(std::span<std::uint8_t> out, const Query& query,
                        const StoredMessage& message) {
    const bool is_denial = rcode_of(message) == static_cast<unsigned>(Rcode::NxDomain);
    const ErrorReport report{is_denial ? ExtendedError::StaleNxDomain : ExtendedError::StaleAnswer,
                             "from before the upstream went silent"};
    if (message.bytes.size() + edns_length(query, &report) > out.size()) {
        return write_truncated(out, query);
    }
    copy_form(out, query, {message, false, {}, {}});
    for (const std::size_t at : message.ttls_at) {
        store32(out, at, kStaleTtl);
    }
    return finish_edns(out, message.bytes.size(), query, &report);
}

std::size_t write_form(std::span<std::uint8_t> out, const Query& query, const Form& form,
                       Moment now) {
    if (form.is_stale(now)) {
        return write_stale(out, query, form.message);
    }
    const StoredMessage& message = form.message;
    const std::size_t length = message.bytes.size();
    if (length + edns_length(query, nullptr) > out.size()) {
        return write_truncated(out, query);
    }
    copy_form(out, query, form);
    const std::uint32_t passed = seconds_since(form.received, now);
    for (const std::size_t at : message.ttls_at) {
        const std::uint32_t ttl = load32(out, at);
        store32(out, at, ttl > passed ? ttl - passed : 0);
    }
    return finish_edns(out, length, query, nullptr);
}

}  // namespace

std::size_t StoredAnswer::memory_bytes() const {
    std::size_t sum = sizeof(StoredAnswer) + memory_of(plain) + (full ? memory_of(*full) : 0) +
                      (without_hello_keys ? memory_of(*without_hello_keys) : 0);
    for (const std::string& target : targets) {
        sum += sizeof(std::string) + target.capacity();
    }
    return sum;
}

std::optional<StoredMessage> stored_message(std::vector<std::uint8_t> bytes) {
    if (bytes.size() < kHeaderLength || load16(bytes, 4) != 1) {
        return std::nullopt;
    }
    const auto name_end = end_of_name(bytes, kHeaderLength);
    if (!name_end) {
        return std::nullopt;
    }
    StoredMessage message;
    const unsigned records = unsigned{load16(bytes, 6)} + load16(bytes, 8) + load16(bytes, 10);
    std::size_t at = *name_end + 4;
    for (unsigned read = 0; read < records; ++read) {
        const auto place = record_at(bytes, at);
        if (!place) {
            return std::nullopt;
        }
        if (place->type != static_cast<std::uint16_t>(RecordType::Opt)) {
            message.ttls_at.push_back(static_cast<std::uint16_t>(place->ttl_at));
        }
        at = place->end;
    }
    if (at != bytes.size()) {
        return std::nullopt;
    }
    message.bytes = std::move(bytes);
    return message;
}

std::size_t write_stored_answer(std::span<std::uint8_t> out, const Query& query,
                                const StoredAnswer& answer, Moment now) {
    const StoredMessage& message = query.dnssec_ok() && answer.full ? *answer.full : answer.plain;
    return write_form(out, query, {message, answer.is_authentic, answer.lifetime, answer.received},
                      now);
}

std::size_t write_without_hello_keys(std::span<std::uint8_t> out, const Query& query,
                                     const StoredAnswer& answer, Moment now) {
    if (!answer.without_hello_keys) {
        return write_stored_answer(out, query, answer, now);
    }
    return write_form(out, query,
                      {*answer.without_hello_keys, false, answer.lifetime, answer.received}, now);
}

}  // namespace sporvakt::dns
