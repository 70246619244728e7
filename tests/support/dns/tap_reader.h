#pragma once

#include "core/base/byte_reader.h"
#include "core/base/file_descriptor.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sporvakt::test {

/// Somebody who reads dnstap at a Unix socket, with libfstrm's own reader.  Listens from
/// construction on; of one thread.
class TapReader {
public:
    explicit TapReader(const std::string& path);
    TapReader(const TapReader&) = delete;
    TapReader& operator=(const TapReader&) = delete;
    TapReader(TapReader&&) = delete;
    TapReader& operator=(TapReader&&) = delete;
    ~TapReader();

    /// The next frame; waits for a writer, and for it to write, ten seconds each at most.  Empty
    /// when it has ended, or nothing came.
    std::optional<std::vector<std::uint8_t>> next();

    /// Takes a writer's connection and does the handshake, and reads nothing more.
    [[nodiscard]] bool accept();

    /// Goes away: closes the connection and the socket.
    void hang_up();

private:
    struct Connection;

    std::string path_;
    FileDescriptor listener_;
    std::unique_ptr<Connection> connection_;
};

/// One message in protobuf's wire format, read without a schema: the last value of each field.
struct ProtobufReading {
    explicit ProtobufReading(Bytes bytes);

    /// Of a varint or a fixed32.
    std::map<unsigned, std::uint64_t> numbers;
    std::map<unsigned, std::vector<std::uint8_t>> bytes;
    bool is_whole = false;
};

/// The dnstap.Message in a frame.
ProtobufReading tap_message_in(const std::vector<std::uint8_t>& frame);

}  // namespace sporvakt::test
