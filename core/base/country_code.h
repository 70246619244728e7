#pragma once

#include <string_view>

namespace sporvakt {

/// Whether ISO 3166-1 alpha-2 gives the code to a country ("NO"); in upper case, as it is written.
/// "EU" is only reserved there, and no country's.
bool is_country_code(std::string_view code);

}  // namespace sporvakt
