#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace sporvakt::firmware {

/// Owns zeroed memory that children share after fork(2), and that outlives each of them.
class SharedBytes {
public:
    static Result<SharedBytes> create(std::size_t length);

    /// Live as long as this object.
    [[nodiscard]] std::span<std::uint8_t> bytes() const {
        return {memory_.get(), memory_.get_deleter().length};
    }

private:
    struct Unmap {
        std::size_t length = 0;
        void operator()(std::uint8_t* memory) const;
    };

    SharedBytes(std::uint8_t* memory, std::size_t length) : memory_(memory, Unmap{length}) {}

    std::unique_ptr<std::uint8_t, Unmap> memory_;
};

}  // namespace sporvakt::firmware
