#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::knowledge {

/// What a visit to a website may reveal by itself.  A class is the site's: nothing is said of who
/// visits it, who may be a relative, a nurse or a journalist.
enum class SensitiveClass : std::uint8_t {
    Health,
    Sexuality,
    Religion,
    Politics,
    Union,
    Ethnicity,
    Criminal,
    Children,
};

struct SensitiveClassInfo {
    SensitiveClass which = SensitiveClass::Health;
    std::string_view id;               ///< "health": in the facts, the API and reports.
    std::string_view label_english;    ///< "Health"
    std::string_view label_norwegian;  ///< "Helse"
    std::string_view law;              ///< "GDPR Art. 9"
};

/// All classes, in the order of the enum.
std::span<const SensitiveClassInfo> all_sensitive_classes();

const SensitiveClassInfo& sensitive_class_info(SensitiveClass which);

/// What is known: somebody wrote down that this site, or hosts of this form, are such.
struct SensitiveSite {
    enum class Evidence : std::uint8_t { Site, HostForm };

    std::vector<SensitiveClass> classes;  ///< At least one.
    Evidence evidence = Evidence::Site;
    std::string row;   ///< What was matched: "nhi.no", "helse-*.no".
    std::string note;  ///< "Health information"
};

/// What is not known: a word in the name makes it worth asking somebody.  A type of its own, so
/// that no page can take it for a fact.
struct SensitiveSuggestion {
    SensitiveClass which = SensitiveClass::Health;
    std::string word;  ///< "apotek"
};

/// Websites of GDPR Articles 9 and 10, and of children, by our own facts.  A value; const members
/// may be called from any thread.
class SensitiveSites {
public:
    SensitiveSites() = default;

    /// Reads sensitive-sites.txt, sensitive-hosts.txt and sensitive-words.txt of a folder.  Fails,
    /// and names the file and line, when a row has no class, a class is unknown, a site is not a
    /// name, is a public suffix, or stands twice.
    static Result<SensitiveSites> read(const std::string& folder);

    /// The nearest site, else the first form that fits.  `name` is in DomainName's form.
    [[nodiscard]] std::optional<SensitiveSite> find(std::string_view name) const;

    /// Only where find() knows nothing.
    [[nodiscard]] std::optional<SensitiveSuggestion> suggest(std::string_view name) const;

    [[nodiscard]] std::size_t site_count() const { return sites_.size(); }

private:
    struct HostForm {
        std::vector<std::string> labels;
        SensitiveSite site;
    };

    Result<void> read_sites(const std::string& path);
    Result<void> read_forms(const std::string& path);
    Result<void> read_words(const std::string& path);

    std::map<std::string, SensitiveSite, std::less<>> sites_;
    std::vector<HostForm> forms_;
    std::map<std::string, SensitiveClass, std::less<>> words_;
};

}  // namespace sporvakt::knowledge
