#include "core/trackers/words.h"

#include "core/base/ascii.h"

#include <algorithm>

namespace sporvakt::trackers {

std::string_view trimmed(std::string_view text) {
    return sporvakt::trimmed(text, kBlanks);
}

std::string_view take_word(std::string_view& rest) {
    rest = trimmed(rest);
    const std::string_view word = rest.substr(0, rest.find_first_of(kBlanks));
    rest = trimmed(rest.substr(word.size()));
    return word;
}

std::string_view take_until(std::string_view& rest, char separator) {
    const std::size_t end = rest.find(separator);
    const std::string_view part = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    return part;
}

std::string_view without_comment(std::string_view text) {
    for (std::size_t at = text.find('#'); at != std::string_view::npos;
         at = text.find('#', at + 1)) {
        if (at == 0 || kBlanks.find(text[at - 1]) != std::string_view::npos) {
            return trimmed(text.substr(0, at));
        }
    }
    return text;
}

}  // namespace sporvakt::trackers
