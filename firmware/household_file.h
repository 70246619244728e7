#pragma once

#include "core/base/result.h"
#include "core/devices/device_store.h"
#include "core/policy/household_change.h"
#include "core/policy/household_store.h"
#include "core/store/environment.h"
#include "firmware/history/order_box.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::firmware {

/// household.mdb: the household's rules and settings, and its devices.  Thread-safe.
///
/// The keeper opens it for writing, and so do the owner's `sporvakt policy import` and `erase`
/// beside it; the other roles read it where it lies.  Open it once in a process, and not before
/// fork(2).
class HouseholdFile {
public:
    /// `dir` is the storage directory.  Opened for reading it must be there already.
    static Result<HouseholdFile> open(const std::string& dir, store::Access access);

    [[nodiscard]] Result<policy::HouseholdRules> rules() const;
    [[nodiscard]] Result<std::vector<devices::Device>> devices() const;
    [[nodiscard]] Result<std::optional<std::string>> password_hash() const;

    /// Another number than before: this or another process has changed the file since.
    [[nodiscard]] std::uint64_t last_change() const { return environment_->last_commit(); }

    /// What one write transaction changes: all of it or nothing.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): its members have no default.
    struct Tables {
        store::WriteTransaction& transaction;
        policy::HouseholdStore household;
        devices::DeviceStore devices;
    };
    Result<void> change(const std::function<Result<void>(Tables)>& work);

    /// Carries them out in one write transaction.
    Result<void> change(std::span<const policy::HouseholdChange> changes);

    // Orders from the command line: firmware/history/order_box.h.  Only opened for writing.

    Result<void> leave_order(std::uint64_t id, const ledger::Order& order);
    [[nodiscard]] Result<std::vector<OrderBox::LeftOrder>> waiting_orders() const;
    Result<void> answer_order(std::uint64_t id, std::string_view failure);
    [[nodiscard]] Result<std::optional<std::string>> answer_to_order(std::uint64_t id) const;
    Result<void> take_order_away(std::uint64_t id);
    Result<void> take_order_answers_away();

    /// Nothing of what was erased before is left in the file's bytes.
    Result<void> overwrite_erased() { return environment_->overwrite_erased(); }

private:
    explicit HouseholdFile(std::unique_ptr<store::Environment> environment)
        : environment_(std::move(environment)) {}

    [[nodiscard]] policy::HouseholdStore household() const;
    [[nodiscard]] devices::DeviceStore device_store() const;
    [[nodiscard]] OrderBox order_box() const;

    std::unique_ptr<store::Environment> environment_;
};

}  // namespace sporvakt::firmware
