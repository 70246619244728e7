#include "firmware/list_plan.h"

#include "core/base/log.h"
#include "core/base/whole_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include <fmt/core.h>

namespace sporvakt::firmware {
namespace {

namespace fs = std::filesystem;

// The file: lines "catalogue PATH" in the order of their weight, then lines "from STAMP" of what
// was compiled and "with STAMP" of finished catalogues.
constexpr std::string_view kCatalogue = "catalogue ";
constexpr std::string_view kFrom = "from ";
constexpr std::string_view kWith = "with ";

bool is_catalogue(const std::string& path) {
    return path.ends_with(".mdb");
}

// Another content has another size or another time of its last change.
Result<std::string> stamp_of(const std::string& path) {
    std::error_code failure;
    const auto size = fs::file_size(path, failure);
    const auto time = failure ? fs::file_time_type{} : fs::last_write_time(path, failure);
    if (failure) {
        return fail(Errc::NotFound, fmt::format("the list {} cannot be read: {}; correct [lists] "
                                                "files in the configuration",
                                                path, failure.message()));
    }
    return fmt::format("{} {} {}", size, time.time_since_epoch().count(), path);
}

}  // namespace

ListPlan::ListPlan(std::string dir, std::string built_in)
    : dir_(std::move(dir)), built_in_(std::move(built_in)) {}

Result<ListPlan::Change> ListPlan::update(const std::vector<std::string>& files,
                                          const Compile& compile) const {
    std::vector<std::string> texts;
    std::vector<std::string> stamps;
    std::string next;
    std::string stamps_of_finished;
    Change change = Change::None;
    for (const std::string& file : files) {
        const std::string stamp = SPORVAKT_TRY(stamp_of(file));
        if (is_catalogue(file)) {
            SPORVAKT_TRY(trackers::Catalogue::open(file));
            next += fmt::format("{}{}\n", kCatalogue, file);
            stamps_of_finished += fmt::format("{}{}\n", kWith, stamp);
        } else {
            texts.push_back(file);
            stamps.push_back(stamp);
        }
    }
    if (!texts.empty()) {
        if (!is_compiled_from(stamps)) {
            SPORVAKT_TRY(compile(texts, compiled()));
            change = Change::Some;
        }
        next += fmt::format("{}{}\n", kCatalogue, compiled());
    }
    for (const std::string& stamp : stamps) {
        next += fmt::format("{}{}\n", kFrom, stamp);
    }
    next += stamps_of_finished;
    if (next != text()) {
        SPORVAKT_TRY(replace_file(plan(), next));
        change = Change::Some;
    }
    return change;
}

std::string ListPlan::text() const {
    std::ifstream file(plan(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

bool ListPlan::is_compiled_from(const std::vector<std::string>& stamps) const {
    // What cannot be opened, as after an update of the program, is made again.
    return lines_that_begin(kFrom) == stamps && trackers::Catalogue::open(compiled()).has_value();
}

std::vector<std::shared_ptr<const trackers::Catalogue>> ListPlan::catalogues() const {
    std::vector<std::string> all = paths();
    all.insert(all.begin(), built_in_);
    std::vector<std::shared_ptr<const trackers::Catalogue>> catalogues;
    for (const std::string& path : all) {
        if (auto catalogue = trackers::Catalogue::open(path)) {
            catalogues.push_back(std::move(*catalogue));
        } else {
            log::error(catalogue.error().message + "; going on without it");
        }
    }
    return catalogues;
}

std::vector<std::string> ListPlan::paths() const {
    return lines_that_begin(kCatalogue);
}

std::vector<std::string> ListPlan::lines_that_begin(std::string_view word) const {
    std::vector<std::string> rests;
    std::ifstream file(plan());
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(word)) {
            rests.push_back(line.substr(word.size()));
        }
    }
    return rests;
}

}  // namespace sporvakt::firmware
