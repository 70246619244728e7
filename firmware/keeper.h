#pragma once

#include "core/base/clock.h"
#include "core/ledger/ledger.h"
#include "core/ledger/order.h"
#include "firmware/channel.h"
#include "firmware/device_book.h"
#include "firmware/household_file.h"
#include "firmware/messages.h"
#include "firmware/shared_block.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace sporvakt::firmware {

/// The one writer of ledger.mdb and household.mdb.  Counts what the senders send, carries out what
/// the web role orders, and tells the web role what is not on disk yet.  One thread.
///
/// A sender's words are checked; whatever it says, the keeper keeps within the ledger's limits.
class Keeper {
public:
    struct Settings {
        /// Sightings wait so long for the disk: an SD card wears with each write.
        std::chrono::milliseconds secure_interval{30'000};
        /// At most so often is the web role told what is new.
        std::chrono::milliseconds tell_interval{500};
    };

    /// All outlive the keeper.
    struct Parts {
        ledger::Ledger& ledger;
        HouseholdFile& household;
        DeviceBook& devices;
        SharedState& shared;
        const Clock& clock;
    };

    struct Lines {
        std::vector<Channel> senders;
        Channel web;
    };

    Keeper(const Parts& parts, Lines lines, Settings settings);

    /// Tells everybody that it is there, works until `stop`, reads what is still in the lines, and
    /// commits all.  An error when that last commit failed.
    Result<void> run(const std::stop_token& stop);

    // run() in steps, for tests.

    void greet();
    /// Reads all that the lines hold.
    void read_lines();
    /// Does what the time says: makes safe what is counted, tells the web role.
    void tick();
    /// Makes all that is counted survive a power cut, and tells the senders; on an error all stays
    /// to be tried again.
    Result<void> secure();
    /// The same, with every row in ledger.mdb itself.
    Result<void> commit();

private:
    struct SenderLine {
        Channel channel;
        std::uint64_t sender = 0;  ///< Whose batches came last; 0: nobody's yet.
        Moment asked_again;
    };

    [[nodiscard]] bool read_once();
    void hear(SenderLine& line, const Message& message);
    void take(SenderLine& line, Bytes bytes);
    Result<ledger::Taken> apply(const ledger::Batch& batch);
    void count_devices(const ledger::Batch& batch);
    void ask_again(SenderLine& line);
    void tell_committed(const SenderLine& line) const;

    void hear_web(const Message& message);
    Result<void> carry_out(Bytes order);
    Result<void> rename(const ledger::RenameDevice& order);
    Result<void> set_password(const ledger::SetPasswordHash& order);
    Result<void> put_in_group(const ledger::PutDeviceInGroup& order);
    Result<void> change_policy(const ledger::ChangePolicy& order);
    Result<void> erase(const ledger::EraseHistory& order);
    Result<void> forget(const ledger::ForgetDevice& order);
    void tell_erasures();
    void tell_web();
    bool send_rows(const std::vector<std::vector<std::uint8_t>>& rows);

    Result<void> save_changed_devices();
    Result<void> save_devices();
    void notice_change();
    void carry_out_left_orders();
    void complain(const Error& error);

    Parts parts_;
    std::vector<SenderLine> senders_;
    Channel web_;
    Settings settings_;
    Moment secure_at_;
    Moment tell_at_;
    Moment complain_at_;
    std::uint64_t last_change_ = 0;  ///< Of household.mdb: what everybody was told of; 0: nothing.
    bool may_have_orders_ = true;    ///< Left for us in household.mdb.
    bool has_untold_ = false;
    std::vector<ledger::Erasure> untold_erasures_;  ///< The web role has not been told of them.
    bool is_web_behind_ = false;                    ///< It missed rows: tell it all again.
};

}  // namespace sporvakt::firmware
