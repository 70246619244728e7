#pragma once

#include "firmware/shared_block.h"
#include "webui/server/appliance.h"

namespace sporvakt::firmware {

/// How the roles are doing, for the page.  Thread-safe.
class RoleStatus final : public webui::StatusSource {
public:
    /// `shared` outlives it.
    explicit RoleStatus(const SharedState& shared) : shared_(shared) {}

    [[nodiscard]] webui::Status status() const override;
    [[nodiscard]] webui::ResolverFigures resolver() const override;
    [[nodiscard]] webui::SnifferFigures sniffer() const override;

private:
    const SharedState& shared_;
};

}  // namespace sporvakt::firmware
