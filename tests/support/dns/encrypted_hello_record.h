#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace sporvakt::test {

enum class Ech : std::uint8_t { Present, Absent };

/// The data of an HTTPS record as large content networks publish them: alpn, ipv4hint, ech with a
/// whole ECHConfigList (X25519, HKDF-SHA256, AES-128-GCM), ipv6hint.
inline std::vector<std::uint8_t> service_data(Ech ech) {
    std::vector<std::uint8_t> data{0, 1, 0,                                        // priority, "."
                                   0, 1, 0, 6, 2,   'h', '3', 2, 'h', '2',         // alpn
                                   0, 4, 0, 8, 192, 0,   2,   1, 192, 0,   2, 2};  // ipv4hint
    if (ech == Ech::Present) {
        data.insert(data.end(), {0, 5, 0, 71,               // ech
                                 0, 69, 0xfe, 0x0d, 0, 65,  // one ECHConfig
                                 0x1e, 0, 0x20, 0, 32});    // id, X25519, key's length
        for (std::uint8_t byte = 0; byte < 32; ++byte) {
            data.push_back(static_cast<std::uint8_t>(byte * 7 + 3));
        }
        data.insert(data.end(), {0, 4, 0, 1, 0, 1, 0, 18});
        constexpr std::string_view kPublicName = "front-door.example";
        data.insert(data.end(), kPublicName.begin(), kPublicName.end());
        data.insert(data.end(), {0, 0});
    }
    data.insert(data.end(), {0, 6, 0, 16, 0x20, 0x01, 0x0d, 0xb8});
    data.insert(data.end(), 12, 1);
    return data;
}

}  // namespace sporvakt::test
