#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sporvakt::test {

class FakeNameServer;

/// A root zone with a key of its own, in which every name of a test stands: what a validator needs
/// to believe an answer, or not to.
class SignedRoot {
public:
    using Octets = std::vector<std::uint8_t>;

    enum class Signature : std::uint8_t {
        Good,
        Expired,
        NotYetValid,
        OfAnotherAddress,  ///< Made for other data, as when somebody on the way changed the answer.
        Missing,
    };

    SignedRoot();
    SignedRoot(const SignedRoot&) = delete;
    SignedRoot& operator=(const SignedRoot&) = delete;
    SignedRoot(SignedRoot&&) = delete;
    SignedRoot& operator=(SignedRoot&&) = delete;
    ~SignedRoot();

    /// The key, as a file of trust anchors writes it.
    [[nodiscard]] std::string anchor() const;

    /// Lets the server give the zone's keys, signed.
    void publish_keys(FakeNameServer& server) const;

    /// "`name` A 192.0.2.1", with that signature.
    [[nodiscard]] Octets address_reply(const std::string& name, Signature signature) const;

    /// "There is no `name`", signed, with an NSEC record that proves it of other names only.
    [[nodiscard]] Octets unproven_denial(const std::string& name) const;

private:
    struct Key;

    [[nodiscard]] Octets signature_data(const std::string& record, Signature signature) const;

    std::unique_ptr<Key> key_;
};

}  // namespace sporvakt::test
