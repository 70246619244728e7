#include "core/knowledge/sensitive_sites.h"

#include "core/base/assert.h"
#include "core/base/domain_name.h"
#include "core/trackers/built_in/facts.h"
#include "core/trackers/rule_name.h"
#include "core/trackers/words.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sporvakt::knowledge {
namespace {

constexpr std::string_view kArticle9 = "GDPR Art. 9";

constexpr std::array<SensitiveClassInfo, 8> kClasses{{
    {SensitiveClass::Health, "health", "Health", "Helse", kArticle9},
    {SensitiveClass::Sexuality, "sexuality", "Sex life and orientation", "Seksualitet", kArticle9},
    {SensitiveClass::Religion, "religion", "Religion and belief", "Tro og livssyn", kArticle9},
    {SensitiveClass::Politics, "politics", "Political opinion", "Politisk oppfatning", kArticle9},
    {SensitiveClass::Union, "union", "Trade union", "Fagforening", kArticle9},
    {SensitiveClass::Ethnicity, "ethnicity", "Ethnic origin", "Etnisk opprinnelse", kArticle9},
    {SensitiveClass::Criminal, "criminal", "Offences, and those they hurt",
     "Lovbrudd, og de som rammes", "GDPR Art. 10"},
    {SensitiveClass::Children, "children", "Children", "Barn", "GDPR recitals 38 and 58"},
}};

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < kClasses.size(); ++i) {
        if (static_cast<std::size_t>(kClasses[i].which) != i) {
            return false;
        }
    }
    return true;
}
static_assert(is_in_order());

std::optional<SensitiveClass> class_from_id(std::string_view id) {
    const auto* const found =
        std::find_if(kClasses.begin(), kClasses.end(),
                     [id](const SensitiveClassInfo& each) { return each.id == id; });
    return found == kClasses.end() ? std::nullopt : std::optional(found->which);
}

/// Empty when one of them is unknown.
std::vector<SensitiveClass> classes_of(std::string_view text) {
    std::vector<SensitiveClass> classes;
    while (!text.empty()) {
        const auto which = class_from_id(trackers::take_word(text));
        if (!which) {
            return {};
        }
        classes.push_back(*which);
    }
    return classes;
}

/// '*', at most once, is any run of characters.
bool fits(std::string_view form, std::string_view label) {
    const std::size_t star = form.find('*');
    if (star == std::string_view::npos) {
        return form == label;
    }
    const std::string_view before = form.substr(0, star);
    const std::string_view after = form.substr(star + 1);
    return label.size() >= before.size() + after.size() && label.starts_with(before) &&
           label.ends_with(after);
}

std::vector<std::string_view> labels_of(std::string_view name) {
    std::vector<std::string_view> labels;
    while (!name.empty()) {
        labels.push_back(trackers::take_until(name, '.'));
    }
    return labels;
}

tl::unexpected<Error> wrong(const std::string& path, const trackers::FactRow& row,
                            const std::string& why) {
    return fail(Errc::InvalidInput, path + ":" + std::to_string(row.line) + ": " + why);
}

}  // namespace

std::span<const SensitiveClassInfo> all_sensitive_classes() {
    return kClasses;
}

const SensitiveClassInfo& sensitive_class_info(SensitiveClass which) {
    const auto number = static_cast<std::size_t>(which);
    SPORVAKT_ASSERT(number < kClasses.size());
    return kClasses[number];
}

Result<SensitiveSites> SensitiveSites::read(const std::string& folder) {
    SensitiveSites sites;
    SPORVAKT_TRY(sites.read_sites(folder + "/sensitive-sites.txt"));
    SPORVAKT_TRY(sites.read_forms(folder + "/sensitive-hosts.txt"));
    SPORVAKT_TRY(sites.read_words(folder + "/sensitive-words.txt"));
    return sites;
}

Result<void> SensitiveSites::read_sites(const std::string& path) {
    for (const trackers::FactRow& row : SPORVAKT_TRY(trackers::read_facts(path, 3))) {
        SensitiveSite site{classes_of(row.fields[1]), SensitiveSite::Evidence::Site, row.fields[0],
                           row.fields[2]};
        if (site.classes.empty()) {
            return wrong(path, row, "'" + row.fields[1] + "' are not classes");
        }
        // Refuses public suffixes too: a class is never that of everybody below one.
        const auto name = trackers::rule_name(row.fields[0]);
        if (!name || *name != row.fields[0]) {
            return wrong(path, row, "'" + row.fields[0] + "' is not the name of a site");
        }
        if (!sites_.emplace(*name, std::move(site)).second) {
            return wrong(path, row, "'" + row.fields[0] + "' stands twice");
        }
    }
    return {};
}

Result<void> SensitiveSites::read_forms(const std::string& path) {
    for (const trackers::FactRow& row : SPORVAKT_TRY(trackers::read_facts(path, 3))) {
        HostForm form;
        form.site = {classes_of(row.fields[1]), SensitiveSite::Evidence::HostForm, row.fields[0],
                     row.fields[2]};
        if (form.site.classes.empty()) {
            return wrong(path, row, "'" + row.fields[1] + "' are not classes");
        }
        bool is_sound = true;
        for (const std::string_view label : labels_of(row.fields[0])) {
            is_sound =
                is_sound && !label.empty() && std::count(label.begin(), label.end(), '*') < 2;
            form.labels.emplace_back(label);
        }
        if (!is_sound || form.labels.size() < 2 ||
            form.labels.back().find('*') != std::string::npos) {
            return wrong(path, row, "'" + row.fields[0] + "' is not a form of names");
        }
        forms_.push_back(std::move(form));
    }
    return {};
}

Result<void> SensitiveSites::read_words(const std::string& path) {
    for (const trackers::FactRow& row : SPORVAKT_TRY(trackers::read_facts(path, 2))) {
        const auto which = class_from_id(row.fields[1]);
        if (!which || row.fields[0].empty() || !words_.emplace(row.fields[0], *which).second) {
            return wrong(path, row, "'" + row.fields[0] + "' has no class, or stands twice");
        }
    }
    return {};
}

std::optional<SensitiveSite> SensitiveSites::find(std::string_view name) const {
    for (std::string_view rest = name; !rest.empty(); rest = parent_suffix(rest)) {
        if (const auto site = sites_.find(rest); site != sites_.end()) {
            return site->second;
        }
    }
    const auto labels = labels_of(name);
    for (const HostForm& form : forms_) {
        if (labels.size() >= form.labels.size() &&
            std::equal(form.labels.rbegin(), form.labels.rend(), labels.rbegin(), fits)) {
            return form.site;
        }
    }
    return std::nullopt;
}

std::optional<SensitiveSuggestion> SensitiveSites::suggest(std::string_view name) const {
    if (find(name)) {
        return std::nullopt;
    }
    while (!name.empty()) {
        std::string_view label = trackers::take_until(name, '.');
        while (!label.empty()) {
            const auto word = words_.find(trackers::take_until(label, '-'));
            if (word != words_.end()) {
                return SensitiveSuggestion{word->second, word->first};
            }
        }
    }
    return std::nullopt;
}

}  // namespace sporvakt::knowledge
