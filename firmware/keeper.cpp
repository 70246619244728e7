#include "firmware/keeper.h"

#include "core/base/log.h"
#include "core/ledger/batch.h"
#include "core/ledger/order_message.h"
#include "core/policy/household_change.h"

#include <algorithm>
#include <utility>

#include <fmt/core.h>
#include <poll.h>

namespace sporvakt::firmware {
namespace {

using std::chrono::milliseconds;

// How soon a request to stop is noticed, and how often tick() looks at the clock.
constexpr int kWaitMilliseconds = 50;
// Messages of one line in a row, so that a flood in one does not silence the others.
constexpr int kReadsInARow = 32;
constexpr milliseconds kAskAgainInterval{1000};
constexpr std::size_t kErasuresUntoldMax = 16;
constexpr std::chrono::minutes kComplainInterval{1};

}  // namespace

Keeper::Keeper(const Parts& parts, Lines lines, Settings settings)
    : parts_(parts), web_(std::move(lines.web)), settings_(settings) {
    for (Channel& channel : lines.senders) {
        senders_.push_back({std::move(channel), 0, {}});
    }
    const Moment now = parts_.clock.moment();
    secure_at_ = now + settings_.secure_interval;
    tell_at_ = now;
    complain_at_ = now;
}

Result<void> Keeper::run(const std::stop_token& stop) {
    greet();
    while (!stop.stop_requested()) {
        std::vector<pollfd> watched{{web_.descriptor(), POLLIN, 0}};
        for (const SenderLine& line : senders_) {
            watched.push_back({line.channel.descriptor(), POLLIN, 0});
        }
        (void)::poll(watched.data(), watched.size(), kWaitMilliseconds);
        (void)read_once();
        tick();
    }
    read_lines();
    return commit();
}

void Keeper::greet() {
    for (const SenderLine& line : senders_) {
        (void)line.channel.send(encode(KeeperBegan{}));
    }
    is_web_behind_ = true;
    if (const auto tidied = parts_.household.take_order_answers_away(); !tidied) {
        complain(tidied.error());
    }
}

void Keeper::read_lines() {
    while (read_once()) {
    }
}

// False when all lines were empty.
bool Keeper::read_once() {
    bool has_read = false;
    for (SenderLine& line : senders_) {
        for (int count = 0; count < kReadsInARow; ++count) {
            const auto bytes = line.channel.receive();
            if (!bytes) {
                break;
            }
            has_read = true;
            if (const auto message = decode(*bytes)) {
                hear(line, *message);
            }
        }
    }
    for (int count = 0; count < kReadsInARow; ++count) {
        const auto bytes = web_.receive();
        if (!bytes) {
            break;
        }
        has_read = true;
        if (const auto message = decode(*bytes)) {
            hear_web(*message);
        }
    }
    return has_read;
}

void Keeper::hear(SenderLine& line, const Message& message) {
    if (const auto* const batch = std::get_if<BatchMessage>(&message)) {
        take(line, batch->batch);
    } else if (std::holds_alternative<Hello>(message)) {
        // Whoever spoke on this line before can send nothing again.
        if (const auto secured = secure(); !secured) {
            complain(secured.error());
        }
    }
}

void Keeper::take(SenderLine& line, Bytes bytes) {
    const auto batch = ledger::parse_batch(bytes);
    if (!batch) {
        complain({Errc::InvalidInput, "a role sent a batch that makes no sense; it is ignored"});
        return;
    }
    line.sender = batch->sender;
    const auto taken = apply(*batch);
    if (!taken) {
        complain(taken.error());
        ask_again(line);
        return;
    }
    switch (*taken) {
        case ledger::Taken::Added:
            has_untold_ = true;
            count_devices(*batch);
            return;
        case ledger::Taken::Repeated:
            tell_committed(line);
            return;
        case ledger::Taken::Ahead:
        case ledger::Taken::Full:
            ask_again(line);
            return;
    }
}

Result<ledger::Taken> Keeper::apply(const ledger::Batch& batch) {
    const ledger::Taken taken = SPORVAKT_TRY(parts_.ledger.apply(batch, parts_.clock.now()));
    if (taken != ledger::Taken::Full) {
        return taken;
    }
    SPORVAKT_TRY(commit());
    return parts_.ledger.apply(batch, parts_.clock.now());
}

// A sighting says that its device was there, too; the resolver gives no other clue.
void Keeper::count_devices(const ledger::Batch& batch) {
    for (const devices::DeviceClue& clue : batch.clues) {
        parts_.devices.add(clue);
    }
    for (const ledger::Sighting& sighting : batch.sightings) {
        devices::DeviceClue clue;
        clue.at = sighting.last;
        clue.device = sighting.device;
        clue.address = sighting.device.address();
        parts_.devices.add(clue);
    }
}

void Keeper::ask_again(SenderLine& line) {
    const Moment now = parts_.clock.moment();
    if (now >= line.asked_again + kAskAgainInterval) {
        line.asked_again = now;
        (void)line.channel.send(encode(SendAgain{line.sender, parts_.ledger.applied(line.sender)}));
    }
}

void Keeper::tell_committed(const SenderLine& line) const {
    if (line.sender != 0) {
        (void)line.channel.send(
            encode(Committed{line.sender, parts_.ledger.committed(line.sender)}));
    }
}

void Keeper::hear_web(const Message& message) {
    if (std::holds_alternative<WebBegan>(message)) {
        is_web_behind_ = true;
    } else if (const auto* const request = std::get_if<OrderRequest>(&message)) {
        const auto done = carry_out(request->order);
        OrderAnswer answer{request->id, 0, ""};
        if (done) {
            notice_change();  // else the next tick would make everybody read it a second time
            answer.generation = parts_.shared.household;
        } else {
            answer.failure = done.error().message;
        }
        (void)web_.send(encode(answer));
    }
}

Result<void> Keeper::carry_out(Bytes order) {
    const auto parsed = ledger::parse_order(order);
    if (!parsed) {
        return fail(Errc::InvalidInput, "The change is not one that can be made");
    }
    if (const auto* const renaming = std::get_if<ledger::RenameDevice>(&*parsed)) {
        return rename(*renaming);
    }
    if (const auto* const password = std::get_if<ledger::SetPasswordHash>(&*parsed)) {
        return set_password(*password);
    }
    if (const auto* const group = std::get_if<ledger::PutDeviceInGroup>(&*parsed)) {
        return put_in_group(*group);
    }
    if (const auto* const erasing = std::get_if<ledger::EraseHistory>(&*parsed)) {
        return erase(*erasing);
    }
    if (const auto* const forgetting = std::get_if<ledger::ForgetDevice>(&*parsed)) {
        return forget(*forgetting);
    }
    return change_policy(std::get<ledger::ChangePolicy>(*parsed));
}

Result<void> Keeper::rename(const ledger::RenameDevice& order) {
    SPORVAKT_TRY(parts_.devices.rename(order.device, order.name));
    return save_devices();
}

Result<void> Keeper::set_password(const ledger::SetPasswordHash& order) {
    return parts_.household.change([&](HouseholdFile::Tables tables) {
        return tables.household.set_password_hash(tables.transaction, order.hash);
    });
}

Result<void> Keeper::put_in_group(const ledger::PutDeviceInGroup& order) {
    const auto rules = SPORVAKT_TRY(parts_.household.rules());
    const bool is_there =
        order.group.empty() ||
        std::any_of(rules.groups.begin(), rules.groups.end(),
                    [&](const policy::Group& group) { return group.id == order.group; });
    if (!is_there) {
        return fail(Errc::NotFound, "there is no group '" + order.group + "'");
    }
    SPORVAKT_TRY(parts_.devices.put_in_group(order.device, order.group));
    return save_devices();
}

Result<void> Keeper::change_policy(const ledger::ChangePolicy& order) {
    const auto changes = policy::parse_changes(order.changes);
    if (!changes) {
        return fail(Errc::InvalidInput, "The change is not one that can be made");
    }
    return parts_.household.change(*changes);
}

Result<void> Keeper::erase(const ledger::EraseHistory& order) {
    is_web_behind_ = true;  // whatever comes of it: rows that it holds may be gone
    auto erased = parts_.ledger.erase(order.erasure, parts_.clock.now());
    if (untold_erasures_.size() == kErasuresUntoldMax) {
        untold_erasures_ = {ledger::Erasure{}};  // too much is better than too little
    } else {
        untold_erasures_.push_back(order.erasure);
    }
    tell_erasures();  // before the order's answer
    return erased;
}

void Keeper::tell_erasures() {
    while (!untold_erasures_.empty()) {
        const ledger::EraseHistory erasing{untold_erasures_.front()};
        if (web_.send(encode(HistoryErased{ledger::encode(erasing)})) != Channel::Sent::Yes) {
            return;  // the next tick tries again
        }
        untold_erasures_.erase(untold_erasures_.begin());
    }
}

// The history first: a device whose record is gone has nobody to ask for the rest.
Result<void> Keeper::forget(const ledger::ForgetDevice& order) {
    SPORVAKT_TRY(erase({{order.device, std::nullopt, std::nullopt}}));
    SPORVAKT_TRY(parts_.devices.forget(order.device));
    SPORVAKT_TRY(save_devices());
    return parts_.household.overwrite_erased();
}

void Keeper::tick() {
    const Moment now = parts_.clock.moment();
    if (parts_.devices.has_news()) {
        if (const auto saved = save_devices(); !saved) {
            complain(saved.error());
        }
    }
    notice_change();
    carry_out_left_orders();
    if (now >= secure_at_) {
        secure_at_ = now + settings_.secure_interval;
        if (const auto secured = secure(); !secured) {
            complain(secured.error());
        }
    }
    tell_erasures();
    if (now >= tell_at_ && (has_untold_ || is_web_behind_)) {
        tell_at_ = now + settings_.tell_interval;
        tell_web();
    }
}

Result<void> Keeper::secure() {
    SPORVAKT_TRY(save_changed_devices());
    SPORVAKT_TRY(parts_.ledger.secure(parts_.clock.now()));
    for (const SenderLine& line : senders_) {
        tell_committed(line);
    }
    return {};
}

Result<void> Keeper::commit() {
    SPORVAKT_TRY(save_changed_devices());
    SPORVAKT_TRY(parts_.ledger.commit(parts_.clock.now()));
    for (const SenderLine& line : senders_) {
        tell_committed(line);
    }
    return {};
}

Result<void> Keeper::save_changed_devices() {
    if (parts_.devices.has_changes()) {
        SPORVAKT_TRY(save_devices());
    }
    return {};
}

// Our own, and one that the owner made beside us (`sporvakt policy import`), perhaps while no
// keeper lived: the first look of each counts as a change.
void Keeper::notice_change() {
    if (const std::uint64_t change = parts_.household.last_change(); change != last_change_) {
        last_change_ = change;
        ++parts_.shared.household;
        may_have_orders_ = true;
    }
}

// Of the owner's, from the command line.  Each is carried out again when we are killed in between.
void Keeper::carry_out_left_orders() {
    if (!std::exchange(may_have_orders_, false)) {
        return;
    }
    const auto waiting = parts_.household.waiting_orders();
    if (!waiting) {
        complain(waiting.error());
        return;
    }
    for (const OrderBox::LeftOrder& left : *waiting) {
        const auto done = carry_out(left.order);
        const auto answered =
            parts_.household.answer_order(left.id, done ? "" : done.error().message);
        if (!answered) {
            complain(answered.error());
            may_have_orders_ = true;
        }
    }
}

Result<void> Keeper::save_devices() {
    SPORVAKT_TRY(parts_.household.change(
        [&](HouseholdFile::Tables tables) { return parts_.devices.save(tables); }));
    parts_.devices.saved();
    return {};
}

void Keeper::tell_web() {
    if (is_web_behind_) {
        (void)parts_.ledger.take_changes();  // they are among the pending ones, or on disk
        is_web_behind_ = !send_rows(parts_.ledger.pending_changes());
    } else {
        is_web_behind_ = !send_rows(parts_.ledger.take_changes());
    }
    has_untold_ = false;
}

bool Keeper::send_rows(const std::vector<std::vector<std::uint8_t>>& rows) {
    return std::all_of(rows.begin(), rows.end(), [this](const auto& message) {
        return web_.send(encode(FreshRows{message})) == Channel::Sent::Yes;
    });
}

void Keeper::complain(const Error& error) {
    const Moment now = parts_.clock.moment();
    if (now >= complain_at_) {
        complain_at_ = now + kComplainInterval;
        log::error(error.message);
    }
}

}  // namespace sporvakt::firmware
