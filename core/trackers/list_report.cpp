#include "core/trackers/list_report.h"

#include "core/base/byte_writer.h"

#include <algorithm>
#include <utility>

namespace sporvakt::trackers {
namespace {

void write_skipped(ByteWriter& out, const ListReport& report) {
    const auto kinds = std::count_if(report.skipped.begin(), report.skipped.end(),
                                     [](const SkippedLines& one) { return one.count > 0; });
    out.u8(static_cast<std::uint8_t>(kinds));
    for (std::size_t kind = 0; kind < kSkipKinds; ++kind) {
        const SkippedLines& skipped = report.skipped.at(kind);
        if (skipped.count > 0) {
            out.u8(static_cast<std::uint8_t>(kind))
                .u64(skipped.count)
                .u64(skipped.example_line)
                .text16(skipped.example);
        }
    }
}

Parsed<void> read_skipped(ByteReader& in, ListReport& report) {
    for (std::size_t left = SPORVAKT_TRY(in.u8()); left > 0; --left) {
        const std::size_t kind = SPORVAKT_TRY(in.u8());
        if (kind >= kSkipKinds) {
            return tl::unexpected(ParseError::Malformed);
        }
        SkippedLines& skipped = report.skipped.at(kind);
        skipped.count = SPORVAKT_TRY(in.u64());
        skipped.example_line = SPORVAKT_TRY(in.u64());
        skipped.example = as_text(SPORVAKT_TRY(in.take_vector16()));
    }
    return {};
}

Parsed<ListReport> read_report(ByteReader& in) {
    ListReport report;
    report.name = as_text(SPORVAKT_TRY(in.take_vector16()));
    const std::uint8_t format = SPORVAKT_TRY(in.u8());
    if (format > static_cast<std::uint8_t>(ListFormat::Unbound)) {
        return tl::unexpected(ParseError::Malformed);
    }
    report.format = ListFormat{format};
    for (std::uint64_t* number : {&report.lines, &report.blocks, &report.allows, &report.cancels,
                                  &report.expressions, &report.names, &report.only_here}) {
        *number = SPORVAKT_TRY(in.u64());
    }
    SPORVAKT_TRY(read_skipped(in, report));
    for (std::size_t left = SPORVAKT_TRY(in.u8()); left > 0; --left) {
        const std::uint16_t list = SPORVAKT_TRY(in.u16());
        report.shared.push_back({list, SPORVAKT_TRY(in.u64())});
    }
    return report;
}

}  // namespace

std::vector<std::uint8_t> stored_reports(std::span<const ListReport> reports) {
    ByteWriter out;
    out.u16(static_cast<std::uint16_t>(reports.size()));
    for (const ListReport& report : reports) {
        out.text16(report.name).u8(static_cast<std::uint8_t>(report.format));
        for (const std::uint64_t number :
             {report.lines, report.blocks, report.allows, report.cancels, report.expressions,
              report.names, report.only_here}) {
            out.u64(number);
        }
        write_skipped(out, report);
        out.u8(static_cast<std::uint8_t>(report.shared.size()));
        for (const SharedNames& shared : report.shared) {
            out.u16(shared.list).u64(shared.names);
        }
    }
    return out.result();
}

Parsed<std::vector<ListReport>> read_reports(Bytes stored) {
    ByteReader in(stored);
    std::vector<ListReport> reports;
    for (std::size_t left = SPORVAKT_TRY(in.u16()); left > 0; --left) {
        reports.push_back(SPORVAKT_TRY(read_report(in)));
    }
    const std::size_t lists = reports.size();
    for (const ListReport& report : reports) {
        for (const SharedNames& shared : report.shared) {
            if (shared.list >= lists) {
                return tl::unexpected(ParseError::Malformed);
            }
        }
    }
    return reports;
}

}  // namespace sporvakt::trackers
