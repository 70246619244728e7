#pragma once

#include "core/base/result.h"
#include "firmware/lists/list_url.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <utility>

namespace sporvakt::firmware {

/// What a server said of the bytes that it gave, for asking whether they are still the same
/// (RFC 9110 §8.8).  As sent; empty: it said nothing.
struct Validators {
    std::string etag;
    std::string last_modified;

    [[nodiscard]] bool is_empty() const { return etag.empty() && last_modified.empty(); }
    friend bool operator==(const Validators&, const Validators&) = default;
};

struct FetchSettings {
    Reach reach = Reach::Https;
    /// PEM file of the authorities to trust; empty: the system's.  Not a key: set by tests.
    std::string certificates;
    std::uint64_t bytes_max = std::uint64_t{64} << 20U;  ///< Unpacked.
    std::chrono::milliseconds connect_time_max{20'000};
    std::chrono::milliseconds time_max{300'000};
    /// Less than this for so long is no honest server.
    std::uint32_t bytes_per_second_min = 1024;
    std::chrono::seconds slow_for_max{30};
};

struct FetchRequest {
    std::string url;
    Validators validators;  ///< Of what is there already; empty: nothing is.
    std::string to;         ///< Path of the file to write.
};

struct Fetched {
    bool is_new = false;  ///< Else what is there already is still the same, and `to` is not there.
    Validators validators;
    std::uint64_t bytes = 0;  ///< Of the file.
};

/// Why nothing came.
struct FetchFailure {
    std::string message;      ///< "HOST answers with 404 (there is no such list)".
    bool is_passing = false;  ///< Asking again in a moment may help.
};

/// Gets one file at a time over HTTP, by libcurl.  All that comes is from strangers: its size, its
/// header, its time and its number of redirects are limited, and a redirect leaves HTTPS never.
///
/// One thread; libcurl starts another for looking up names.  Meant for a process of its own.
class Fetcher {
public:
    static constexpr int kRedirectsMax = 5;
    static constexpr std::size_t kHeaderBytesMax = std::size_t{64} * 1024;
    static constexpr std::size_t kValidatorLengthMax = 256;

    explicit Fetcher(FetchSettings settings) : settings_(std::move(settings)) {}

    /// Writes what the URL gives to a new file, whole and secured from a power cut; on a failure
    /// that file is not there.  Ends early when `stop` is requested.
    [[nodiscard]] Expected<Fetched, FetchFailure> fetch(const FetchRequest& request,
                                                        const std::stop_token& stop) const;

private:
    FetchSettings settings_;
};

}  // namespace sporvakt::firmware
