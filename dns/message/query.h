#pragma once

#include "core/base/record_type.h"
#include "core/base/result.h"
#include "dns/message/edns_options.h"
#include "dns/message/wire.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sporvakt::dns {

/// Why a message is not a question that we can read.
enum class QueryFault : std::uint8_t {
    TooShort,       ///< Less than a header: nobody to answer.
    IsReply,        ///< QR set: answering would let two servers talk for ever.
    Opcode,         ///< Not QUERY.
    QuestionCount,  ///< Not exactly one (RFC 9619).
    ExtraRecords,   ///< Answer or authority records in a question.
    BadName,        ///< Over 255 bytes, or a label type that a question may not have.
    CutShort,
    TrailingBytes,
    BadEdns,  ///< Two OPT records, or one that breaks RFC 6891 §6.1 or RFC 7873 §5.2.2.
};

/// A question in the one form by which answers are found again: lower-case name as on the wire,
/// type, and whether checking was disabled.
class QuestionKey {
public:
    [[nodiscard]] std::string_view text() const { return as_text(Bytes(bytes_).first(length_)); }

private:
    friend class Query;
    std::array<std::uint8_t, kNameLengthMax + 3> bytes_{};
    std::size_t length_ = 0;
};

/// What a client asks.  A value without pointers: copying it keeps everything that an answer needs,
/// and parsing allocates nothing.
class Query {
public:
    static Expected<Query, QueryFault> parse(Bytes message);

    [[nodiscard]] std::uint16_t id() const { return id_; }
    [[nodiscard]] RecordType type() const { return type_; }
    [[nodiscard]] std::uint16_t question_class() const { return class_; }

    /// Name, type and class as the client wrote them, letter case included.
    [[nodiscard]] Bytes question() const { return Bytes(question_).first(question_length_); }

    /// The name in DomainName's form; empty for the root.  Where a label has bytes that no host
    /// name has (a dot, a space, 8-bit), only what follows it: a rule for the parent still holds,
    /// and "a.b" as one label never equals the name a.b.
    [[nodiscard]] std::string_view name() const { return {text_.data(), text_length_}; }
    [[nodiscard]] bool has_odd_label() const { return has_odd_label_; }

    /// The whole name as text with escapes (RFC 1035 §5.1).
    [[nodiscard]] std::string escaped_name() const;

    [[nodiscard]] bool recursion_desired() const { return (flags_ & kFlagRecursionDesired) != 0; }
    [[nodiscard]] bool checking_disabled() const { return (flags_ & kFlagCheckingDisabled) != 0; }

    /// The client understands the AD flag (RFC 6840 §5.7).
    [[nodiscard]] bool wants_authentic_data() const {
        return dnssec_ok_ || (flags_ & kFlagAuthenticData) != 0;
    }

    [[nodiscard]] bool has_edns() const { return has_edns_; }
    [[nodiscard]] std::uint8_t edns_version() const { return edns_version_; }
    [[nodiscard]] bool dnssec_ok() const { return dnssec_ok_; }

    /// The largest answer that may go over UDP: the client's limit and ours.
    [[nodiscard]] std::size_t udp_answer_max() const { return udp_answer_max_; }

    /// What the client says by EDNS options, and what the answer is to say to that: kept here, for
    /// an answer may come much later.  Without effect when the client did not use EDNS.
    [[nodiscard]] const EdnsOptions& options() const { return options_; }
    [[nodiscard]] const EdnsReply& edns_reply() const { return edns_reply_; }
    void reply_with(const EdnsReply& reply) { edns_reply_ = reply; }

    [[nodiscard]] QuestionKey key() const;

    /// The same question, of the same client, about another name.
    [[nodiscard]] Query about(const WireName& name) const;

private:
    Query() = default;
    Expected<std::size_t, QueryFault> read_question(Bytes message);
    Expected<std::size_t, QueryFault> read_name(Bytes message);
    void append_label(Bytes label);
    Expected<void, QueryFault> read_additional(Bytes message, std::size_t at, unsigned count);
    Expected<void, QueryFault> read_edns(Bytes message, const RecordPlace& place);

    std::uint16_t id_ = 0;
    std::uint16_t flags_ = 0;
    RecordType type_ = RecordType::A;
    std::uint16_t class_ = kClassIn;
    std::size_t question_length_ = 0;
    std::size_t text_length_ = 0;
    std::size_t udp_answer_max_ = kUdpSizePlain;
    bool has_odd_label_ = false;
    bool has_edns_ = false;
    bool dnssec_ok_ = false;
    std::uint8_t edns_version_ = 0;
    EdnsOptions options_;
    EdnsReply edns_reply_;
    std::array<std::uint8_t, kQuestionLengthMax> question_{};
    std::array<char, kNameLengthMax> text_{};
};

}  // namespace sporvakt::dns
