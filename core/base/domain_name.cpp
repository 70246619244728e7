#include "core/base/domain_name.h"

#include "core/base/ascii.h"

#include <algorithm>

namespace sporvakt {
namespace {

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= DomainName::kMaxLabelLength &&
           std::all_of(label.begin(), label.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

Parsed<DomainName> DomainName::from_text(std::string_view text) {
    if (text.ends_with('.')) {
        text.remove_suffix(1);
    }
    if (text.size() > kMaxLength) {
        return tl::unexpected(ParseError::LimitExceeded);
    }
    std::string_view rest = text;
    do {
        if (!is_label(rest.substr(0, rest.find('.')))) {
            return tl::unexpected(ParseError::Malformed);
        }
        rest = parent_suffix(rest);
    } while (!rest.empty());
    if (text.ends_with('.')) {
        return tl::unexpected(ParseError::Malformed);
    }

    return DomainName(lowered(text));
}

bool DomainName::is_within(const DomainName& ancestor) const {
    for (std::string_view suffix = text_; !suffix.empty(); suffix = parent_suffix(suffix)) {
        if (suffix == ancestor.text_) {
            return true;
        }
    }
    return false;
}

std::string_view parent_suffix(std::string_view suffix) {
    const std::size_t dot = suffix.find('.');
    return dot == std::string_view::npos ? std::string_view{} : suffix.substr(dot + 1);
}

}  // namespace sporvakt
