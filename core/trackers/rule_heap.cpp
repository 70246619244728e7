#include "core/trackers/rule_heap.h"

#include "core/base/assert.h"
#include "core/trackers/name_table.h"
#include "core/trackers/stored_rule.h"

#include <algorithm>
#include <numeric>
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

/// Rules that say the same are equal, whoever gives them and in whatever words.
int compare(const RuleHeap::Rule& left, const RuleHeap::Rule& right) {
    if (left.flags != right.flags) {
        return left.flags < right.flags ? -1 : 1;
    }
    return as_text(left.conditions).compare(as_text(right.conditions));
}

/// Makes of the rules of one name those that apply to it.  A list may hold a name a million times:
/// the rules are sorted, never compared each with each.
class Settling {
public:
    void settle(std::vector<RuleHeap::Rule>& rules) {
        lists_.clear();
        if (rules.size() == 1) {  // nearly always
            keep_single(rules);
            return;
        }
        collect(rules);
        std::vector<RuleHeap::Rule> settled;
        settled.reserve(kept_.size());
        for (const Kept& kept : kept_) {
            settled.push_back(rules[kept.place]);
            settled.back().lists = std::span(lists_).subspan(kept.first_list, kept.list_count);
        }
        rules = std::move(settled);
    }

private:
    struct Kept {
        std::size_t place;  ///< Of the first of those that say the same.
        std::size_t first_list;
        std::size_t list_count;
    };

    void keep_single(std::vector<RuleHeap::Rule>& rules) {
        if (rules.front().effect == RuleEffect::Cancels) {
            rules.clear();
            return;
        }
        lists_.push_back(rules.front().list);
        rules.front().lists = lists_;
    }

    void collect(const std::vector<RuleHeap::Rule>& rules) {
        kept_.clear();
        std::vector<std::size_t> order(rules.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [&rules](std::size_t a, std::size_t b) {
            const int order_of_terms = compare(rules[a], rules[b]);
            return order_of_terms != 0 ? order_of_terms < 0 : rules[a].list < rules[b].list;
        });
        for (auto first = order.begin(); first != order.end();) {
            const auto last = std::find_if(first, order.end(), [&](std::size_t place) {
                return compare(rules[place], rules[*first]) != 0;
            });
            if (std::none_of(first, last, [&rules](std::size_t place) {
                    return rules[place].effect == RuleEffect::Cancels;
                })) {
                const std::size_t first_list = lists_.size();
                for (auto place = first; place != last; ++place) {
                    if (lists_.size() == first_list || lists_.back() != rules[*place].list) {
                        lists_.push_back(rules[*place].list);
                    }
                }
                kept_.push_back({*first, first_list, lists_.size() - first_list});
            }
            first = last;
        }
        std::sort(kept_.begin(), kept_.end(),
                  [](const Kept& a, const Kept& b) { return a.place < b.place; });
    }

    std::vector<std::uint16_t> lists_;
    std::vector<Kept> kept_;
};

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
    Settling settling;
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
            settling.settle(group);
            if (!group.empty()) {
                visitor({name_hash(group.front().name, seed_), group});
            }
        }
    }
}

}  // namespace sporvakt::trackers
