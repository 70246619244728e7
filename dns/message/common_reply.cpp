#include "dns/message/common_reply.h"

#include "core/base/ascii.h"
#include "core/base/big_endian.h"
#include "dns/message/answer_facts.h"
#include "dns/message/wire.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace sporvakt::dns {
namespace {

using std::chrono::seconds;

constexpr std::size_t kSoaNumbersLength = 20;

std::size_t pointed_at(Bytes message, std::size_t at) {
    return load16(message, at) & 0x3fffU;
}

bool is_pointer(std::uint8_t byte) {
    return (byte & 0xc0U) == 0xc0U;
}

/// The names of one message, front to back: what a pointer may point at.
class Names {
public:
    explicit Names(Bytes message) : message_(message) {}

    /// Reads the name at `at`.  Returns where it ends; empty when it is not written plainly.
    std::optional<std::size_t> read(std::size_t at) {
        const std::size_t first = count_;
        std::size_t length = 0;
        while (at < message_.size() && message_[at] != 0 && !is_pointer(message_[at])) {
            if (message_[at] > kLabelLengthMax || count_ == labels_.size()) {
                return std::nullopt;
            }
            labels_[count_++] = {at, length};
            length += std::size_t{1} + message_[at];
            at += std::size_t{1} + message_[at];
        }
        const auto rest = rest_at(at, first);
        if (!rest || length + rest->length > kNameLengthMax) {
            return std::nullopt;
        }
        for (Label& label : std::span(labels_).subspan(first, count_ - first)) {
            label.length = length + rest->length - label.length;
        }
        return rest->end;
    }

private:
    static constexpr std::size_t kLabelLengthMax = 63;

    /// A place that a name goes on from.
    struct Label {
        std::size_t at = 0;
        std::size_t length = 0;  ///< Of the name from here on, its root counted.
    };

    struct Rest {
        std::size_t length = 0;
        std::size_t end = 0;
    };

    /// What stands behind a name's own labels: the root, or a pointer to one of the `known` first.
    [[nodiscard]] std::optional<Rest> rest_at(std::size_t at, std::size_t known) const {
        if (at >= message_.size()) {
            return std::nullopt;
        }
        if (message_[at] == 0) {
            return Rest{1, at + 1};
        }
        if (at + 2 > message_.size()) {
            return std::nullopt;
        }
        const auto* const end = labels_.begin() + static_cast<std::ptrdiff_t>(known);
        const auto* const found = std::find_if(
            labels_.begin(), end,
            [target = pointed_at(message_, at)](const Label& label) { return label.at == target; });
        return found == end ? std::nullopt : std::optional(Rest{found->length, at + 2});
    }

    Bytes message_;
    std::array<Label, 64> labels_{};  // a reply with more is not common
    std::size_t count_ = 0;
};

bool is_plain_letter(std::uint8_t byte) {
    const std::uint8_t letter = lower(byte);
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-' ||
           letter == '_';
}

/// The name at `at`, which Names has read, as text; empty when it needs escapes.
std::optional<std::string> text_at(Bytes message, std::size_t at) {
    std::string text;
    while (message[at] != 0) {
        if (is_pointer(message[at])) {
            at = pointed_at(message, at);
            continue;
        }
        const Bytes label = message.subspan(at + 1, message[at]);
        if (!std::all_of(label.begin(), label.end(), is_plain_letter)) {
            return std::nullopt;
        }
        text.append(as_text(label)).append(".");
        at += 1 + label.size();
    }
    return text;
}

enum class Section : std::uint8_t { Answer, Authority, Additional };

class CommonReply {
public:
    CommonReply(Bytes reply, RecordType type) : reply_(reply), type_(type), names_(reply) {}

    std::optional<StoredAnswer> read() {
        if (reply_.size() < kHeaderLength || load16(reply_, 4) != 1) {
            return std::nullopt;
        }
        const auto name_end = names_.read(kHeaderLength);
        if (!name_end || *name_end + 4 > reply_.size()) {
            return std::nullopt;
        }
        at_ = *name_end + 4;
        facts_.rcode = unsigned{load16(reply_, 2)} & kRcodeMask;
        if (!read_section(Section::Answer, load16(reply_, 6)) ||
            !read_section(Section::Authority, load16(reply_, 8)) ||
            !read_section(Section::Additional, load16(reply_, 10)) || at_ != reply_.size()) {
            return std::nullopt;
        }
        return result();
    }

private:
    bool read_section(Section section, unsigned count) {
        for (; count > 0; --count) {
            if (!read_record(section)) {
                return false;
            }
        }
        return true;
    }

