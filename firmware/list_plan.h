#pragma once

#include "core/base/result.h"
#include "core/trackers/catalogue.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::firmware {

/// What the household's list files come to: text lists, compiled together into DIR/lists.mdb, and
/// finished catalogues.  DIR/lists.plan says which catalogues are in force, so that a start uses
/// those of the last run at once, and what they were made from, so that nothing is compiled twice.
///
/// A value; each call reads the disk.  update() is called in one process at a time.
class ListPlan {
public:
    /// Compiles text lists into a catalogue at `out`, wholly or not at all.
    using Compile =
        std::function<Result<void>(const std::vector<std::string>& texts, const std::string& out)>;

    /// Whether what is in force is something else than before.
    enum class Change : std::uint8_t { None, Some };

    /// `dir` is the storage directory, `built_in` the catalogue that comes with the program.
    ListPlan(std::string dir, std::string built_in);

    /// Puts `files` in force: compiles the text lists if they are not those compiled last.  A file
    /// that ends in ".mdb" is a finished catalogue.  On an error all is as before.
    [[nodiscard]] Result<Change> update(const std::vector<std::string>& files,
                                        const Compile& compile) const;

    /// The built-in catalogue, then those in force.  What cannot be opened is left out and logged.
    [[nodiscard]] std::vector<std::shared_ptr<const trackers::Catalogue>> catalogues() const;

    /// What catalogues() opens, besides the built-in one.
    [[nodiscard]] std::vector<std::string> paths() const;

private:
    [[nodiscard]] std::string compiled() const { return dir_ + "/lists.mdb"; }
    [[nodiscard]] std::string plan() const { return dir_ + "/lists.plan"; }
    [[nodiscard]] bool is_compiled_from(const std::vector<std::string>& stamps) const;
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::vector<std::string> lines_that_begin(std::string_view word) const;

    std::string dir_;
    std::string built_in_;
};

}  // namespace sporvakt::firmware
