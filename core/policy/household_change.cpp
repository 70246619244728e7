#include "core/policy/household_change.h"

#include "core/policy/household_codec.h"

#include <utility>

namespace sporvakt::policy {
namespace {

class Writer {
public:
    void operator()(const SetRule& change) {
        out_.text16(change.group).u8(static_cast<std::uint8_t>(change.rule.form));
        out_.text16(change.rule.text);
        write_ruling(out_, change.rule);
    }
    void operator()(const RemoveRule& change) {
        out_.text16(change.group).u8(static_cast<std::uint8_t>(change.form)).text16(change.text);
    }
    void operator()(const SetGroup& change) {
        out_.text16(change.group.id);
        write_group(out_, change.group);
    }
    void operator()(const RemoveGroup& change) { out_.text16(change.id); }
    void operator()(const SetUnknownGroup& change) { out_.text16(change.id); }
    void operator()(const SetPause& change) {
        out_.u8(static_cast<std::uint8_t>(change.pause.scope)).text16(change.pause.what);
        write_until(out_, change.pause.until);
    }
    void operator()(const EndPause& change) {
        out_.u8(static_cast<std::uint8_t>(change.scope)).text16(change.what);
    }
    void operator()(const ClearHousehold& /*change*/) {}

    void write(const HouseholdChange& change) {
        out_.u8(static_cast<std::uint8_t>(change.index()));
        std::visit(*this, change);
    }
    [[nodiscard]] const std::vector<std::uint8_t>& result() const { return out_.result(); }

private:
    ByteWriter out_;
};

Parsed<std::string> read_text(ByteReader& in) {
    return std::string(as_text(SPORVAKT_TRY(in.take_vector16())));
}

Parsed<void> read(ByteReader& in, SetRule& change) {
    change.group = SPORVAKT_TRY(read_text(in));
    change.rule.form = SPORVAKT_TRY(read_enum(in, RuleForm::Expression));
    change.rule.text = SPORVAKT_TRY(read_text(in));
    return read_ruling(in, change.rule);
}

Parsed<void> read(ByteReader& in, RemoveRule& change) {
    change.group = SPORVAKT_TRY(read_text(in));
    change.form = SPORVAKT_TRY(read_enum(in, RuleForm::Expression));
    change.text = SPORVAKT_TRY(read_text(in));
    return {};
}

Parsed<void> read(ByteReader& in, SetGroup& change) {
    std::string id = SPORVAKT_TRY(read_text(in));
    change.group = SPORVAKT_TRY(read_group(in));
    change.group.id = std::move(id);
    return {};
}

Parsed<void> read(ByteReader& in, RemoveGroup& change) {
    change.id = SPORVAKT_TRY(read_text(in));
    return {};
}

Parsed<void> read(ByteReader& in, SetUnknownGroup& change) {
    change.id = SPORVAKT_TRY(read_text(in));
    return {};
}

Parsed<void> read(ByteReader& in, SetPause& change) {
    change.pause.scope = SPORVAKT_TRY(read_enum(in, Pause::Scope::Name));
    change.pause.what = SPORVAKT_TRY(read_text(in));
    change.pause.until = SPORVAKT_TRY(read_until(in));
    return {};
}

Parsed<void> read(ByteReader& in, EndPause& change) {
    change.scope = SPORVAKT_TRY(read_enum(in, Pause::Scope::Name));
    change.what = SPORVAKT_TRY(read_text(in));
    return {};
}

Parsed<void> read(ByteReader& /*in*/, ClearHousehold& /*change*/) {
    return {};
}

/// The alternative at that place, of which `place` is the number.
template <std::size_t number = 0>
Parsed<HouseholdChange> read_change(ByteReader& in, std::size_t place) {
    if constexpr (number < std::variant_size_v<HouseholdChange>) {
        if (place != number) {
            return read_change<number + 1>(in, place);
        }
        std::variant_alternative_t<number, HouseholdChange> change;
        SPORVAKT_TRY(read(in, change));
        return HouseholdChange(std::move(change));
    } else {
        return tl::unexpected(ParseError::Malformed);
    }
}

}  // namespace

std::vector<std::uint8_t> encode(std::span<const HouseholdChange> changes) {
    Writer writer;
    for (const HouseholdChange& change : changes) {
        writer.write(change);
    }
    return writer.result();
}

Parsed<std::vector<HouseholdChange>> parse_changes(Bytes bytes) {
    if (bytes.size() > kChangesBytesMax) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    std::vector<HouseholdChange> changes;
    ByteReader in(bytes);
    while (!in.at_end()) {
        const std::size_t place = SPORVAKT_TRY(in.u8());
        changes.push_back(SPORVAKT_TRY(read_change(in, place)));
    }
    return changes;
}

std::vector<HouseholdChange> replacing_by(const HouseholdRules& household) {
    std::vector<HouseholdChange> changes{ClearHousehold{}};
    for (const Group& group : household.groups) {
        changes.emplace_back(SetGroup{group});
        for (const OwnRule& rule : group.rules) {
            changes.emplace_back(SetRule{group.id, rule});
        }
    }
    for (const OwnRule& rule : household.rules) {
        changes.emplace_back(SetRule{{}, rule});
    }
    if (!household.unknown_group.empty()) {
        changes.emplace_back(SetUnknownGroup{household.unknown_group});
    }
    for (const Pause& pause : household.pauses) {
        changes.emplace_back(SetPause{pause});
    }
    return changes;
}

}  // namespace sporvakt::policy
