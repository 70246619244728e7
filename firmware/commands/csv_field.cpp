#include "firmware/commands/csv_field.h"

namespace sporvakt::firmware {

std::string csv_field(std::string_view text) {
    constexpr std::string_view kFormulaStarts = "=+-@\t\r";
    std::string field;
    if (!text.empty() && kFormulaStarts.find(text.front()) != std::string_view::npos) {
        field += '\'';
    }
    field += text;
    if (field.find_first_of(",\"\r\n") == std::string::npos) {
        return field;
    }
    std::string quoted = "\"";
    for (const char c : field) {
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    }
    return quoted + '"';
}

}  // namespace sporvakt::firmware
