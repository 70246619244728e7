#include "core/trackers/rule_heap.h"

#include "core/base/assert.h"
#include "core/trackers/name_table.h"
#include "core/trackers/stored_rule.h"

#include <algorithm>
#include <utility>

namespace sporvakt::trackers {
namespace {

// entry = name_length:u8 before:u8 after:u8 flags:u8 effect:u8 list:u16 conditions:u16
//         before-text name after-text conditions; a name_length of 0 ends a block.
constexpr std::size_t kHeaderBytes = 9;
constexpr unsigned kPlaceBits = 32;

struct Entry {
    RuleHeap::Rule rule;
    std::size_t size = 0;  ///< 0 at the end of a block.
};

Entry entry_of(Bytes bytes) {
    if (bytes.size() < kHeaderBytes || bytes[0] == 0) {
        return {};
    }
    Entry entry;
    const std::size_t name = bytes[0];
    const std::size_t before = bytes[1];
    const std::size_t after = bytes[2];
    const std::size_t conditions = bytes[7] * 256U + bytes[8];
    const std::string_view text = as_text(bytes.subspan(kHeaderBytes));
    RuleHeap::Rule& rule = entry.rule;
    rule.flags = bytes[3];
    rule.effect = RuleEffect{bytes[4]};
    rule.list = static_cast<std::uint16_t>(bytes[5] * 256U + bytes[6]);
    rule.before = text.substr(0, before);
    rule.name = text.substr(before, name);
    rule.after = text.substr(before + name, after);
    rule.conditions = bytes.subspan(kHeaderBytes + before + name + after, conditions);
    entry.size = kHeaderBytes + before + name + after + conditions;
    return entry;
}

bool says_the_same(const RuleHeap::Rule& left, const RuleHeap::Rule& right) {
    return left.flags == right.flags &&
           std::equal(left.conditions.begin(), left.conditions.end(), right.conditions.begin(),
                      right.conditions.end());
}

/// Takes out what a $badfilter rule cancels, those rules themselves, and repetitions.
void settle(std::vector<RuleHeap::Rule>& rules) {
    const std::vector<RuleHeap::Rule> all = std::exchange(rules, {});
    for (const RuleHeap::Rule& rule : all) {
        const bool is_cancelled = std::any_of(all.begin(), all.end(), [&](const auto& other) {
            return other.effect == RuleEffect::Cancels && says_the_same(other, rule);
        });
        const bool is_known = std::any_of(rules.begin(), rules.end(), [&](const auto& other) {
            return other.list == rule.list && says_the_same(other, rule);
        });
        if (!is_cancelled && !is_known) {
            rules.push_back(rule);
        }
    }
}

}  // namespace

bool RuleHeap::add(std::uint16_t list, const NameRule& rule) {
    SPORVAKT_ASSERT(!rule.name.empty() && rule.name.size() <= 255 &&
                    rule.before.size() <= NameRule::kAroundMax &&
                    rule.after.size() <= NameRule::kAroundMax);
    const std::vector<std::uint8_t> conditions = stored_conditions(rule.terms.conditions);
    const std::size_t size = kHeaderBytes + rule.before.size() + rule.name.size() +
                             rule.after.size() + conditions.size();
    if (kBlockBytes - used_ < size) {
        if (blocks_.size() >= kBytesMax / kBlockBytes) {
            return false;
        }
        blocks_.push_back(std::make_unique<Block::element_type>());  // zeros
        used_ = 0;
    }
    const auto byte = [](std::size_t value) { return static_cast<std::uint8_t>(value); };
    const std::array<std::uint8_t, kHeaderBytes> header{
        byte(rule.name.size()),
        byte(rule.before.size()),
        byte(rule.after.size()),
        rule_flags(rule.terms, rule.scope),
        static_cast<std::uint8_t>(rule.terms.effect),
        byte(list >> 8U),
        byte(list),
        byte(conditions.size() >> 8U),
        byte(conditions.size())};
    std::uint8_t* at = blocks_.back()->data() + used_;
    at = std::copy(header.begin(), header.end(), at);
    for (const std::string* text : {&rule.before, &rule.name, &rule.after}) {
        at = std::copy(text->begin(), text->end(), at);
    }
    std::copy(conditions.begin(), conditions.end(), at);
    used_ += size;
    ++count_;
    return true;
}

Bytes RuleHeap::bytes_at(std::size_t place) const {
    return Bytes(*blocks_[place / kBlockBytes]).subspan(place % kBlockBytes);
}

void RuleHeap::sort_block(std::size_t block) {
    std::size_t place = block * kBlockBytes;
    const std::size_t end = place + kBlockBytes;
    while (place < end) {
        const Entry entry = entry_of(bytes_at(place));
        if (entry.size == 0) {
            return;
        }
        const std::uint64_t hash = name_hash(entry.rule.name, seed_);
        order_.push_back(std::uint64_t{NameTableLayout::lower_half(hash)} << kPlaceBits | place);
        place += entry.size;
    }
}

void RuleHeap::sort(std::uint64_t seed) {
    seed_ = seed;
    order_.clear();
    order_.reserve(count_);
    for (std::size_t block = 0; block < blocks_.size(); ++block) {
        sort_block(block);
    }
    std::sort(order_.begin(), order_.end());
}

void RuleHeap::visit(const std::function<void(const Group&)>& visitor) const {
    std::vector<Rule> same_half;  // few names share half a hash: nearly always one
    std::vector<Rule> group;
    for (std::size_t at = 0; at < order_.size();) {
        const std::uint64_t half = order_[at] >> kPlaceBits;
        same_half.clear();
        for (; at < order_.size() && order_[at] >> kPlaceBits == half; ++at) {
            same_half.push_back(entry_of(bytes_at(static_cast<std::uint32_t>(order_[at]))).rule);
        }
        std::stable_sort(same_half.begin(), same_half.end(),
                         [](const Rule& a, const Rule& b) { return a.name < b.name; });
        for (auto first = same_half.begin(); first != same_half.end();) {
            const auto last = std::find_if(first, same_half.end(),
                                           [&](const Rule& r) { return r.name != first->name; });
            group.assign(first, last);
            first = last;
            if (group.size() > 1 || group.front().effect == RuleEffect::Cancels) {
                settle(group);
            }
            if (!group.empty()) {
                visitor({name_hash(group.front().name, seed_), group});
            }
        }
    }
}

}  // namespace sporvakt::trackers
