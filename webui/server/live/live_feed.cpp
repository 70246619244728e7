#include "webui/server/live/live_feed.h"

#include "webui/server/rows.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

namespace sporvakt::webui {

std::variant<LiveSubscription::Message, LiveSubscription::Nothing, LiveSubscription::Ended>
LiveSubscription::next(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [this] { return has_ended_ || !queue_.empty(); });
    if (has_ended_) {
        return Ended{};
    }
    if (queue_.empty()) {
        return Nothing{};
    }
    Message message = std::move(queue_.front());
    queue_.pop_front();
    return message;
}

void LiveSubscription::close() {
    {
        const std::lock_guard lock(mutex_);
        has_ended_ = true;
        queue_.clear();
    }
    changed_.notify_all();
}

bool LiveSubscription::push(const Message& message) {
    {
        const std::lock_guard lock(mutex_);
        if (queue_.size() == kQueueMax) {
            has_ended_ = true;
            queue_.clear();
        }
        if (has_ended_) {
            changed_.notify_all();
            return false;
        }
        queue_.push_back(message);
    }
    changed_.notify_all();
    return true;
}

void LiveSubscription::replace_all_by(const Message& message) {
    {
        const std::lock_guard lock(mutex_);
        queue_.clear();
        if (!has_ended_) {
            queue_.push_back(message);
        }
    }
    changed_.notify_all();
}

LiveFeed::LiveFeed(const Clock& clock, EventsText events_text)
    : events_text_(std::move(events_text)), recent_(clock), flushed_seq_(recent_.last()) {}

void LiveFeed::publish(const std::vector<ledger::Contact>& contacts) {
    const std::lock_guard lock(mutex_);
    for (const auto& contact : contacts) {
        recent_.add(contact);
    }
}

void LiveFeed::erase(const ledger::Erasure& erasure) {
    const std::lock_guard lock(mutex_);
    recent_.erase(erasure);
    ++erasures_;
    flushed_seq_ = recent_.last();
    const auto message = message_of({recent_.last(), {}, Gap::Missed});
    for (const auto& subscription : subscriptions_) {
        subscription->replace_all_by(message);
    }
}

RecentContacts::Page LiveFeed::page(const ledger::Filter& filter,
                                    std::optional<std::uint64_t> before, std::size_t limit) const {
    const std::lock_guard lock(mutex_);
    return recent_.page(filter, before, limit);
}

void LiveFeed::flush() {
    Batch batch;
    std::uint64_t erasures = 0;
    {
        const std::lock_guard lock(mutex_);
        recent_.forget_old();
        if (flushed_seq_ == recent_.last()) {
            return;
        }
        erasures = erasures_;
        // Somebody who comes between here and below gets these twice; their ids make that harmless.
        if (!subscriptions_.empty()) {
            batch = batch_after(flushed_seq_);
        }
        flushed_seq_ = recent_.last();
    }
    if (batch.contacts.empty()) {
        return;
    }
    const auto message = message_of(batch);
    const std::lock_guard lock(mutex_);
    if (erasures != erasures_) {
        return;  // it may tell of what was erased meanwhile; the pages know that they missed it
    }
    subscriptions_.erase(std::remove_if(subscriptions_.begin(), subscriptions_.end(),
                                        [&](const auto& s) { return !s->push(message); }),
                         subscriptions_.end());
}

std::shared_ptr<LiveSubscription> LiveFeed::subscribe(std::optional<std::uint64_t> since) {
    auto subscription = std::make_shared<LiveSubscription>();
    Batch batch;
    std::uint64_t erasures = 0;
    {
        const std::lock_guard lock(mutex_);
        if (is_closed_ || subscriptions_.size() == kSubscriptionCountMax) {
            return nullptr;
        }
        batch = batch_after(since.value_or(recent_.last()));
        erasures = erasures_;
    }
    const auto first = message_of(batch);
    const std::lock_guard lock(mutex_);
    if (is_closed_ || subscriptions_.size() == kSubscriptionCountMax) {
        return nullptr;
    }
    subscription->push(erasures == erasures_ ? first
                                             : message_of({recent_.last(), {}, Gap::Missed}));
    // What was flushed while the first message was written would be missing: send it with the next.
    flushed_seq_ = std::min(flushed_seq_, batch.seq);
    subscriptions_.push_back(subscription);
    return subscription;
}

void LiveFeed::unsubscribe(const std::shared_ptr<LiveSubscription>& subscription) {
    subscription->close();
    const std::lock_guard lock(mutex_);
    subscriptions_.erase(std::remove(subscriptions_.begin(), subscriptions_.end(), subscription),
                         subscriptions_.end());
}

void LiveFeed::close() {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    for (const auto& subscription : subscriptions_) {
        subscription->close();
    }
    subscriptions_.clear();
}

LiveFeed::Batch LiveFeed::batch_after(std::uint64_t seq) const {
    const bool is_lost = seq < recent_.forgotten() || seq > recent_.last();
    const std::uint64_t after = is_lost ? recent_.forgotten() : seq;
    auto states = recent_.after(after, kCatchUpMax + 1);
    Batch batch{recent_.last(), {}, is_lost ? Gap::Missed : Gap::None};
    if (states.size() > kCatchUpMax) {
        states.pop_back();
        batch.gap = Gap::Missed;
    }
    std::unordered_set<std::string> ids;
    // Newest first: of a contact that went on, the newest state stands for all.
    for (auto& [number, contact] : states) {
        if (!ids.insert(contact_id(contact)).second) {
            continue;
        }
        if (batch.contacts.size() == kBatchMax) {
            batch.gap = Gap::Missed;
            break;
        }
        batch.contacts.push_back(std::move(contact));
    }
    std::reverse(batch.contacts.begin(), batch.contacts.end());
    return batch;
}

LiveSubscription::Message LiveFeed::message_of(const Batch& batch) const {
    return std::make_shared<const std::string>(fmt::format(
        R"({{"v":1,"seq":{},{}"events":{}}})", batch.seq,
        batch.gap == Gap::Missed ? R"("missed":true,)" : "", events_text_(batch.contacts)));
}

}  // namespace sporvakt::webui
