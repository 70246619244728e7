#include "capture/client_stream.h"
#include "capture/segment_buffer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <vector>

using namespace sporvakt;
using namespace sporvakt::capture;

namespace {

constexpr std::size_t kLimit = 4096;

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

/// The same as a SegmentBuffer, a byte at a time.
class Model {
public:
    void put(std::size_t offset, Bytes piece) {
        for (std::size_t at = 0; at < piece.size(); ++at) {
            auto& place = bytes_[offset + at];
            is_contradicted_ = is_contradicted_ || (place && *place != piece[at]);
            place = place.value_or(piece[at]);
        }
    }
    [[nodiscard]] bool is_contradicted() const { return is_contradicted_; }

    [[nodiscard]] std::vector<std::uint8_t> from(std::size_t offset) const {
        std::vector<std::uint8_t> run;
        while (offset < bytes_.size() && bytes_[offset]) {
            run.push_back(*bytes_[offset++]);
        }
        return run;
    }

private:
    std::vector<std::optional<std::uint8_t>> bytes_ =
        std::vector<std::optional<std::uint8_t>>(kLimit);
    bool is_contradicted_ = false;
};

void check_same(const SegmentBuffer& buffer, const Model& model, std::size_t offset) {
    const Bytes held = buffer.from(offset);
    const auto expected = model.from(offset);
    require(std::equal(held.begin(), held.end(), expected.begin(), expected.end()));
}

}  // namespace

// Pieces, each of: where it lies (2 bytes), how long it is (1 byte), its bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    SegmentBuffer buffer(kLimit);
    Model model;
    ClientStream stream(0);
    bool is_reading = true;
    ByteReader in(Bytes(data, size));
    while (in.remaining() > 3) {
        const std::size_t offset = *in.u16();
        const Bytes piece = *in.take(std::min<std::size_t>(*in.u8(), in.remaining()));
        if (is_reading) {
            is_reading = stream.add(static_cast<std::uint32_t>(offset), piece) != Reading::Done;
        }
        const bool is_taken = buffer.put(offset, piece).has_value();
        if (!is_taken && !piece.empty() && offset + piece.size() > kLimit) {
            continue;  // beyond what may be held; all else is as it was
        }
        model.put(offset, piece);
        check_same(buffer, model, 0);
        check_same(buffer, model, offset);
        require(buffer.is_contradicted() == model.is_contradicted());
        require(buffer.held() <= kLimit + (SegmentBuffer::kGapsMax + 1) * 64);
        if (!is_taken) {
            break;  // too many gaps: its owner gives it up
        }
    }
    return 0;
}
