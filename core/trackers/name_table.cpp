#include "core/trackers/name_table.h"

#include "core/base/assert.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <endian.h>

namespace sporvakt::trackers {
namespace {

constexpr std::size_t kChunk = 8;

// (As loops over the bytes, GCC leaves them loops, and a look-up costs three times as many
// instructions.)
std::uint64_t load(const std::uint8_t* bytes) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes, kChunk);
    return be64toh(value);
}

void store(std::uint64_t value, std::uint8_t* bytes) {
    value = htobe64(value);
    std::memcpy(bytes, &value, kChunk);
}

std::uint64_t mix(std::uint64_t state, std::uint64_t chunk) {
    state = (state ^ chunk) * 0x9e3779b97f4a7c15U;
    state = (state ^ (state >> 32U)) * 0xd6e8feb86659fd93U;
    return state ^ (state >> 29U);
}

// The last chunk of a label holds less than eight characters and, above them, how many: so that
// "i.abcdefgh" and "abcdefghi" do not hash alike.
std::uint64_t mix_label(std::uint64_t state, std::string_view name, std::size_t start,
                        std::size_t end) {
    const std::uint8_t* const bytes = as_bytes(name).data();
    for (; end - start >= kChunk; start += kChunk) {
        state = mix(state, load(bytes + start));
    }
    const std::size_t left = end - start;
    std::uint64_t tail = 0x80U + left;
    if (end >= kChunk) {
        // One load instead of a loop: what stands before the tail is shifted out.
        const std::uint64_t last = load(bytes + end - kChunk);
        tail = (tail << (8U * left)) | (last & ~(~std::uint64_t{0} << (8U * left)));
    } else {
        for (; start < end; ++start) {
            tail = (tail << 8U) | bytes[start];
        }
    }
    return mix(state, tail);
}

// (std::string_view::rfind goes a character at a time.)
std::size_t label_start(std::string_view name, std::size_t end) {
    if (end == 0) {
        return 0;  // the root, which may have no bytes to look at
    }
    const void* const dot = ::memrchr(name.data(), '.', end);
    return dot == nullptr
               ? 0
               : static_cast<std::size_t>(static_cast<const char*>(dot) - name.data()) + 1;
}

constexpr std::uint64_t kHomesPerFive = 8;  // five names in eight homes: few probes, little air

std::uint64_t homes_for(std::size_t names) {
    return names * kHomesPerFive / 5 + 1;
}

constexpr std::size_t kRecordsMax = 0xffffffffU;  // a slot keeps the place in 32 bits

void append_record(std::vector<std::uint8_t>& records, std::string_view name,
                   const std::vector<std::uint8_t>& payload) {
    records.push_back(static_cast<std::uint8_t>(name.size()));
    records.push_back(0);
    records.push_back(0);
    const Bytes bytes = as_bytes(name);
    records.insert(records.end(), bytes.begin(), bytes.end());
    records.insert(records.end(), payload.begin(), payload.end());
}

}  // namespace

bool SuffixWalk::next() {
    if (start_ == 0) {
        return false;
    }
    do {
        const std::size_t end = start_ - 1;  // the dot, or one past the name
        start_ = label_start(name_, end);
        state_ = mix_label(state_, name_, start_, end);
    } while (visits_ == Visits::Whole && start_ != 0);
    return true;
}

bool SuffixWalk::is_last_label_a_number(std::string_view name) {
    const std::string_view label = name.substr(label_start(name, name.size()));
    return std::all_of(label.begin(), label.end(), is_digit);
}

std::uint64_t SuffixWalk::hash() const {
    return state_;
}

std::uint64_t name_hash(std::string_view name, std::uint64_t seed) {
    SuffixWalk walk(name, seed);
    while (walk.next()) {
    }
    return walk.hash();
}

Parsed<NameTable> NameTable::from(Bytes slots, Bytes records) {
    if (slots.size() < kHeaderBytes) {
        return tl::unexpected(ParseError::Truncated);
    }
    NameTable table;
    table.seed_ = load(slots.data());
    table.homes_ = load(slots.data() + kChunk);
    table.slots_ = slots.subspan(kHeaderBytes);
    table.records_ = records;
    const std::uint64_t slot_count = table.slots_.size() / kSlotBytes;
    if (slot_count < kProbeMax || table.homes_ > slot_count - kProbeMax) {
        return tl::unexpected(ParseError::Truncated);
    }
    return table;
}

