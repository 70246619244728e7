#include "webui/server/password.h"

#include <array>

#include <sodium.h>

namespace sporvakt::webui {
namespace {

// RFC 9106 §4 asks for 64 MiB and three passes; half the memory is what a Raspberry Pi with 512 MB
// can spare while it also resolves names (OWASP's least is 19 MiB and two passes).
constexpr std::uint64_t kPasses = 3;
constexpr std::size_t kMemoryBytes = std::size_t{32} * 1024 * 1024;

}  // namespace

Result<std::string> hash_password(std::string_view password, PasswordCost cost) {
    const bool is_least = cost == PasswordCost::Least;
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    if (sodium_init() < 0 ||
        crypto_pwhash_str_alg(hash.data(), password.data(), password.size(),
                              is_least ? crypto_pwhash_OPSLIMIT_MIN : kPasses,
                              is_least ? crypto_pwhash_MEMLIMIT_MIN : kMemoryBytes,
                              crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return fail(Errc::Unavailable, "The password could not be hashed: too little free memory.");
    }
    return std::string(hash.data());
}

bool is_password(std::string_view password, const std::string& hash) {
    return sodium_init() >= 0 &&
           crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

}  // namespace sporvakt::webui
