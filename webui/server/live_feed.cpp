#include "webui/server/live_feed.h"

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

LiveFeed::LiveFeed(const Clock& clock, EventsText events_text)
    : events_text_(std::move(events_text)),
      seq_(static_cast<std::uint64_t>(clock.now().time_since_epoch().count())),
      flushed_seq_(seq_) {}

void LiveFeed::publish(std::vector<ledger::Contact> contacts) {
    const std::lock_guard lock(mutex_);
    for (auto& contact : contacts) {
        if (ring_.size() == kRingMax) {
            ring_.pop_front();
        }
        ring_.push_back(std::move(contact));
        ++seq_;
    }
}

void LiveFeed::flush() {
    Batch batch;
    {
        const std::lock_guard lock(mutex_);
        if (flushed_seq_ == seq_) {
            return;
        }
        // Somebody who comes between here and below gets these twice; their ids make that harmless.
        if (!subscriptions_.empty()) {
            batch = batch_after(flushed_seq_);
        }
        flushed_seq_ = seq_;
    }
    if (batch.contacts.empty()) {
        return;
    }
    const auto message = message_of(batch);
    const std::lock_guard lock(mutex_);
    subscriptions_.erase(std::remove_if(subscriptions_.begin(), subscriptions_.end(),
                                        [&](const auto& s) { return !s->push(message); }),
                         subscriptions_.end());
}

std::shared_ptr<LiveSubscription> LiveFeed::subscribe(std::optional<std::uint64_t> since) {
    auto subscription = std::make_shared<LiveSubscription>();
    Batch batch;
    {
        const std::lock_guard lock(mutex_);
        if (is_closed_ || subscriptions_.size() == kSubscriptionCountMax) {
            return nullptr;
        }
        batch = batch_after(since.value_or(seq_));
    }
    subscription->push(message_of(batch));
    const std::lock_guard lock(mutex_);
    if (is_closed_ || subscriptions_.size() == kSubscriptionCountMax) {
        return nullptr;
    }
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
    const std::uint64_t oldest = seq_ - ring_.size();  // the number before the ring's first
    const bool is_lost = seq < oldest || seq > seq_;
    const std::uint64_t wanted = is_lost ? ring_.size() : seq_ - seq;
    Batch batch{seq_, {}, is_lost ? Gap::Missed : Gap::None};
    std::unordered_set<std::string> ids;
    // Backwards: of a contact that went on, the newest state stands for all.
    for (auto contact = ring_.rbegin();
         contact != ring_.rbegin() + static_cast<std::ptrdiff_t>(wanted); ++contact) {
        if (!ids.insert(contact_id(*contact)).second) {
            continue;
        }
        if (batch.contacts.size() == kBatchMax) {
            batch.gap = Gap::Missed;
            break;
        }
        batch.contacts.push_back(*contact);
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
