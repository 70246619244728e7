#include "firmware/gate/rule_guard.h"

#include "capture/gate/packet_queue.h"
#include "core/base/log.h"
#include "firmware/gate/gate_keys.h"
#include "firmware/share_folder.h"

#include <filesystem>
#include <fstream>
#include <system_error>

namespace sporvakt::firmware {

Result<void> RuleGuard::adopt(const Configuration& configuration) {
    const Configuration::Gate& gate = configuration.gate;
    if (gate.mode == capture::GateMode::Off) {
        if (!in_force_ && std::filesystem::exists(note_)) {
            log::warning("taking away the gate's rules, which a killed sporvakt left");
            clear();
        }
        return {};
    }
    if (!in_force_) {
        // Only to know now whether it can be had: a gate of ours that runs has it.
        SPORVAKT_TRY(capture::PacketQueue::open(capture::kGateQueue, gate.on_failure));
    }
    GateRules wanted = gate_rules(configuration);
    if (gate.reject_doh) {
        const std::string path = SPORVAKT_TRY(share_file(kBuiltInCatalogue));
        wanted.rejected_resolvers = known_resolvers(*SPORVAKT_TRY(trackers::Catalogue::open(path)));
    }
    if (auto is_set = set(wanted); !is_set) {
        if (in_force_) {
            (void)firewall_.set(*in_force_);
        } else {
            remove_note();  // nothing of ours stands
        }
        return is_set;
    }
    in_force_ = wanted;
    return {};
}

Result<void> RuleGuard::set(const GateRules& rules) {
    SPORVAKT_TRY(write_note());
    return firewall_.set(rules);
}

Result<void> RuleGuard::write_note() const {
    std::ofstream file(note_);
    file << "The gate's rules are set: nft list table inet sporvakt\n";
    if (!file.flush()) {
        return fail(Errc::Storage, note_ + ": cannot be written; check [storage] dir");
    }
    return {};
}

void RuleGuard::clear() {
    in_force_.reset();
    if (const auto cleared = firewall_.clear(); !cleared) {
        log::error(cleared.error().message);
        return;
    }
    remove_note();
}

void RuleGuard::remove_note() const {
    std::error_code ignored;  // where it stays, the next start looks once more
    std::filesystem::remove(note_, ignored);
}

}  // namespace sporvakt::firmware
