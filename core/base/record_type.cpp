#include "core/base/record_type.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace sporvakt {
namespace {

using Named = std::pair<RecordType, std::string_view>;
constexpr std::array<Named, 14> kNames{{{RecordType::A, "A"},
                                        {RecordType::Ns, "NS"},
                                        {RecordType::Cname, "CNAME"},
                                        {RecordType::Soa, "SOA"},
                                        {RecordType::Ptr, "PTR"},
                                        {RecordType::Mx, "MX"},
                                        {RecordType::Txt, "TXT"},
                                        {RecordType::Aaaa, "AAAA"},
                                        {RecordType::Srv, "SRV"},
                                        {RecordType::Opt, "OPT"},
                                        {RecordType::Ds, "DS"},
                                        {RecordType::Svcb, "SVCB"},
                                        {RecordType::Https, "HTTPS"},
                                        {RecordType::Any, "ANY"}}};
constexpr std::string_view kNumbered = "TYPE";

std::string upper(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](char c) {
        return (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return result;
}

}  // namespace

std::string record_type_text(RecordType type) {
    const auto* const found = std::find_if(kNames.begin(), kNames.end(),
                                           [type](const Named& n) { return n.first == type; });
    if (found != kNames.end()) {
        return std::string(found->second);
    }
    return std::string(kNumbered) + std::to_string(static_cast<std::uint16_t>(type));
}

std::optional<RecordType> record_type_from_text(std::string_view text) {
    const std::string wanted = upper(text);
    const auto* const found = std::find_if(kNames.begin(), kNames.end(),
                                           [&](const Named& n) { return n.second == wanted; });
    if (found != kNames.end()) {
        return found->first;
    }
    if (!wanted.starts_with(kNumbered)) {
        return std::nullopt;
    }
    std::uint16_t number = 0;
    const char* const end = wanted.data() + wanted.size();
    const auto parsed = std::from_chars(wanted.data() + kNumbered.size(), end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end) {
        return std::nullopt;
    }
    return RecordType{number};
}

}  // namespace sporvakt
