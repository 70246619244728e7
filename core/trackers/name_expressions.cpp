#include "core/trackers/name_expressions.h"

#include "core/trackers/rule.h"

#include <algorithm>
#include <array>

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

class NameExpressions::Automaton {
public:
    Automaton() : set_(options(kAutomatonBytes), RE2::UNANCHORED) {}

    [[nodiscard]] bool add(std::string_view expression) {
        return set_.Add(piece(expression), nullptr) >= 0;
    }

    [[nodiscard]] bool compile() { return set_.Compile(); }

    [[nodiscard]] std::vector<int> matches(std::string_view name) const {
        std::vector<int> found;
        set_.Match(piece(name), &found);
        return found;
    }

private:
    RE2::Set set_;
};

std::optional<std::string> NameExpressions::fault_of(std::string_view expression) {
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

std::string NameExpressions::of_wildcard(std::string_view mask) {
    std::string expression = "^";
    while (!mask.empty()) {
        const std::size_t star = std::min(mask.find('*'), mask.size());
        expression += RE2::QuoteMeta(piece(mask.substr(0, star)));
        const bool has_star = star < mask.size();
        expression += has_star ? ".*" : "";
        mask.remove_prefix(star + (has_star ? 1 : 0));
    }
    return expression + "$";
}

NameExpressions::NameExpressions() = default;
NameExpressions::NameExpressions(NameExpressions&& other) noexcept = default;
NameExpressions& NameExpressions::operator=(NameExpressions&& other) noexcept = default;
NameExpressions::~NameExpressions() = default;

bool NameExpressions::add(std::string_view expression) {
    if (!automaton_) {
        automaton_ = std::make_unique<Automaton>();
    }
    const bool is_taken = automaton_->add(expression);
    size_ += is_taken ? 1 : 0;
    return is_taken;
}

bool NameExpressions::compile() {
    return !automaton_ || automaton_->compile();
}

std::vector<std::size_t> NameExpressions::matches(std::string_view name) const {
    if (size_ == 0) {
        return {};
    }
    const std::vector<int> found = automaton_->matches(name);
    std::vector<std::size_t> result(found.begin(), found.end());
    std::sort(result.begin(), result.end());
    return result;
}

}  // namespace sporvakt::trackers
