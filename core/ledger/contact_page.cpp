#include "core/ledger/contact_page.h"

#include "core/base/byte_writer.h"
#include "core/ledger/fields.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace sporvakt::ledger {
namespace {

std::string to_hexadecimal(Bytes bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 15U];
    }
    return text;
}

std::optional<std::vector<std::uint8_t>> from_hexadecimal(std::string_view text) {
    std::vector<std::uint8_t> bytes(text.size() / 2);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char* const digits = text.data() + i * 2;
        const auto parsed = std::from_chars(digits, digits + 2, bytes[i], 16);
        if (parsed.ec != std::errc{} || parsed.ptr != digits + 2) {
            return std::nullopt;
        }
    }
    return text.size() % 2 == 0 ? std::optional(std::move(bytes)) : std::nullopt;
}

bool is_wanted(const Filter& filter, Timestamp first, const Circumstances& circumstances) {
    return first >= filter.from && first < filter.to &&
           (!filter.purpose || circumstances.purpose == *filter.purpose);
}

}  // namespace

bool matches(const Filter& filter, const Slot& slot) {
    return is_wanted(filter, slot.first, slot.circumstances);
}

bool matches(const Filter& filter, const DayPart& part) {
    return is_wanted(filter, part.first, part.circumstances);
}

std::string PagePlace::text() const {
    ByteWriter out;
    out.u64(milliseconds_of(first)).bytes(encode(key));
    return to_hexadecimal(out.result());
}

std::optional<PagePlace> PagePlace::from_text(std::string_view text) {
    const auto bytes = from_hexadecimal(text);
    if (!bytes) {
        return std::nullopt;
    }
    ByteReader in(*bytes);
    const Parsed<Timestamp> first = read_time(in);
    Parsed<RowKey> key = parse_row_key(in.take_rest());
    if (!first || !key) {
        return std::nullopt;
    }
    return PagePlace{*first, std::move(*key)};
}

void PageBuilder::add(const Row& row, const Filter& filter) {
    for (std::size_t i = 0; i < kSlotsPerHour; ++i) {
        const std::optional<Slot>& slot = row.slots.at(i);
        if (slot && matches(filter, *slot)) {
            add({slot->first, row.key}, row.contact(i));
        }
    }
}

void PageBuilder::add(const DayRow& row, const Filter& filter) {
    for (std::size_t i = 0; i < row.parts.size(); ++i) {
        if (matches(filter, row.parts[i])) {
            add({row.parts[i].first, row.key}, row.contact(i));
        }
    }
}

void PageBuilder::add(PagePlace place, Contact contact) {
    if (!after_ || *after_ < place) {
        found_.push_back({std::move(place), std::move(contact)});
    }
    if (found_.size() > 4 * (limit_ + kSlotsPerHour)) {
        keep_first();
    }
}

void PageBuilder::keep_first() {
    const auto is_before = [](const Found& a, const Found& b) { return a.place < b.place; };
    std::sort(found_.begin(), found_.end(), is_before);
    if (found_.size() > limit_ + 1) {
        found_.erase(found_.begin() + static_cast<std::ptrdiff_t>(limit_ + 1), found_.end());
    }
}

ContactPage PageBuilder::finish() {
    keep_first();
    ContactPage page;
    if (found_.size() > limit_) {
        page.next = found_[limit_ - 1].place.text();
        found_.resize(limit_);
    }
    for (Found& found : found_) {
        page.contacts.push_back(std::move(found.contact));
    }
    return page;
}

}  // namespace sporvakt::ledger
