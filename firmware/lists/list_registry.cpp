#include "firmware/lists/list_registry.h"

#include "core/trackers/list_line.h"
#include "core/trackers/purpose.h"
#include "core/trackers/words.h"
#include "firmware/lists/list_url.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>

#include <fmt/core.h>

namespace sporvakt::firmware {
namespace {

using trackers::take_until;

constexpr std::size_t kFields = 9;
constexpr std::size_t kIdLengthMax = 40;
constexpr std::array<std::string_view, 3> kListsAlone{"malware", "doh-bypass", "disguise"};
constexpr auto kFormatLast = static_cast<std::uint8_t>(trackers::ListFormat::Unbound);

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= kIdLengthMax &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
               std::string_view::npos;
}

bool is_format(std::string_view text) {
    for (std::uint8_t number = 0; number <= kFormatLast; ++number) {
        if (list_format_text(trackers::ListFormat{number}) == text) {
            return true;
        }
    }
    return false;
}

// Creative Commons writes "CC BY-NC-SA 4.0", SPDX "CC-BY-NC-SA-4.0".
bool is_non_commercial(std::string_view licence) {
    return licence.find("-NC") != std::string_view::npos ||
           licence.find("ommercial") != std::string_view::npos;
}

std::vector<std::string> parts_of(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        parts.emplace_back(take_until(text, ','));
    }
    return parts;
}

bool take_bytes(std::string_view text, KnownList& list) {
    if (text == "-") {
        return true;
    }
    std::uint64_t bytes = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), bytes);
    list.bytes = bytes;
    return failure == std::errc{} && end == text.data() + text.size() && bytes > 0;
}

/// What is wrong with the row's own fields.
std::optional<std::string> fault_of(const KnownList& list) {
    if (!is_id(list.id)) {
        return fmt::format("'{}' is not an id", list.id);
    }
    for (const std::string* const url : {&list.url, &list.homepage}) {
        if (const auto fault = fault_of_list_url(*url, Reach::Https)) {
            return fmt::format("'{}' {}", *url, *fault);
        }
    }
    if (!is_format(list.format)) {
        return fmt::format("'{}' is not a format", list.format);
    }
    if (list.name.empty() || list.licence.empty() || list.language.empty()) {
        return "a field is empty";
    }
    if (is_non_commercial(list.licence)) {
        return fmt::format("'{}' excludes commercial use", list.licence);
    }
    const auto unknown = std::find_if_not(list.purposes.begin(), list.purposes.end(),
                                          [](const auto& id) { return is_list_purpose(id); });
    if (list.purposes.empty() || unknown != list.purposes.end()) {
        return fmt::format("'{}' is not a purpose", list.purposes.empty() ? "" : *unknown);
    }
    return std::nullopt;
}

Result<KnownList> list_of(std::string_view line) {
    if (std::count(line.begin(), line.end(), '\t') != kFields - 1) {
        return fail(Errc::InvalidInput, fmt::format("there must be {} fields", kFields));
    }
    const auto next = [&line] { return std::string(take_until(line, '\t')); };
    KnownList list;
    list.id = next();
    list.name = next();
    list.url = next();
    list.format = next();
    list.licence = next();
    const std::string bytes = next();
    list.purposes = parts_of(next());
    list.language = next();
    list.homepage = next();
    if (!take_bytes(bytes, list)) {
        return fail(Errc::InvalidInput, fmt::format("'{}' is not a number of bytes or -", bytes));
    }
    if (auto fault = fault_of(list)) {
        return fail(Errc::InvalidInput, std::move(*fault));
    }
    return list;
}

}  // namespace

bool is_list_purpose(std::string_view id) {
    return trackers::purpose_from_id(id).has_value() ||
           std::find(kListsAlone.begin(), kListsAlone.end(), id) != kListsAlone.end();
}

Result<ListRegistry> ListRegistry::parse(std::string_view text, std::string_view name) {
    ListRegistry registry;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::string_view line = take_until(text, '\n');
        if (line.empty() || line.front() == '#') {
            continue;
        }
        auto list = list_of(line);
        const auto is_same = [&list](const KnownList& other) {
            return other.id == list->id || other.url == list->url;
        };
        const auto& known = registry.lists_;
        if (list && std::any_of(known.begin(), known.end(), is_same)) {
            list = fail(Errc::InvalidInput, "its id or its URL stands there twice");
        }
        if (!list) {
            return fail(Errc::InvalidInput,
                        fmt::format("{}:{}: {}", name, number, list.error().message));
        }
        registry.lists_.push_back(std::move(*list));
    }
    return registry;
}

Result<ListRegistry> ListRegistry::read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file) {
        return fail(Errc::NotFound, path + ": cannot be read; is sporvakt installed whole?");
    }
    return parse(text, path);
}

const KnownList* ListRegistry::find(std::string_view id) const {
    const auto found = std::find_if(lists_.begin(), lists_.end(),
                                    [id](const KnownList& list) { return list.id == id; });
    return found == lists_.end() ? nullptr : &*found;
}

}  // namespace sporvakt::firmware
