#include "firmware/temporary_catalogue.h"

#include "core/base/clock.h"
#include "core/base/file_descriptor.h"
#include "core/trackers/list_compiler.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

namespace sporvakt::firmware {
namespace {

/// Goes with all that is in it.
class TemporaryFolder {
public:
    explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    TemporaryFolder(TemporaryFolder&&) = delete;
    TemporaryFolder& operator=(TemporaryFolder&&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

private:
    std::string path_;
};

}  // namespace

Result<std::shared_ptr<const trackers::Catalogue>> temporary_catalogue(
    const std::vector<std::string>& lists) {
    std::error_code failure;
    const std::filesystem::path place = std::filesystem::temp_directory_path(failure);
    std::string path = (place / "sporvakt-XXXXXX").string();
    if (failure || ::mkdtemp(path.data()) == nullptr) {
        return system_failure("making a temporary folder in " + place.string());
    }
    const TemporaryFolder folder(path);
    const std::string file = path + "/catalogue.mdb";
    SPORVAKT_TRY(trackers::compile_lists(lists, file, rfc3339(SystemClock().now()), {}));
    return trackers::Catalogue::open(file);
}

}  // namespace sporvakt::firmware
