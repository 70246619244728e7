#include "webui/server/live/recent_contacts.h"

#include <string_view>
#include <utility>

namespace sporvakt::webui {

std::size_t RecentContacts::Kept::bytes() const {
    constexpr std::size_t kAllocation = 16;  // what the heap adds to a block
    return sizeof(Kept) + texts.capacity() + kAllocation;
}

RecentContacts::RecentContacts(const Clock& clock)
    : clock_(clock),
      seq_(static_cast<std::uint64_t>(clock.now().time_since_epoch().count())),
      forgotten_(seq_) {}

RecentContacts::Kept RecentContacts::packed(const ledger::Contact& contact) {
    Kept kept;
    kept.first = contact.first;
    kept.last = contact.last;
    kept.attempts = contact.attempts;
    kept.bytes_up = contact.bytes_up;
    kept.bytes_down = contact.bytes_down;
    kept.device = contact.device;
    kept.company = contact.company;
    kept.purpose = contact.purpose;
    kept.outcome = contact.outcome;
    kept.source = contact.source;
    kept.cause = contact.cause;
    kept.texts.reserve(contact.name.size() + contact.rule.size() + contact.list.size() +
                       contact.detail.size());
    std::size_t place = 0;
    for (const std::string* const text : {&contact.name, &contact.rule, &contact.list}) {
        kept.texts += *text;
        kept.ends.at(place++) = static_cast<std::uint16_t>(kept.texts.size());
    }
    kept.texts += contact.detail;
    return kept;
}

ledger::Contact RecentContacts::unpacked(const Kept& kept) {
    const std::string_view texts = kept.texts;
    const auto [name_end, rule_end, list_end] = kept.ends;
    ledger::Contact contact;
    contact.first = kept.first;
    contact.last = kept.last;
    contact.device = kept.device;
    contact.company = kept.company;
    contact.purpose = kept.purpose;
    contact.name = texts.substr(0, name_end);
    contact.outcome = kept.outcome;
    contact.source = kept.source;
    contact.cause = kept.cause;
    contact.attempts = kept.attempts;
    contact.bytes_up = kept.bytes_up;
    contact.bytes_down = kept.bytes_down;
    contact.rule = texts.substr(name_end, rule_end - name_end);
    contact.list = texts.substr(rule_end, list_end - rule_end);
    contact.detail = texts.substr(list_end);
    return contact;
}

// By both clocks: the one that people set may have been set back.
bool RecentContacts::is_old(const Kept& kept) const {
    return kept.last < clock_.now() - kAgeMax || kept.arrived < clock_.moment() - kAgeMax;
}

void RecentContacts::forget_first() {
    bytes_ -= kept_.front().bytes();
    forgotten_ = kept_.front().seq;
    kept_.pop_front();
}

void RecentContacts::forget_old() {
    while (!kept_.empty() && is_old(kept_.front())) {
        forget_first();
    }
}

void RecentContacts::add(const ledger::Contact& contact) {
    Kept kept = packed(contact);
    kept.seq = ++seq_;
    kept.arrived = clock_.moment();
    bytes_ += kept.bytes();
    kept_.push_back(std::move(kept));
    forget_old();
    while (kept_.size() > kCountMax || bytes_ > kBytesMax) {
        forget_first();
    }
}

void RecentContacts::erase(const ledger::Erasure& erasure) {
    std::erase_if(
        kept_, [&](const Kept& kept) { return ledger::covers(erasure, kept.device, kept.first); });
    bytes_ = 0;
    for (const Kept& kept : kept_) {
        bytes_ += kept.bytes();
    }
}

RecentContacts::Page RecentContacts::page(const ledger::Filter& filter,
                                          std::optional<std::uint64_t> before,
                                          std::size_t limit) const {
    Page page;
    auto newest = kept_.rbegin();
    while (newest != kept_.rend()) {
        const Kept& kept = *newest++;
        if ((before && kept.seq >= *before) || is_old(kept)) {
            continue;
        }
        ledger::Contact contact = unpacked(kept);
        if (!ledger::matches(filter, contact)) {
            continue;
        }
        if (page.contacts.size() == limit) {
            page.next = page.contacts.back().seq;
            break;
        }
        page.contacts.push_back({kept.seq, std::move(contact)});
    }
    return page;
}

std::vector<RecentContacts::Numbered> RecentContacts::after(std::uint64_t seq,
                                                            std::size_t limit) const {
    std::vector<Numbered> newest;
    for (auto kept = kept_.rbegin();
         kept != kept_.rend() && kept->seq > seq && newest.size() < limit; ++kept) {
        newest.push_back({kept->seq, unpacked(*kept)});
    }
    return newest;
}

}  // namespace sporvakt::webui
