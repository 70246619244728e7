#pragma once

#include "core/trackers/list_line.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sporvakt::trackers {

/// Reads a response policy zone (draft-vixie-dnsop-dns-rpz), a zone file whose records say what to
/// answer for the names that own them.  One object a file: lines depend on those before them
/// ($ORIGIN, $TTL, an owner left out, parentheses).
class RpzLines {
public:
    /// A record that goes on over more lines than this is not understood.
    static constexpr std::size_t kRecordBytesMax = std::size_t{64} * 1024;

    RpzLines();
    RpzLines(const RpzLines&) = delete;
    RpzLines& operator=(const RpzLines&) = delete;
    RpzLines(RpzLines&&) = delete;
    RpzLines& operator=(RpzLines&&) = delete;
    ~RpzLines();

    void read(std::string_view line, RuleSink& sink);

private:
    class State;

    void read_record(const std::string& text, RuleSink& sink);
    bool read_directive(const std::string& text);

    std::unique_ptr<State> state_;
};

}  // namespace sporvakt::trackers
