#include "firmware/lists/subscription.h"

#include <cstdint>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

namespace sporvakt::firmware {
namespace {

// FNV-1a: the name of a file must be the same at every start and on every machine.
std::uint32_t fingerprint(std::string_view text) {
    constexpr std::uint32_t kOffset = 2'166'136'261;
    constexpr std::uint32_t kPrime = 16'777'619;
    std::uint32_t hash = kOffset;
    for (const char c : text) {
        hash = (hash ^ static_cast<std::uint8_t>(c)) * kPrime;
    }
    return hash;
}

/// Of letters that do no harm in the name of a file.
std::string id_of_url(const std::string& url) {
    constexpr std::size_t kHostLengthMax = 60;
    std::string id;
    for (const char c : host_of_list_url(url).substr(0, kHostLengthMax)) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
        id += is_plain && (!id.empty() || c != '.') ? c : '-';
    }
    return fmt::format("{}-{:08x}", id, fingerprint(url));
}

}  // namespace

Result<std::vector<Subscription>> subscriptions_of(const std::vector<std::string>& entries,
                                                   const ListRegistry& registry, Reach reach) {
    std::vector<Subscription> subscriptions;
    for (const std::string& entry : entries) {
        if (const KnownList* const known = registry.find(entry)) {
            subscriptions.push_back({known->id, known->url});
        } else if (entry.find(':') == std::string::npos) {
            return fail(Errc::InvalidInput,
                        fmt::format("lists.subscriptions: no list '{}' is known; `sporvakt lists "
                                    "available` shows those that are",
                                    entry));
        } else if (const auto fault = fault_of_list_url(entry, reach)) {
            return fail(Errc::InvalidInput,
                        fmt::format("lists.subscriptions: '{}' {}", entry, *fault));
        } else {
            subscriptions.push_back({id_of_url(entry), entry});
        }
    }
    return subscriptions;
}

std::string subscribed_folder(const std::string& storage_dir) {
    return storage_dir + "/lists";
}

std::vector<std::string> subscribed_files(const std::vector<Subscription>& subscriptions,
                                          const std::string& storage_dir) {
    std::vector<std::string> files;
    for (const Subscription& subscription : subscriptions) {
        std::string path = subscribed_folder(storage_dir) + "/" + subscription.id;
        std::error_code ignored;
        if (std::filesystem::exists(path, ignored)) {
            files.push_back(std::move(path));
        }
    }
    return files;
}

}  // namespace sporvakt::firmware
