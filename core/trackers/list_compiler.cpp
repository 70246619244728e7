#include "core/trackers/list_compiler.h"

#include "core/trackers/line_reader.h"
#include "core/trackers/list_format.h"
#include "core/trackers/rpz_lines.h"
#include "core/trackers/words.h"

#include <filesystem>
#include <numeric>
#include <optional>
#include <utility>

namespace sporvakt::trackers {
namespace {

constexpr std::uint64_t kLinesBetweenReports = 200'000;

/// Hands what lines say to the writer, and counts.
class CountingSink final : public RuleSink {
public:
    CountingSink(CatalogueWriter& writer, std::uint16_t list, ListReport& report)
        : writer_(writer), list_(list), report_(report) {}

    void start_line(std::string_view line) {
        ++report_.lines;
        line_ = line;
    }

    void take(const NameRule& rule) override {
        auto added = writer_.add(list_, rule);
        if (!added) {
            failure_ = std::move(added).error();
        } else if (rule.terms.effect == RuleEffect::Cancels) {
            ++report_.cancels;
        } else {
            ++(rule.terms.action == RuleAction::Allow ? report_.allows : report_.blocks);
        }
    }

    void take(const PatternRule& rule) override {
        if (writer_.add(list_, rule)) {
            ++report_.expressions;
        } else {
            skip(SkipKind::Expression);
        }
    }

    void skip(SkipKind kind) override {
        SkippedLines& skipped = report_.skipped.at(static_cast<std::size_t>(kind));
        if (skipped.count++ == 0) {
            skipped.example_line = report_.lines;
            skipped.example = trimmed(line_).substr(0, SkippedLines::kExampleMax);
        }
    }

    [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

private:
    CatalogueWriter& writer_;
    std::uint16_t list_;
    ListReport& report_;
    std::string_view line_;
    std::optional<Error> failure_;
};

/// Text of some other kind has lines, but not one that any of our formats knows.
bool is_no_list(const ListReport& report) {
    const auto unknown = static_cast<std::size_t>(SkipKind::NotUnderstood);
    const auto odd = static_cast<std::size_t>(SkipKind::NotAName);
    const std::uint64_t strange = report.skipped.at(unknown).count + report.skipped.at(odd).count;
    const std::uint64_t all = std::accumulate(
        report.skipped.begin(), report.skipped.end(), std::uint64_t{0},
        [](std::uint64_t sum, const SkippedLines& skipped) { return sum + skipped.count; });
    return report.taken() == 0 && strange > 0 && strange == all;
}

tl::unexpected<Error> no_list(const ListReport& report) {
    for (const SkippedLines& skipped : report.skipped) {
        if (skipped.count > 0) {
            return fail(Errc::InvalidInput,
                        report.path + ":" + std::to_string(skipped.example_line) +
                            ": not a list: no line of the file is a rule; nothing of it was taken");
        }
    }
    return fail(Errc::InvalidInput, report.path + ": not a list");
}

}  // namespace

Result<ListReport> read_list(const std::string& path, CatalogueWriter& writer,
                             const ListProgress& progress) {
    LineReader reader = SPORVAKT_TRY(LineReader::open(path));
    ListReport report;
    report.path = path;
    report.name = std::filesystem::path(path).filename().string();
    report.format = guess_format(reader.beginning());
    const std::uint16_t list = SPORVAKT_TRY(writer.add_list(report.name));
    CountingSink sink(writer, list, report);
    RpzLines zone;
    while (const auto line = SPORVAKT_TRY(reader.next())) {
        sink.start_line(*line);
        if (report.format == ListFormat::Rpz) {
            zone.read(*line, sink);
        } else {
            read_list_line(*line, report.format, sink);
        }
        if (sink.failure()) {
            return tl::unexpected(*sink.failure());
        }
        if (progress && report.lines % kLinesBetweenReports == 0) {
            progress(path, report.lines);
        }
    }
    if (is_no_list(report)) {
        return no_list(report);
    }
    writer.describe(list, report);
    return report;
}

Result<CompiledLists> compile_lists(const std::vector<std::string>& paths, const std::string& out,
                                    std::string_view compiled_at, const ListProgress& progress) {
    CatalogueWriter writer;
    CompiledLists compiled;
    for (const std::string& path : paths) {
        SPORVAKT_TRY(read_list(path, writer, progress));
    }
    SPORVAKT_TRY(writer.write(out, compiled_at));
    compiled.reports = writer.reports();
    compiled.rules = writer.rule_count();
    return compiled;
}

}  // namespace sporvakt::trackers
