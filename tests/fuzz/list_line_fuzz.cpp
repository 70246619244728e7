#include "core/trackers/list_line.h"

#include "core/base/byte_reader.h"
#include "core/base/domain_name.h"
#include "core/trackers/catalogue_writer.h"
#include "core/trackers/list_format.h"
#include "core/trackers/name_expressions.h"
#include "core/trackers/rpz_lines.h"
#include "core/trackers/rule_name.h"
#include "core/trackers/stored_rule.h"
#include "core/trackers/words.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace sporvakt;            // NOLINT(google-build-using-namespace)
using namespace sporvakt::trackers;  // NOLINT(google-build-using-namespace)

void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

/// Whatever a line says, a rule is one that a catalogue can keep.
class Judge final : public RuleSink {
public:
    void take(const NameRule& rule) override {
        const auto name = DomainName::from_text(rule.name);
        require(name.has_value() && name->text() == rule.name);
        const auto again = rule_name(rule.name);  // not a public suffix, and in its final form
        require(again.has_value() && *again == rule.name);
        require(rule.before.size() <= NameRule::kAroundMax);
        require(rule.after.size() <= NameRule::kAroundMax);
        require_readable(rule);
    }

    void take(const PatternRule& rule) override {
        // Only those are kept that RE2 takes; whether it does is found out without a throw.
        static_cast<void>(NameExpressions::fault_of(rule.expression));
        require(!rule.text.empty());
    }

    void skip(SkipKind kind) override { require(!skip_kind_text(kind).empty()); }

private:
    static void require_readable(const NameRule& rule) {
        ByteWriter out;
        out.u8(rule_flags(rule.terms, rule.scope)).u16(1);
        out.bytes(stored_conditions(rule.terms.conditions));
        ByteReader from(out.result());
        const auto stored = read_rule(from);
        require(stored.has_value() && from.at_end());
        require(stored->scope == rule.scope && stored->action == rule.terms.action);
        for (const std::string& except : rule.terms.conditions.except_names) {
            require(stored->excepts(except) && stored->excepts("a." + except));
        }
    }
};

}  // namespace

/// The first byte chooses how the rest is read: a format, as a file would be; the lines follow.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    std::string_view text = as_text({data + 1, size - 1});
    Judge judge;
    RpzLines zone;
    const auto format =
        data[0] % 8 == 7 ? guess_format(text) : ListFormat{static_cast<std::uint8_t>(data[0] % 8)};
    while (!text.empty()) {
        const std::string_view line = take_until(text, '\n');
        if (format == ListFormat::Rpz) {
            zone.read(line, judge);
        } else {
            read_list_line(line, format, judge);
        }
    }
    return 0;
}
