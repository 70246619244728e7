#pragma once

#include "core/base/ip_address.h"
#include "core/devices/device_table.h"
#include "dns/message/query.h"

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sporvakt::dns {

/// A name that the household itself maps: to addresses, or (`alias`) to another name.
struct HouseholdRecord {
    /// DomainName's form, at most kNameLengthMax.  One label means that label in the local domain.
    std::string name;
    std::vector<IpAddress> addresses;  ///< At most kAddressesMax.
    std::string alias;                 ///< As `name`; empty: `addresses` count.

    // So that every answer fits into 512 bytes.
    static constexpr std::size_t kNameLengthMax = 100;
    static constexpr std::size_t kAddressesMax = 8;

    friend bool operator==(const HouseholdRecord&, const HouseholdRecord&) = default;
};

struct LocalDomain {
    /// DomainName's form, at most HouseholdRecord::kNameLengthMax.
    std::string name = "home.arpa";
    std::vector<HouseholdRecord> records;

    friend bool operator==(const LocalDomain&, const LocalDomain&) = default;
};

/// What the house knows about a name.  Views live as long as the LocalNames.
struct LocalAnswer {
    enum class Kind : std::uint8_t {
        NoSuchName,
        Host,     ///< `addresses`, behind an alias for `name` when that is set.
        Pointer,  ///< The address asked for is `name`'s.
        Outside,  ///< An alias for `name`, which the Internet knows.
    };
    Kind kind = Kind::NoSuchName;
    std::span<const IpAddress> addresses;
    std::string_view name;

    /// Nobody in the house is called so, or the local domain itself.
    [[nodiscard]] bool knows_nothing() const {
        return kind == Kind::NoSuchName ||
               (kind == Kind::Host && addresses.empty() && name.empty());
    }
};

/// The names of the house: its devices', this gateway's (sporvakt), and what the household maps.
///
/// A device is called by the name that the household gave it and by the one that it asked for
/// (DHCP), as device_labels() writes them, below the local domain and as a single label.  Of two
/// that want the same label the one seen first has it, the next gets "-2"; what the household says
/// goes before what devices say.  Immutable: made anew with each table of devices, never for a
/// query.  Const members may be called from any thread.
class LocalNames {
public:
    /// Nothing but an empty home.arpa.
    LocalNames() = default;

    /// `own` are this gateway's addresses in the house.
    LocalNames(const LocalDomain& domain, const std::vector<IpAddress>& own,
               std::shared_ptr<const devices::DeviceTable> devices);

    /// Nothing when it is not a name of the house.  Does not allocate; for the names of the
    /// Internet a few compares.
    [[nodiscard]] std::optional<LocalAnswer> find(const Query& query) const;

private:
    struct Host {
        std::vector<IpAddress> addresses;
        std::string name;  ///< The first that it got, whole.
        std::string alias;
        bool is_outside = false;
    };
    /// What a key stands for.  Keys are labels of the local domain, and whole names elsewhere.
    struct Place {
        std::size_t host = 0;
        bool is_bare = true;  ///< Also known without the domain behind it.
    };
    struct KeyHash {
        using is_transparent = void;  // NOLINT(readability-identifier-naming): the library's
        std::size_t operator()(std::string_view key) const {
            return std::hash<std::string_view>{}(key);
        }
    };

    void add_records(const std::vector<HouseholdRecord>& records);
    void add_devices();
    void add_labels_of(const devices::Device& device, std::string_view name);
    bool claim(const std::string& key, std::size_t host);
    void claim_numbered(const std::string& label, std::size_t host);
    void follow_aliases();
    [[nodiscard]] std::string key_of(std::string_view name) const;

    [[nodiscard]] bool may_know(std::string_view name) const;
    [[nodiscard]] bool is_in_domain(std::string_view name) const;
    [[nodiscard]] const Host* host_of(std::string_view name) const;
    [[nodiscard]] const Host* host_at(const IpAddress& address) const;

    std::string domain_ = "home.arpa";
    std::shared_ptr<const devices::DeviceTable> devices_;
    std::vector<Host> hosts_;
    std::unordered_map<std::string, Place, KeyHash, std::equal_to<>> places_;
    std::unordered_map<std::string, unsigned> next_numbers_;  ///< Of labels that several wanted.
    std::unordered_map<IpAddress, std::size_t> by_address_;   ///< Hosts that are not devices.
    std::unordered_map<devices::DeviceId, std::size_t> by_device_;
    std::bitset<1024> marks_;  ///< Of every name outside of the domain: most others miss it.
};

/// How long clients remember: devices come, go and get other addresses.
constexpr std::uint32_t kLocalTtl = 60;

/// For every kind but Outside, unless the question is for the alias itself (CNAME).
std::size_t write_local_answer(std::span<std::uint8_t> out, const Query& query,
                               const LocalAnswer& answer);

}  // namespace sporvakt::dns
