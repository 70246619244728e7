#include "webui/server/session.h"

#include "core/base/assert.h"
#include "core/base/byte_reader.h"

#include <algorithm>

#include <sodium.h>

namespace sporvakt::webui {
namespace {

constexpr std::size_t kSecretBytes = 32;

std::string fresh_secret() {
    SPORVAKT_ASSERT(sodium_init() >= 0);
    std::array<unsigned char, kSecretBytes> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::array<char, sodium_base64_ENCODED_LEN(kSecretBytes, kVariant)> text{};
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kVariant);
    return text.data();
}

}  // namespace

Session Sessions::open() {
    Session session;
    session.token = fresh_secret();
    const std::lock_guard lock(mutex_);
    make_room();
    const Moment now = clock_.moment();
    const auto& entry = entries_[digest_of(session.token)] = {fresh_secret(), now, now};
    session.csrf_token = entry.csrf_token;
    session.expires_at = view_of(entry).expires_at;
    return session;
}

std::optional<Session> Sessions::use(std::string_view token) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(digest_of(token));
    if (found == entries_.end()) {
        return std::nullopt;
    }
    const Moment now = clock_.moment();
    if (is_over(found->second, now)) {
        entries_.erase(found);
        return std::nullopt;
    }
    found->second.used = now;
    return view_of(found->second);
}

bool Sessions::is_open(std::string_view token) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(digest_of(token));
    return found != entries_.end() && !is_over(found->second, clock_.moment());
}

void Sessions::close(std::string_view token) {
    const std::lock_guard lock(mutex_);
    entries_.erase(digest_of(token));
}

Sessions::Digest Sessions::digest_of(std::string_view token) {
    SPORVAKT_ASSERT(sodium_init() >= 0);
    Digest digest{};
    const Bytes input = as_bytes(token);
    crypto_generichash(digest.data(), digest.size(), input.data(), input.size(), nullptr, 0);
    return digest;
}

bool Sessions::is_over(const Entry& entry, Moment now) const {
    return now - entry.used >= kIdleMax || now - entry.opened >= kAgeMax;
}

Session Sessions::view_of(const Entry& entry) const {
    const Moment end = std::min<Moment>(entry.used + kIdleMax, entry.opened + kAgeMax);
    const auto left = std::chrono::floor<std::chrono::milliseconds>(end - clock_.moment());
    return {.token = {}, .csrf_token = entry.csrf_token, .expires_at = clock_.now() + left};
}

void Sessions::make_room() {
    const Moment now = clock_.moment();
    for (auto entry = entries_.begin(); entry != entries_.end();) {
        entry = is_over(entry->second, now) ? entries_.erase(entry) : std::next(entry);
    }
    if (entries_.size() < kCountMax) {
        return;
    }
    entries_.erase(std::min_element(
        entries_.begin(), entries_.end(),
        [](const auto& left, const auto& right) { return left.second.used < right.second.used; }));
}

bool is_same_secret(std::string_view left, std::string_view right) {
    return left.size() == right.size() &&
           sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace sporvakt::webui
