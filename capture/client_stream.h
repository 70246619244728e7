#pragma once

#include "capture/client_hello.h"
#include "capture/flow_summary.h"
#include "capture/segment_buffer.h"
#include "core/base/domain_name.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace sporvakt::capture {

/// What a client said of its destination before the conversation became private.
struct Introduction {
    std::optional<DomainName> name;
    NameOrigin origin = NameOrigin::None;  ///< Set also when what was read held no name.
    bool has_encrypted_hello = false;
    bool has_bad_name = false;  ///< There was a name, but none that a host can have.
    bool is_via_proxy = false;  ///< A proxy was asked for a way there first.
};

enum class Reading : std::uint8_t { GoesOn, Done };

/// Whether a segment begins like what a client opens a conversation with: a TLS hello or an HTTP
/// request.
bool begins_like_introduction(Bytes segment);

/// Reads a TLS ClientHello or an HTTP Host from the first bytes that a client sends over TCP.
///
/// Segments may come in any order, repeated, overlapping, one byte each, across the wrap of the
/// sequence numbers, with the hello cut over several records; a hello may follow what a proxy or
/// STARTTLS wants first, if it begins a segment.  Two versions of the same bytes make it ambiguous:
/// whoever sends both wants one to be read here and the other there.  Never holds more than
/// kStreamBytesMax bytes nor looks at more than kSegmentsMax segments.
class ClientStream {
public:
    static constexpr std::size_t kStreamBytesMax = 16 * 1024 + 5;  ///< One maximal record.
    static constexpr std::size_t kSegmentsMax = 2048;
    static constexpr std::size_t kRecordsMax = 2048;

    /// `first_sequence`: that of the first byte, if the SYN was seen.
    explicit ClientStream(std::optional<std::uint32_t> first_sequence);

    Reading add(std::uint32_t sequence, Bytes payload);

    /// No more will come: takes what the beginning of a hello tells.
    void give_up();

    /// Once all is read: whether this is another version of what was.
    [[nodiscard]] bool is_contradicted_by(std::uint32_t sequence, Bytes payload) const;

    /// Whether it is known where a hello or a request begins.  False once what came there was
    /// neither: only a later segment can begin one.
    [[nodiscard]] bool has_start() const { return start_.has_value(); }

    [[nodiscard]] const Introduction& introduction() const { return introduction_; }

    /// Bytes of memory in use beside the object's own.
    [[nodiscard]] std::size_t held() const { return buffer_.held(); }

private:
    Reading search(std::size_t offset, Bytes payload);
    Reading read(std::size_t offset, Bytes payload);
    Reading read_tls(Bytes stream);
    Reading read_http(Bytes stream);
    Reading understand(Bytes stream);
    Reading mismatch(std::uint32_t sequence, Bytes payload);
    void restart(std::uint32_t sequence);
    void accept(const Parsed<ClientHello>& hello);
    Reading done();

    SegmentBuffer buffer_;
    std::uint32_t base_ = 0;  ///< Sequence number of the buffer's first byte.
    bool has_base_ = false;
    std::optional<std::size_t> start_;  ///< Where in the buffer the hello begins, once known.
    bool is_mismatch_ = false;          ///< What begins at `start_` is neither TLS nor HTTP.
    std::size_t segments_ = 0;
    Introduction introduction_;
};

}  // namespace sporvakt::capture
