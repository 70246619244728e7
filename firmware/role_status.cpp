#include "firmware/role_status.h"

namespace sporvakt::firmware {

webui::Status RoleStatus::status() const {
    webui::Status status;
    for (const RoleState& role : shared_.roles) {
        if (!role.is_running) {
            status.health = webui::Status::Health::Degraded;
        }
        status.capture_drops += role.packets_dropped;
        status.sightings_dropped += role.dropped;
    }
    return status;
}

}  // namespace sporvakt::firmware
