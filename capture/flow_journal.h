#pragma once

#include "core/base/byte_reader.h"
#include "core/base/clock.h"
#include "core/base/ip_address.h"
#include "core/devices/device_id.h"
#include "core/ledger/sighting.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace sporvakt::capture {

/// What must not be forgotten about a named flow when the sniffer dies.
struct JournalEntry {
    std::uint8_t protocol = 0;  ///< IP protocol: 6 or 17.
    Endpoint client;
    Endpoint server;
    devices::DeviceId device;
    std::string name;
    ledger::NameSource source = ledger::NameSource::Tls;
    bool counted = false;  ///< A sighting with attempts = 1 has been handed to the sink.
    Timestamp last_seen;

    friend bool operator==(const JournalEntry&, const JournalEntry&) = default;
};

/// A table of running flows in memory that outlives the sniffer's process.
///
/// The supervisor makes the memory (memfd_create(2), kBytes long, zeroed) and gives it to each
/// sniffer process that it starts; one process at a time.  A process may be killed in the middle of
/// a write and the bytes are not trusted: an entry whose check does not fit is ignored.  Fixed
/// size: when full, put() says so and the flow is merely not noted.  Not thread-safe.
class FlowJournal {
public:
    using Slot = std::uint16_t;

    static constexpr std::size_t kEntriesMax = 4096;
    static constexpr std::size_t kEntryBytes = 384;
    static constexpr std::size_t kBytes = kEntriesMax * kEntryBytes;

    /// `memory` is kBytes long and outlives the journal.
    explicit FlowJournal(std::span<std::uint8_t> memory);

    /// Calls `visit` for each valid entry, and empties the slots of all others.
    void load(const std::function<void(Slot, JournalEntry)>& visit);

    /// Writes the entry into a free slot; empty when there is none.
    std::optional<Slot> put(const JournalEntry& entry);

    void update(Slot slot, const JournalEntry& entry);
    void erase(Slot slot);

private:
    std::span<std::uint8_t> slot_bytes(Slot slot);

    std::span<std::uint8_t> memory_;
    std::size_t next_ = 0;  ///< Where to look for a free slot first.
};

}  // namespace sporvakt::capture