std::optional<NameTable::Record> NameTable::find(std::string_view name, std::uint64_t hash) const {
    if (homes_ == 0) {
        return std::nullopt;
    }
    const auto fingerprint = static_cast<std::uint32_t>(hash >> 32U);
    const std::uint8_t* slot = slots_.data() + home(hash, homes_) * kSlotBytes;
    for (std::uint64_t probe = 0; probe < kProbeMax; ++probe, slot += kSlotBytes) {
        const std::uint64_t value = load(slot);
        const auto place = static_cast<std::uint32_t>(value);
        if (place == 0) {
            return std::nullopt;
        }
        if (static_cast<std::uint32_t>(value >> 32U) == fingerprint) {
            const auto record = record_at(place - 1);
            if (record && record->name == name) {
                return record;
            }
        }
    }
    return std::nullopt;
}

std::optional<NameTable::Record> NameTable::record_at(std::size_t offset) const {
    if (offset + kRecordHeaderBytes > records_.size()) {
        return std::nullopt;
    }
    const Bytes bytes = records_.subspan(offset);
    const std::size_t before = bytes[1];
    const std::size_t text_size = before + bytes[0] + bytes[2];
    if (bytes.size() < kRecordHeaderBytes + text_size) {
        return std::nullopt;
    }
    const std::string_view text = as_text(bytes.subspan(kRecordHeaderBytes, text_size));
    return Record{text, text.substr(before, bytes[0]),
                  bytes.subspan(kRecordHeaderBytes + text_size)};
}

std::vector<NameTable::Record> NameTable::all(std::size_t payload_bytes) const {
    std::vector<Record> records;
    std::size_t offset = 0;
    while (const auto record = record_at(offset)) {
        if (record->payload.size() < payload_bytes) {
            break;
        }
        records.push_back({record->text, record->name, record->payload.first(payload_bytes)});
        offset += kRecordHeaderBytes + record->text.size() + payload_bytes;
    }
    return records;
}

std::size_t NameTableLayout::slot_bytes(std::size_t names) {
    return NameTable::kHeaderBytes +
           (homes_for(names) + NameTable::kProbeMax) * NameTable::kSlotBytes;
}

NameTableLayout::NameTableLayout(std::size_t names, std::uint64_t seed,
                                 std::span<std::uint8_t> slots)
    : slots_(slots), homes_(homes_for(names)) {
    SPORVAKT_ASSERT(slots.size() == slot_bytes(names));
    std::fill(slots.begin(), slots.end(), std::uint8_t{0});
    store(seed, slots.data());
    store(homes_, slots.data() + kChunk);
}

bool NameTableLayout::add(std::uint64_t hash, std::size_t record_offset) {
    const std::uint64_t home = NameTable::home(hash, homes_);
    free_ = std::max(free_, home);
    if (free_ - home >= NameTable::kProbeMax || record_offset >= kRecordsMax) {
        return false;
    }
    const std::uint64_t value = ((hash >> 32U) << 32U) | (record_offset + 1U);
    store(value, slots_.data() + NameTable::kHeaderBytes + free_ * NameTable::kSlotBytes);
    ++free_;
    return true;
}

NameTableImage NameTableImage::of(
    const std::map<std::string, std::vector<std::uint8_t>>& payloads) {
    struct Row {
        std::uint64_t hash;
        const std::pair<const std::string, std::vector<std::uint8_t>>* entry;
    };
    for (std::uint64_t seed = 1;; ++seed) {
        std::vector<Row> rows;
        rows.reserve(payloads.size());
        for (const auto& entry : payloads) {
            rows.push_back({name_hash(entry.first, seed), &entry});
        }
        std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
            return NameTableLayout::lower_half(a.hash) < NameTableLayout::lower_half(b.hash);
        });
        NameTableImage image;
        image.slots.resize(NameTableLayout::slot_bytes(rows.size()));
        NameTableLayout layout(rows.size(), seed, image.slots);
        const bool all_placed = std::all_of(rows.begin(), rows.end(), [&](const Row& row) {
            const std::size_t offset = image.records.size();
            append_record(image.records, row.entry->first, row.entry->second);
            return layout.add(row.hash, offset);
        });
        if (all_placed) {
            return image;
        }
    }
}

}  // namespace sporvakt::trackers
