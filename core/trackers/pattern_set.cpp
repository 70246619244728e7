#include "core/trackers/pattern_set.h"

#include "core/trackers/rule.h"

#include <algorithm>
#include <array>
#include <utility>

#include <re2/re2.h>
#include <re2/set.h>

namespace sporvakt::trackers {
namespace {

constexpr std::int64_t kOneExpressionBytes = std::int64_t{256} * 1024;
constexpr std::int64_t kAutomatonBytes = std::int64_t{16} * 1024 * 1024;

RE2::Options options(std::int64_t memory) {
    RE2::Options result;
    result.set_log_errors(false);
    result.set_case_sensitive(false);
    result.set_never_capture(true);
    result.set_encoding(RE2::Options::EncodingLatin1);  // names are ASCII
    result.set_max_mem(memory);
    return result;
}

re2::StringPiece piece(std::string_view text) {
    return {text.data(), text.size()};
}

/// As far as names that have nothing in common but a dot can tell.
bool matches_everything(const RE2& expression) {
    constexpr std::array<std::string_view, 3> kProbes{"a.bc", "www.zq7-4x.kl", "9--3.u_j.dw"};
    return std::all_of(kProbes.begin(), kProbes.end(), [&](std::string_view probe) {
        return RE2::PartialMatch(piece(probe), expression);
    });
}

}  // namespace

class PatternSet::Automaton {
public:
    Automaton() : set_(options(kAutomatonBytes), RE2::UNANCHORED) {}

    [[nodiscard]] bool add(std::string_view expression) {
        return set_.Add(piece(expression), nullptr) >= 0;
    }

    [[nodiscard]] bool compile() { return set_.Compile(); }

    [[nodiscard]] std::vector<int> matches(std::string_view name) const {
        std::vector<int> found;
        set_.Match(piece(name), &found);
        std::sort(found.begin(), found.end());
        return found;
    }

private:
    RE2::Set set_;
};

std::optional<std::string> PatternSet::fault_of(std::string_view expression) {
    if (expression.size() > PatternRule::kExpressionMax) {
        return "it is longer than " + std::to_string(PatternRule::kExpressionMax) + " characters";
    }
    const RE2 compiled(piece(expression), options(kOneExpressionBytes));
    if (!compiled.ok()) {
        return compiled.error();
    }
    if (matches_everything(compiled)) {
        return "it matches every name";
    }
    return std::nullopt;
}

PatternSet::PatternSet() = default;
PatternSet::PatternSet(PatternSet&& other) noexcept = default;
PatternSet& PatternSet::operator=(PatternSet&& other) noexcept = default;
PatternSet::~PatternSet() = default;

Parsed<PatternSet> PatternSet::from(Bytes stored) {
    PatternSet result;
    ByteReader rest(stored);
    const std::uint32_t count = SPORVAKT_TRY(rest.u32());
    if (count > kPatternsMax) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    if (count == 0) {
        return result;
    }
    result.automaton_ = std::make_unique<Automaton>();
    for (std::uint32_t i = 0; i < count; ++i) {
        Pattern pattern;
        pattern.tail_length = SPORVAKT_TRY(rest.u8());
        const Bytes expression = SPORVAKT_TRY(rest.take_vector16());
        pattern.rule = SPORVAKT_TRY(read_rule(rest));
        if (!result.automaton_->add(as_text(expression))) {
            return tl::unexpected(ParseError::Malformed);
        }
        result.patterns_.push_back(pattern);
    }
    if (!result.automaton_->compile()) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    return result;
}

std::vector<const PatternSet::Pattern*> PatternSet::matches(std::string_view name) const {
    std::vector<const Pattern*> result;
    if (automaton_) {
        for (const int number : automaton_->matches(name)) {
            result.push_back(&patterns_[static_cast<std::size_t>(number)]);
        }
    }
    return result;
}

}  // namespace sporvakt::trackers
