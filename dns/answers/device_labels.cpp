#include "dns/answers/device_labels.h"

#include "core/base/ascii.h"
#include "core/base/domain_name.h"
#include "core/trackers/rule_name.h"

#include <algorithm>
#include <array>

namespace sporvakt::dns {
namespace {

struct Fold {
    std::string_view letter;  ///< UTF-8
    std::string_view ascii;
};

// The letters of Norwegian, Sámi and western Europe's languages, as people there write them when
// their keyboard has none of them.
constexpr auto kFolds = std::to_array<Fold>({
    {"æ", "ae"}, {"ø", "o"}, {"å", "a"}, {"Æ", "ae"}, {"Ø", "o"},  {"Å", "a"},  {"ä", "a"},
    {"ö", "o"},  {"ü", "u"}, {"Ä", "a"}, {"Ö", "o"},  {"Ü", "u"},  {"ß", "ss"}, {"é", "e"},
    {"è", "e"},  {"ê", "e"}, {"ë", "e"}, {"É", "e"},  {"È", "e"},  {"Ê", "e"},  {"Ë", "e"},
    {"á", "a"},  {"à", "a"}, {"â", "a"}, {"ã", "a"},  {"Á", "a"},  {"À", "a"},  {"Â", "a"},
    {"Ã", "a"},  {"í", "i"}, {"ì", "i"}, {"î", "i"},  {"ï", "i"},  {"Í", "i"},  {"Ì", "i"},
    {"Î", "i"},  {"Ï", "i"}, {"ó", "o"}, {"ò", "o"},  {"ô", "o"},  {"õ", "o"},  {"Ó", "o"},
    {"Ò", "o"},  {"Ô", "o"}, {"Õ", "o"}, {"ú", "u"},  {"ù", "u"},  {"û", "u"},  {"Ú", "u"},
    {"Ù", "u"},  {"Û", "u"}, {"ý", "y"}, {"ÿ", "y"},  {"Ý", "y"},  {"ç", "c"},  {"Ç", "c"},
    {"ñ", "n"},  {"Ñ", "n"}, {"ð", "d"}, {"Ð", "d"},  {"þ", "th"}, {"Þ", "th"}, {"č", "c"},
    {"Č", "c"},  {"đ", "d"}, {"Đ", "d"}, {"ŋ", "n"},  {"Ŋ", "n"},  {"š", "s"},  {"Š", "s"},
    {"ŧ", "t"},  {"Ŧ", "t"}, {"ž", "z"}, {"Ž", "z"},
});

bool is_ascii(char c) {
    return static_cast<unsigned char>(c) < 0x80;
}

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// "Kari's" and "Kari’s" are one word.
std::string without_apostrophes(std::string_view name) {
    std::string kept;
    while (!name.empty()) {
        constexpr std::string_view kCurly = "\u2019";
        if (name.starts_with(kCurly)) {
            name.remove_prefix(kCurly.size());
            continue;
        }
        if (name.front() != '\'') {
            kept += name.front();
        }
        name.remove_prefix(1);
    }
    return kept;
}

/// Puts `part` behind the label, with one '-' for whatever was left out before it.
class LabelText {
public:
    void add(std::string_view part) {
        if (has_gap_ && !text_.empty()) {
            text_ += '-';
        }
        has_gap_ = false;
        text_ += part;
    }
    void leave_out() { has_gap_ = true; }
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    std::string text_;
    bool has_gap_ = false;
};

struct Folded {
    std::string text;
    bool is_whole = true;  ///< No letter was lost.
};

Folded folded(std::string_view name) {
    LabelText label;
    bool is_whole = true;
    while (!name.empty()) {
        const auto* const fold = std::find_if(kFolds.begin(), kFolds.end(), [name](const Fold& f) {
            return name.starts_with(f.letter);
        });
        if (fold != kFolds.end()) {
            label.add(fold->ascii);
            name.remove_prefix(fold->letter.size());
            continue;
        }
        const char c = lower(name.front());
        if (is_letter_or_digit(c)) {
            label.add(std::string_view(&c, 1));
        } else {
            label.leave_out();
            is_whole = is_whole && is_ascii(c);
        }
        name.remove_prefix(1);
    }
    std::string text = label.text().substr(0, DomainName::kMaxLabelLength);
    text.erase(text.find_last_not_of('-') + 1);  // where it was cut; npos + 1 is 0
    return {std::move(text), is_whole};
}

/// Empty when there is none that fits into one label.
std::string a_label(std::string_view name) {
    LabelText label;
    for (const char written : name) {
        const char c = lower(written);
        if (!is_ascii(c) || is_letter_or_digit(c)) {
            label.add(std::string_view(&c, 1));
        } else {
            label.leave_out();
        }
    }
    std::string converted = trackers::to_a_labels(label.text());
    // TR46 makes dots and spaces of some characters.
    const bool is_label = converted.size() <= DomainName::kMaxLabelLength &&
                          std::all_of(converted.begin(), converted.end(),
                                      [](char c) { return is_letter_or_digit(c) || c == '-'; });
    return is_label ? converted : std::string();
}

}  // namespace

std::vector<std::string> device_labels(std::string_view name) {
    const std::string words = without_apostrophes(name);
    Folded ascii = folded(words);
    if (std::all_of(words.begin(), words.end(), is_ascii)) {
        return ascii.text.empty() ? std::vector<std::string>{}
                                  : std::vector<std::string>{std::move(ascii.text)};
    }
    std::string international = a_label(words);
    std::vector<std::string> labels;
    // "Кухня 2" is not "2": what loses letters is a name only where there is no better one.
    if (!ascii.text.empty() && (ascii.is_whole || international.empty())) {
        labels.push_back(std::move(ascii.text));
    }
    if (!international.empty()) {
        labels.push_back(std::move(international));
    }
    return labels;
}

}  // namespace sporvakt::dns
