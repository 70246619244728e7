#pragma once

#include "core/trackers/rule.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sporvakt::trackers {

/// What most lines of a file look like.
enum class ListFormat : std::uint8_t { Domains, Hosts, Wildcard, Adblock, Rpz, Dnsmasq, Unbound };

std::string_view list_format_text(ListFormat format);

/// Why a line of a list says nothing to us.
enum class SkipKind : std::uint8_t {
    Cosmetic,       ///< Hides or changes parts of a page.
    Url,            ///< Depends on a URL, a page or an app.
    Client,         ///< For certain devices only ($client, $ctag).
    Rewrite,        ///< Answers with something else ($dnsrewrite, an address of its own).
    Address,        ///< About an IP address.
    TooBroad,       ///< A public suffix.
    NotAName,       ///< Not a host name.
    Expression,     ///< An expression that is too long, too broad or not RE2's.
    Trigger,        ///< RPZ: a trigger or action that is not about names.
    Setting,        ///< A setting of dnsmasq or unbound that is not about blocking.
    NotUnderstood,  ///< None of the forms that we know.
};
constexpr std::size_t kSkipKinds = 11;

/// In the words of a report: "rules about URLs, pages or apps".
std::string_view skip_kind_text(SkipKind kind);

/// Takes what lines say.
class RuleSink {
public:
    RuleSink() = default;
    RuleSink(const RuleSink&) = delete;
    RuleSink& operator=(const RuleSink&) = delete;
    RuleSink(RuleSink&&) = delete;
    RuleSink& operator=(RuleSink&&) = delete;
    virtual ~RuleSink() = default;

    virtual void take(const NameRule& rule) = 0;
    virtual void take(const PatternRule& rule) = 0;
    virtual void skip(SkipKind kind) = 0;
};

/// Reads one line of any format but RPZ, whose lines depend on those before them (RpzLines).
/// docs/lists.md says what each form means.  Comments and empty lines say nothing.
///
/// `format` decides no more than whether "##x" is a comment or a cosmetic rule: lists mix forms.
void read_list_line(std::string_view line, ListFormat format, RuleSink& sink);

}  // namespace sporvakt::trackers
