#include "firmware/household_view.h"

#include "core/base/log.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace sporvakt::firmware {
namespace {

// A clock that was set back by more makes the policy of later one of the wrong time.
constexpr std::chrono::seconds kClockSlack{2};

constexpr unsigned kFailuresUnsaid = 60;  // three seconds of them

}  // namespace

HouseholdView::HouseholdView(Role role, SharedState& shared, Sources sources)
    : shared_(shared),
      state_(shared.of(role)),
      sources_(std::move(sources)),
      policy_(std::make_shared<policy::Policy>(catalogues_, rules_)),
      devices_(std::make_shared<devices::DeviceTable>()) {
    refresh();
}

void HouseholdView::refresh() {
    // Read before what they stand for: a change in between is then noticed the next time.
    const std::uint64_t household = shared_.household;
    const std::uint64_t lists = shared_.lists;
    const bool has_new_lists = lists != lists_read_;
    if (has_new_lists) {
        catalogues_ = sources_.catalogues();
    }
    const bool has_new_household = household != household_read_ && read_household();
    const Timestamp now = sources_.now();
    const bool has_new_interfaces = read_interfaces(now);
    const bool is_of_another_time =
        now >= policy_.get()->valid_until() || now + kClockSlack < judged_at_;
    if (!has_new_lists && !has_new_household && !has_new_interfaces && !is_of_another_time) {
        return;
    }
    publish_policy(now);
    if (has_new_lists) {
        lists_read_ = lists;
        state_.lists_seen = lists;
    }
    if (has_new_household) {
        household_read_ = household;
        state_.household_seen = household;
    }
}

void HouseholdView::publish_policy(Timestamp now) {
    judged_at_ = now;
    policy_.publish(std::make_shared<policy::Policy>(
        catalogues_, rules_, policy::Circumstances{now, devices_.get()->devices(), interfaces_}));
}

bool HouseholdView::read_interfaces(Timestamp now) {
    const bool is_wanted =
        std::any_of(rules_.groups.begin(), rules_.groups.end(), [](const policy::Group& group) {
            return std::any_of(group.members.begin(), group.members.end(), [](const auto& member) {
                return member.by == policy::Membership::By::Interface;
            });
        });
    // A clock that was set back makes them old, too.
    const bool is_due = now >= interfaces_at_ + kInterfaceInterval || now < interfaces_at_;
    if (!is_wanted || !is_due) {
        return false;
    }
    interfaces_at_ = now;
    auto interfaces = sources_.interfaces();
    const bool is_new = interfaces != interfaces_;
    interfaces_ = std::move(interfaces);
    return is_new;
}

bool HouseholdView::read_household() {
    auto rules = sources_.rules();
    auto devices = sources_.devices();
    if (!rules || !devices) {
        count_failure(!rules ? rules.error() : devices.error());
        return false;
    }
    failures_ = 0;
    rules_ = std::move(*rules);
    devices_.publish(std::make_shared<devices::DeviceTable>(std::move(*devices)));
    if (devices_taker_) {
        devices_taker_(devices_.get());
    }
    return true;
}

void HouseholdView::tell_devices(DevicesTaker taker) {
    devices_taker_ = std::move(taker);
    devices_taker_(devices_.get());
}

// At its first start ever the keeper makes the file while the others look for it already.
void HouseholdView::count_failure(const Error& error) {
    if (++failures_ == kFailuresUnsaid) {
        log::warning(error.message + "; the household's settings are tried again");
    }
}

void HouseholdView::watch(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
        refresh();
        stopped.wait_for(lock, stop, kInterval, [] { return false; });
    }
}

}  // namespace sporvakt::firmware
