#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::trackers {

/// Expressions about names (RE2 syntax, found anywhere, in any case) as one automaton: a look-up
/// reads the name once, however many there are.  Add all, compile once, then look up; from then on
/// thread-safe.
class NameExpressions {
public:
    /// Nothing when RE2 takes the expression and it does not match every name, else why not.
    static std::optional<std::string> fault_of(std::string_view expression);

    /// A mask in which '*' stands for any characters, none included, and all else for itself.
    static std::string of_wildcard(std::string_view mask);

    NameExpressions();
    NameExpressions(NameExpressions&& other) noexcept;
    NameExpressions& operator=(NameExpressions&& other) noexcept;
    NameExpressions(const NameExpressions&) = delete;
    NameExpressions& operator=(const NameExpressions&) = delete;
    ~NameExpressions();

    /// False, and as before, when RE2 does not take it.
    [[nodiscard]] bool add(std::string_view expression);

    /// False when they need more than 16 MB.
    [[nodiscard]] bool compile();

    [[nodiscard]] std::size_t size() const { return size_; }

    /// The numbers of those that match, counted from 0 as they were added, ascending.
    [[nodiscard]] std::vector<std::size_t> matches(std::string_view name) const;

private:
    class Automaton;

    std::unique_ptr<Automaton> automaton_;  ///< None without expressions.
    std::size_t size_ = 0;
};

}  // namespace sporvakt::trackers
