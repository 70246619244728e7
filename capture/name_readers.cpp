#include "capture/name_readers.h"

#include "capture/quic_packet.h"
#include "core/base/assert.h"

#include <algorithm>
#include <utility>

namespace sporvakt::capture {
namespace {

bool begins_with_initial(Bytes datagram) {
    ByteReader reader(datagram);
    const auto initial = take_initial(reader);
    return initial && initial->has_value();
}

}  // namespace

NameReaders::NameReaders(const DnsAnswers& answers) : answers_(answers) {}

Reading NameReaders::read(Flow& flow, const Frame& frame) {
    if (flow.transport != FlowTransport::Tcp) {
        return read_datagram(flow, frame);
    }
    Reader* reader = reader_of(flow, frame);
    auto& stream = std::get<ClientStream>(reader->stream);
    const bool is_syn = frame.has_flags(kTcpSyn);  // data with a SYN is numbered after it
    if (stream.add(frame.tcp_sequence + (is_syn ? 1 : 0), frame.payload) == Reading::GoesOn) {
        return Reading::GoesOn;
    }
    settle(flow, stream.introduction());
    return Reading::Done;
}

Reading NameReaders::read_datagram(Flow& flow, const Frame& frame) {
    if (flow.reader == Flow::kNoReader && !begins_with_initial(frame.payload)) {
        return Reading::GoesOn;  // the first Initial may come late: behind early data, or a tunnel
    }
    if (!may_open(frame.at)) {
        return Reading::GoesOn;
    }
    Reader* reader = reader_of(flow, frame);
    auto& stream = std::get<QuicStream>(reader->stream);
    const Reading reading = stream.add(frame.payload, crypto_);
    if (stream.is_quic()) {
        flow.transport = FlowTransport::Quic;
    }
    if (reading == Reading::Done) {
        settle(flow, stream.introduction());
    }
    return reading;
}

bool NameReaders::may_open(Timestamp at) {
    if (at - second_ >= std::chrono::seconds(1) || at < second_) {
        second_ = at;
        opened_in_second_ = 0;
    }
    return ++opened_in_second_ <= kOpenedPerSecond;
}

NameReaders::Reader* NameReaders::reader_of(Flow& flow, const Frame& frame) {
    if (flow.reader == Flow::kNoReader) {
        flow.reader = free_reader();
        Reader& reader = readers_[flow.reader];
        reader.flow = &flow;
        reader.since = frame.at;
        if (flow.transport == FlowTransport::Tcp) {
            reader.stream.emplace<ClientStream>(flow.has_opening ? std::optional(flow.opening + 1)
                                                                 : std::nullopt);
        } else {
            reader.stream.emplace<QuicStream>();
        }
    }
    return &readers_[flow.reader];
}

std::uint16_t NameReaders::free_reader() {
    if (free_.empty() && readers_.size() < kReadersMax) {
        readers_.emplace_back();
        return static_cast<std::uint16_t>(readers_.size() - 1);
    }
    if (free_.empty()) {
        const auto oldest =
            std::min_element(readers_.begin(), readers_.end(),
                             [](const Reader& a, const Reader& b) { return a.since < b.since; });
        finish(*oldest->flow);
        SPORVAKT_ASSERT(!free_.empty());  // else somebody ended a flow without finish()
    }
    const std::uint16_t index = free_.back();
    free_.pop_back();
    return index;
}

void NameReaders::settle(Flow& flow, const Introduction& introduction) {
    flow.naming = Naming::Done;
    flow.origin = introduction.origin;
    flow.has_encrypted_hello = introduction.has_encrypted_hello;
    if (introduction.name) {
        flow.attribute().claimed = introduction.name->text();
        flow.is_name_front = answers_.is_public_name(introduction.name->text());
    }
    malformed_names_ += introduction.has_bad_name ? 1 : 0;
    release(flow);
}

void NameReaders::release(Flow& flow) {
    if (flow.reader == Flow::kNoReader) {
        return;
    }
    Reader& reader = readers_[flow.reader];
    reader.stream.emplace<std::monostate>();
    reader.flow = nullptr;
    free_.push_back(std::exchange(flow.reader, Flow::kNoReader));
}

void NameReaders::finish(Flow& flow) {
    flow.naming = Naming::Done;
    if (flow.reader == Flow::kNoReader) {
        return;
    }
    auto& stream = readers_[flow.reader].stream;
    if (auto* tcp = std::get_if<ClientStream>(&stream)) {
        tcp->give_up();
        settle(flow, tcp->introduction());
    } else if (auto* quic = std::get_if<QuicStream>(&stream)) {
        quic->give_up();
        settle(flow, quic->introduction());
    }
}

void NameReaders::expire(Timestamp now, const std::function<void(Flow&)>& on_done) {
    for (Reader& reader : readers_) {
        if (reader.flow != nullptr && now - reader.since > kPatience) {
            Flow& flow = *reader.flow;
            finish(flow);
            on_done(flow);
        }
    }
}

}  // namespace sporvakt::capture
