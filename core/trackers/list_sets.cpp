#include "core/trackers/list_sets.h"

#include "core/base/assert.h"
#include "core/base/byte_writer.h"

#include <algorithm>

namespace sporvakt::trackers {
namespace {

constexpr std::size_t kListBytes = 2;
constexpr std::size_t kEndBytes = 4;

std::uint32_t u32_at(Bytes bytes, std::size_t index) {
    return ByteReader(bytes.subspan(index * kEndBytes)).u32().value_or(0);
}

}  // namespace

Parsed<StoredLists> read_lists(ByteReader& from) {
    StoredLists lists;
    lists.number = SPORVAKT_TRY(from.u16());
    if (lists.number == StoredLists::kWrittenOut) {
        const std::size_t count = SPORVAKT_TRY(from.u16());
        lists.written_out = SPORVAKT_TRY(from.take(count * kListBytes));
    }
    return lists;
}

bool ListSelection::meets(const StoredLists& lists) const {
    if (lists.number != StoredLists::kWrittenOut) {
        return lists.number < numbers_.size() && numbers_[lists.number];
    }
    ByteReader rest(lists.written_out);
    while (const auto list = rest.u16()) {
        if (*list < numbers_.size() && numbers_[*list]) {
            return true;
        }
    }
    return false;
}

Parsed<ListSets> ListSets::from(Bytes names, Bytes sets) {
    ListSets result;
    ByteReader name_reader(names);
    for (std::size_t left = SPORVAKT_TRY(name_reader.u16()); left > 0; --left) {
        result.names_.push_back(as_text(SPORVAKT_TRY(name_reader.take_vector16())));
    }
    ByteReader set_reader(sets);
    const std::size_t count = SPORVAKT_TRY(set_reader.u16());
    result.ends_ = SPORVAKT_TRY(set_reader.take(count * kEndBytes));
    result.lists_ = set_reader.take_rest();
    return result;
}

Bytes ListSets::row(std::size_t row) const {
    const std::size_t rows = ends_.size() / kEndBytes;
    if (row >= rows) {
        return {};
    }
    const std::size_t begin = row == 0 ? 0 : u32_at(ends_, row - 1);
    const std::size_t end = u32_at(ends_, row);
    if (begin > end || end > lists_.size() / kListBytes) {
        return {};  // damaged
    }
    return lists_.subspan(begin * kListBytes, (end - begin) * kListBytes);
}

std::vector<std::uint16_t> ListSets::members(const StoredLists& lists) const {
    if (lists.number < names_.size()) {
        return {lists.number};
    }
    std::vector<std::uint16_t> all;
    ByteReader rest(lists.number == StoredLists::kWrittenOut ? lists.written_out
                                                             : row(lists.number - names_.size()));
    while (const auto list = rest.u16()) {
        if (*list < names_.size()) {
            all.push_back(*list);
        }
    }
    return all;
}

std::string_view ListSets::first_name(const StoredLists& lists,
                                      const ListSelection* selection) const {
    if (lists.number < names_.size()) {
        return names_[lists.number];
    }
    ByteReader rest(lists.number == StoredLists::kWrittenOut ? lists.written_out
                                                             : row(lists.number - names_.size()));
    while (const auto list = rest.u16()) {
        if (*list < names_.size() && (selection == nullptr || selection->has(*list))) {
            return names_[*list];
        }
    }
    return {};
}

ListSelection ListSets::select(std::span<const std::string> names) const {
    const std::size_t rows = ends_.size() / kEndBytes;
    ListSelection selection;
    selection.numbers_.resize(names_.size() + rows);
    for (std::size_t list = 0; list < names_.size(); ++list) {
        selection.numbers_[list] =
            std::find(names.begin(), names.end(), names_[list]) != names.end();
    }
    for (std::size_t number = names_.size(); number < selection.numbers_.size(); ++number) {
        ByteReader rest(row(number - names_.size()));
        while (const auto list = rest.u16()) {
            if (*list < names_.size() && selection.numbers_[*list]) {
                selection.numbers_[number] = true;
            }
        }
    }
    return selection;
}

void ListSetTable::begin(std::size_t lists) {
    lists_ = lists;
    numbers_.clear();
    rows_.clear();
}

std::uint16_t ListSetTable::add(std::span<const std::uint16_t> lists) {
    const std::uint16_t known = find(lists);
    const std::size_t next = lists_ + rows_.size();
    if (known != StoredLists::kWrittenOut || rows_.size() >= kRowsMax ||
        next >= StoredLists::kWrittenOut) {
        return known;
    }
    rows_.emplace_back(lists.begin(), lists.end());
    numbers_.emplace(rows_.back(), static_cast<std::uint16_t>(next));
    return static_cast<std::uint16_t>(next);
}

std::uint16_t ListSetTable::find(std::span<const std::uint16_t> lists) const {
    SPORVAKT_ASSERT(!lists.empty());
    if (lists.size() == 1) {
        return lists.front();
    }
    const auto known = numbers_.find(std::u16string(lists.begin(), lists.end()));
    return known == numbers_.end() ? StoredLists::kWrittenOut : known->second;
}

std::vector<std::uint8_t> ListSetTable::stored() const {
    ByteWriter ends;
    ByteWriter lists;
    ends.u16(static_cast<std::uint16_t>(rows_.size()));
    std::uint32_t end = 0;
    for (const std::u16string& row : rows_) {
        end += static_cast<std::uint32_t>(row.size());
        ends.u32(end);
        for (const char16_t list : row) {
            lists.u16(list);
        }
    }
    return ends.bytes(lists.result()).result();
}

}  // namespace sporvakt::trackers
