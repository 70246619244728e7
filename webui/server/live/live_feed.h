#pragma once

#include "core/base/clock.h"
#include "core/ledger/erasure.h"
#include "core/ledger/reports.h"
#include "webui/server/live/recent_contacts.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace sporvakt::webui {

/// What one open page is still to be sent.  Thread-safe; made by LiveFeed.
class LiveSubscription {
public:
    /// A browser that is this many messages (seconds) behind does not read.
    static constexpr std::size_t kQueueMax = 16;

    using Message = std::shared_ptr<const std::string>;
    struct Nothing {};
    struct Ended {};

    /// The next message; Nothing after `patience`; Ended once the feed or close() ended it.
    [[nodiscard]] std::variant<Message, Nothing, Ended> next(std::chrono::milliseconds patience);

    void close();

private:
    friend class LiveFeed;

    /// False when it has ended, or ends now because its queue is full.
    bool push(const Message& message);

    /// Takes back what was not sent yet, for a message that stands for all of it.
    void replace_all_by(const Message& message);

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Message> queue_;
    bool has_ended_ = false;
};

/// The raw events of the last day, and the pages that are open and told of new ones: numbered, sent
/// in batches (schema LiveMessage of docs/api/openapi.yaml).  Thread-safe; publish() never waits
/// for a browser.
class LiveFeed {
public:
    static constexpr std::size_t kSubscriptionCountMax = 16;
    /// A page that missed more states than these is told so instead.
    static constexpr std::size_t kCatchUpMax = 1000;
    static constexpr std::size_t kBatchMax = 200;

    /// Writes contacts as a JSON list of events.
    using EventsText = std::function<std::string(std::span<const ledger::Contact>)>;

    LiveFeed(const Clock& clock, EventsText events_text);

    /// Contacts that are new or went on, oldest first.
    void publish(const std::vector<ledger::Contact>& contacts);

    /// Sends what was published since the last call, and forgets what is a day old; the server
    /// calls it once a second.
    void flush();

    /// Forgets these contacts at once: none of them is sent any more.  Pages that are open are told
    /// that they missed something, so that they ask anew for what is left.
    void erase(const ledger::Erasure& erasure);

    /// The raw events, as RecentContacts::page() gives them.
    [[nodiscard]] RecentContacts::Page page(const ledger::Filter& filter,
                                            std::optional<std::uint64_t> before,
                                            std::size_t limit) const;

    /// Null when 16 pages are open already.  The first message is there at once: what came after
    /// `since`, or just the number to go on from.
    [[nodiscard]] std::shared_ptr<LiveSubscription> subscribe(std::optional<std::uint64_t> since);

    void unsubscribe(const std::shared_ptr<LiveSubscription>& subscription);

    /// Ends all subscriptions, and those that still come.
    void close();

private:
    enum class Gap : std::uint8_t { None, Missed };

    struct Batch {
        std::uint64_t seq = 0;
        std::vector<ledger::Contact> contacts;
        Gap gap = Gap::None;
    };

    [[nodiscard]] Batch batch_after(std::uint64_t seq) const;  // under mutex_
    [[nodiscard]] LiveSubscription::Message message_of(const Batch& batch) const;

    const EventsText events_text_;
    mutable std::mutex mutex_;
    RecentContacts recent_;
    std::uint64_t flushed_seq_;
    std::uint64_t erasures_ = 0;  ///< A message made before the last one is not to be sent.
    std::vector<std::shared_ptr<LiveSubscription>> subscriptions_;
    bool is_closed_ = false;
};

}  // namespace sporvakt::webui
