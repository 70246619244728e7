#pragma once

#include "core/base/byte_reader.h"
#include "core/devices/device.h"
#include "core/ledger/sighting.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sporvakt::ledger {

/// What one sender tells the keeper at once.
struct Batch {
    std::uint64_t sender = 0;   ///< Which run of which program: random, new at each start, not 0.
    std::uint64_t number = 0;   ///< 1, 2, 3... without gaps within a sender.
    std::uint64_t oldest = 0;   ///< The lowest number that the sender still keeps; not over number.
    std::uint64_t dropped = 0;  ///< What the sender has dropped since its start.
    std::vector<Sighting> sightings;
    std::vector<devices::DeviceClue> clues;

    friend bool operator==(const Batch&, const Batch&) = default;
};

/// A batch in bytes is never longer: it fits one SOCK_SEQPACKET message, and a few bytes of the
/// channel's own in front.
constexpr std::size_t kBatchBytesMax = std::size_t{60} * 1024;

/// The batch must fit; Outbox makes such batches.
std::vector<std::uint8_t> encode(const Batch& batch);

/// Checks everything, as the sender may be a process that somebody broke into: ranges of all
/// numbers, valid names and devices, known values, nothing left over.
Parsed<Batch> parse_batch(Bytes bytes);

// Sizes within a batch, for those who fill one.

constexpr std::size_t kBatchHeaderBytes = 1 + 4 * 8 + 2 * 2;
std::size_t encoded_size(const Sighting& sighting);
std::size_t encoded_size(const devices::DeviceClue& clue);

}  // namespace sporvakt::ledger
