#include "firmware/demo/scenario.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace sporvakt::firmware::demo {
namespace {

using Cells = std::vector<std::string_view>;

constexpr std::array<std::pair<std::string_view, Happening>, 6> kHappenings{{
    {"site", Happening::Site},
    {"prevented", Happening::Prevented},
    {"tls", Happening::Tls},
    {"quic", Happening::Quic},
    {"http", Happening::Http},
    {"bypassed", Happening::Bypassed},
}};

std::string_view next_part(std::string_view& text, char end) {
    const std::string_view part = text.substr(0, text.find(end));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    return part;
}

Cells cells_of(std::string_view line) {
    Cells cells;
    while (!line.empty()) {
        const std::string_view cell = next_part(line, '\t');
        cells.push_back(cell == "-" ? std::string_view() : cell);
    }
    return cells;
}

/// Calls `take_row` for each row; false from it, or too few cells, is an error that names the line.
template <class TakeRow>
Result<void> read_table(std::string_view table, std::size_t columns, const TakeRow& take_row) {
    bool is_header = true;
    for (std::size_t number = 1; !table.empty(); ++number) {
        const std::string_view line = next_part(table, '\n');
        if (line.empty() || line.front() == '#') {
            continue;
        }
        const Cells cells = cells_of(line);
        if (cells.size() != columns) {
            return fail(Errc::InvalidInput,
                        fmt::format("line {}: {} cells, not {}", number, cells.size(), columns));
        }
        if (!std::exchange(is_header, false) && !take_row(cells)) {
            return fail(Errc::InvalidInput, fmt::format("line {}: not understood", number));
        }
    }
    return {};
}

std::optional<std::uint32_t> number_from(std::string_view text) {
    std::uint32_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_whole = parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
    return is_whole ? std::optional(number) : std::nullopt;
}

std::optional<Happening> happening_from(std::string_view text) {
    const auto* found = std::find_if(kHappenings.begin(), kHappenings.end(),
                                     [text](const auto& entry) { return entry.first == text; });
    return found == kHappenings.end() ? std::nullopt : std::optional(found->second);
}

std::optional<ActingDevice> device_from(const Cells& cells) {
    const auto mac = MacAddress::from_text(cells[1]);
    const auto address = IpAddress::from_text(cells[2]);
    const bool announces = !cells[4].empty();
    if (cells[0].empty() || !mac || !address || address->family() != IpFamily::V4 ||
        announces == cells[5].empty()) {
        return std::nullopt;
    }
    return ActingDevice{
        std::string(cells[0]), *mac, *address, std::string(cells[3]), std::string(cells[4]),
        std::string(cells[5])};
}

std::optional<Scene> scene_from(const Cells& cells, const std::vector<ActingDevice>& devices) {
    const auto at = number_from(cells[0]);
    const auto device =
        std::find_if(devices.begin(), devices.end(),
                     [&](const ActingDevice& acting) { return acting.name == cells[1]; });
    const auto name = DomainName::from_text(cells[3]);
    const auto happening = happening_from(cells[4]);
    const auto bytes_up = number_from(cells[5]);
    const auto bytes_down = number_from(cells[6]);
    if (!at || device == devices.end() || !name || !happening || !bytes_up || !bytes_down) {
        return std::nullopt;
    }
    return Scene{std::chrono::seconds(*at),
                 static_cast<std::size_t>(device - devices.begin()),
                 std::string(cells[2]),
                 *name,
                 *happening,
                 *bytes_up,
                 *bytes_down};
}

}  // namespace

Result<Scenario> parse_scenario(std::string_view devices, std::string_view scenes) {
    constexpr std::size_t kDeviceColumns = 6;
    constexpr std::size_t kSceneColumns = 7;
    Scenario scenario;
    SPORVAKT_TRY(read_table(devices, kDeviceColumns, [&](const Cells& cells) {
        auto device = device_from(cells);
        if (!device) {
            return false;
        }
        scenario.devices.push_back(*std::move(device));
        return true;
    }));
    SPORVAKT_TRY(read_table(scenes, kSceneColumns, [&](const Cells& cells) {
        auto scene = scene_from(cells, scenario.devices);
        if (!scene || (!scenario.scenes.empty() && scene->at < scenario.scenes.back().at)) {
            return false;
        }
        scenario.scenes.push_back(*std::move(scene));
        return true;
    }));
    return scenario;
}

}  // namespace sporvakt::firmware::demo
