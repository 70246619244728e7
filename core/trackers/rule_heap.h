#pragma once

#include "core/base/byte_reader.h"
#include "core/trackers/rule.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace sporvakt::trackers {

/// Collects rules about names in the order in which lists give them, then shows them name by name.
/// Not thread-safe.
///
/// A rule takes about nine bytes and its text, in blocks that never move: a million names must fit
/// beside everything else on a machine with 512 MB.
class RuleHeap {
public:
    /// At most this much text is held; beyond it add() refuses.
    static constexpr std::size_t kBytesMax = std::size_t{1} << 31U;

    /// A rule read in place; its views live as long as the heap.
    struct Rule {
        std::uint8_t flags = 0;  ///< rule_flags()
        RuleEffect effect = RuleEffect::Applies;
        std::uint16_t list = 0;  ///< That gave it first, in these words.
        std::string_view before;
        std::string_view name;
        std::string_view after;
        Bytes conditions;                      ///< stored_conditions()
        std::span<const std::uint16_t> lists;  ///< All that give it; ascending, never empty.
    };

    /// All the rules that apply to one name: never empty, without those that were cancelled, each
    /// once, in the order in which they were given.
    struct Group {
        std::uint64_t hash = 0;
        std::span<const Rule> rules;
    };

    /// False when it is full.
    [[nodiscard]] bool add(std::uint16_t list, const NameRule& rule);

    [[nodiscard]] std::size_t size() const { return count_; }

    /// Sorts by the hash of names: the order that NameTableLayout wants.  Again after adding.
    void sort(std::uint64_t seed);

    /// In the order of sort().  What `visitor` is shown ends with its call.
    void visit(const std::function<void(const Group&)>& visitor) const;

private:
    static constexpr std::size_t kBlockBytes = std::size_t{1} << 20U;

    using Block = std::unique_ptr<std::array<std::uint8_t, kBlockBytes>>;

    [[nodiscard]] Bytes bytes_at(std::size_t place) const;
    void sort_block(std::size_t block);

    std::vector<Block> blocks_;
    std::size_t used_ = kBlockBytes;  ///< Of the last block.
    std::size_t count_ = 0;
    std::vector<std::uint64_t> order_;  ///< Lower half of the hash above the place.
    std::uint64_t seed_ = 0;
};

}  // namespace sporvakt::trackers