    bool read_record(Section section) {
        const auto place = record_at(reply_, at_);
        if (!place || edns_length_ > 0) {  // EDNS, where there is any, is the last
            return false;
        }
        at_ = place->end;
        if (place->type == static_cast<std::uint16_t>(RecordType::Opt)) {
            edns_length_ = place->end - place->name_at;
            return section == Section::Additional && reply_[place->name_at] == 0;
        }
        if (place->record_class != kClassIn || !names_.read(place->name_at) ||
            !read_data(section, *place)) {
            return false;
        }
        ttls_at_.push_back(static_cast<std::uint16_t>(place->ttl_at));
        if (section == Section::Answer) {
            facts_.least_answer_ttl =
                std::min(facts_.least_answer_ttl, seconds(load32(reply_, place->ttl_at)));
            facts_.answers_type =
                facts_.answers_type || place->type == static_cast<std::uint16_t>(type_);
        }
        return true;
    }

    bool read_data(Section section, const RecordPlace& place) {
        const Bytes data = reply_.subspan(place.data_at, place.end - place.data_at);
        const auto type = static_cast<RecordType>(place.type);
        if (type == RecordType::A || type == RecordType::Aaaa) {
            return data.size() == (type == RecordType::A ? 4U : 16U) && add_address(section, data);
        }
        if (type == RecordType::Cname) {
            return names_.read(place.data_at) == place.end && add_alias(section, place);
        }
        return type == RecordType::Soa && read_zone_start(section, place);
    }

    // Where an authority section leads to nobody goes.
    bool add_address(Section section, Bytes data) {
        return section == Section::Authority || targets_.add_address(data).has_value();
    }

    bool add_alias(Section section, const RecordPlace& place) {
        if (section == Section::Authority) {
            return true;
        }
        const auto text = text_at(reply_, place.data_at);
        if (text) {
            targets_.add_name(*text);
        }
        return text.has_value();
    }

    bool read_zone_start(Section section, const RecordPlace& place) {
        const auto mailbox_at = names_.read(place.data_at);
        const auto numbers_at = mailbox_at ? names_.read(*mailbox_at) : std::nullopt;
        if (!numbers_at || *numbers_at + kSoaNumbersLength != place.end) {
            return false;
        }
        if (section == Section::Authority && !facts_.negative) {
            facts_.negative = std::min(seconds(load32(reply_, place.ttl_at)),
                                       seconds(load32(reply_, place.end - 4)));
        }
        return true;
    }

    std::optional<StoredAnswer> result() {
        auto targets = targets_.take_all();
        if (!targets) {
            return std::nullopt;
        }
        StoredAnswer answer;
        const Bytes kept = reply_.first(reply_.size() - edns_length_);
        answer.plain = {{kept.begin(), kept.end()}, std::move(ttls_at_)};
        store16(answer.plain.bytes, 0, 0);
        store16(answer.plain.bytes, 2, static_cast<std::uint16_t>(facts_.rcode));
        if (edns_length_ > 0) {
            store16(answer.plain.bytes, 10, static_cast<std::uint16_t>(load16(reply_, 10) - 1));
        }
        answer.targets = *std::move(targets);
        answer.leads_inside = targets_.leads_inside();
        answer.lifetime = lifetime_of(facts_);
        return answer;
    }

    Bytes reply_;
    RecordType type_;
    Names names_;
    Targets targets_;
    LifetimeFacts facts_;
    std::vector<std::uint16_t> ttls_at_;
    std::size_t at_ = 0;
    std::size_t edns_length_ = 0;
};

}  // namespace

std::optional<StoredAnswer> read_common_reply(Bytes reply, RecordType type) {
    return CommonReply(reply, type).read();
}

}  // namespace sporvakt::dns
