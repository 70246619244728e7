#include "core/devices/vendor_list.h"

#include "core/devices/device_name.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sporvakt::devices {
namespace {

constexpr std::size_t kVendorBytesMax = 80;

// Stands at MA-L blocks that are dealt out in smaller pieces; nobody who makes devices.
constexpr std::string_view kNoVendor = "IEEE Registration Authority";

bool is_prefix(std::string_view key) {
    const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); };
    return (key.size() == 6 || key.size() == 7 || key.size() == 9) &&
           std::all_of(key.begin(), key.end(), is_digit);
}

}  // namespace

Result<std::string> vendor_list_from_json(std::string_view json) {
    const auto registry = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
    if (!registry.is_object()) {
        return fail(Errc::InvalidInput,
                    "vendors: not a JSON object of prefixes; is oui-data installed (npm ci)?");
    }
    std::map<std::string, std::string> vendors;  // sorted by bytes, as VendorPrefixes needs it
    for (const auto& [prefix, owner] : registry.items()) {
        if (is_prefix(prefix) && owner.is_string()) {
            const auto& lines = owner.get_ref<const std::string&>();
            vendors[prefix] = clean_name(lines.substr(0, lines.find('\n')), kVendorBytesMax);
        }
    }
    std::string text;
    for (const auto& [prefix, vendor] : vendors) {
        if (!vendor.empty() && vendor != "Private" && vendor != kNoVendor) {
            text += fmt::format("{}\t{}\n", prefix, vendor);
        }
    }
    if (text.empty()) {
        return fail(Errc::InvalidInput, "vendors: no prefix in the JSON object");
    }
    return text;
}

}  // namespace sporvakt::devices
