#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "firmware/configuration.h"
#include "firmware/household_file.h"
#include "firmware/household_view.h"
#include "firmware/shared_block.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace sporvakt::firmware {

/// What every role stands on.  All of it outlives the role.
struct RoleGround {
    const Configuration& configuration;
    SharedState& shared;
    const Clock& clock;
    std::string built_in_catalogue;  ///< Path.
};

/// household.mdb for a role that only reads it.  The keeper may make the file later than this
/// object is made; until then every question is an error.  Thread-safe.
class HouseholdReader {
public:
    explicit HouseholdReader(std::string dir) : dir_(std::move(dir)) {}

    [[nodiscard]] Result<policy::HouseholdRules> rules();
    [[nodiscard]] Result<std::vector<devices::Device>> devices();
    [[nodiscard]] Result<std::optional<std::string>> password_hash();

private:
    Result<HouseholdFile*> file();

    std::string dir_;
    std::mutex mutex_;
    std::optional<HouseholdFile> file_;  ///< Guarded by mutex_ until it is set; then only read.
};

/// From where a role's HouseholdView reads.  `reader` outlives the view.
HouseholdView::Sources sources_of(const RoleGround& ground, HouseholdReader& reader);

/// Random and not 0.
std::uint64_t random_number();

}  // namespace sporvakt::firmware
