#include "core/trackers/rule_name.h"

#include "core/base/ascii.h"
#include "core/base/domain_name.h"
#include "core/base/ip_address.h"

#include <algorithm>
#include <array>
#include <memory>

#include <idn2.h>
#include <libpsl.h>

namespace sporvakt::trackers {
namespace {

constexpr std::size_t kWrittenMax = 1024;  // a name of 253 characters in UTF-8 is far shorter

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool all_labels_fit(std::string_view name) {
    for (std::string_view rest = name;; rest = parent_suffix(rest)) {
        const std::string_view label = rest.substr(0, rest.find('.'));
        if (label.empty() || label.size() > DomainName::kMaxLabelLength) {
            return false;
        }
        if (label.size() == rest.size()) {
            return true;
        }
    }
}

bool is_address(std::string_view name) {
    const std::string_view last = name.substr(name.rfind('.') + 1);  // npos + 1 is 0
    return std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; }) ||
           (name.find(':') != std::string_view::npos && IpAddress::from_text(name).has_value());
}

}  // namespace

std::string to_a_labels(std::string_view written) {
    if (is_ascii(written) || written.size() > kWrittenMax) {
        return std::string(written);
    }
    if (written.find('\0') != std::string_view::npos) {
        return {};  // libidn2 would read no further
    }
    struct Free {
        void operator()(char* text) const { idn2_free(text); }
    };
    char* converted = nullptr;
    // TR46 maps what people type (capitals, full-width dots) before IDNA 2008 judges it.
    const int outcome = idn2_to_ascii_8z(std::string(written).c_str(), &converted,
                                         IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    const std::unique_ptr<char, Free> owned(converted);
    return outcome == IDN2_OK ? std::string(owned.get()) : std::string();
}

Expected<std::string, NameFault> catalogue_name(std::string_view written) {
    if (written.ends_with('.')) {
        written.remove_suffix(1);
    }
    if (written.empty() || written.size() > kWrittenMax) {
        return tl::unexpected(NameFault::NotAName);
    }
    if (is_address(written)) {
        return tl::unexpected(NameFault::Address);
    }
    std::string name = lowered(to_a_labels(written));
    if (name.empty() || name.size() > DomainName::kMaxLength ||
        !std::all_of(name.begin(), name.end(), is_name_character) || !all_labels_fit(name)) {
        return tl::unexpected(NameFault::NotAName);
    }
    if (is_address(name)) {
        return tl::unexpected(NameFault::Address);  // "１.２.３.４" is one after mapping
    }
    return name;
}

Expected<std::string, NameFault> rule_name(std::string_view written) {
    auto name = catalogue_name(written);
    if (name && psl_is_public_suffix(psl_builtin(), name->c_str()) != 0) {
        return tl::unexpected(NameFault::TooBroad);
    }
    return name;
}

bool has_known_ending(const std::string& name) {
    const std::string last = name.substr(name.rfind('.') + 1);  // npos + 1 is 0
    return psl_is_public_suffix2(psl_builtin(), last.c_str(),
                                 PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) != 0;
}

bool is_own_machine(std::string_view written) {
    constexpr std::array<std::string_view, 13> kNames{
        "localhost",     "localhost.localdomain", "localhost4",   "localhost6",   "local",
        "broadcasthost", "ip6-localhost",         "ip6-loopback", "ip6-localnet", "ip6-mcastprefix",
        "ip6-allnodes",  "ip6-allrouters",        "ip6-allhosts"};
    return std::find(kNames.begin(), kNames.end(), written) != kNames.end() ||
           written == "0.0.0.0" || written == "localhost4.localdomain4" ||
           written == "localhost6.localdomain6";
}

}  // namespace sporvakt::trackers
