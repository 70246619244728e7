#include "capture/name_readers.h"

#include "capture/flow_table.h"
#include "capture/quic_packet.h"
#include "core/base/assert.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <type_traits>
#include <utility>

namespace sporvakt::capture {
namespace {

std::optional<QuicInitial> first_initial(Bytes datagram) {
    constexpr std::uint8_t kLongHeader = 0x80;
    if (datagram.empty() || (datagram[0] & kLongHeader) == 0) {
        return std::nullopt;
    }
    ByteReader reader(datagram);
    const auto initial = take_initial(reader);
    return initial ? *initial : std::nullopt;
}

/// FNV-1a: tells a flow's connections apart; whoever makes two collide hides one of his own.
std::uint32_t hash_of(Bytes id) {
    std::uint32_t hash = 2'166'136'261U;
    for (const std::uint8_t byte : id) {
        hash = (hash ^ byte) * 16'777'619U;
    }
    return hash;
}

}  // namespace

NameReaders::NameReaders(const DnsAnswers& answers, NamePool& names)
    : answers_(answers), names_(names) {}

Reading NameReaders::read(Flow& flow, const Frame& frame) {
    if (flow.naming == Naming::Watched) {
        return watch(flow, frame);
    }
    const Reading reading = flow.transport == FlowTransport::Tcp ? read_segment(flow, frame)
                                                                 : read_datagram(flow, frame);
    const Reading kept = keep(flow);  // also of what is only watched from now on
    return reading == Reading::Done ? reading : kept;
}

Reading NameReaders::read_segment(Flow& flow, const Frame& frame) {
    auto& stream = std::get<ClientStream>(reader_of(flow, frame).stream);
    const bool is_syn = frame.has_flags(kTcpSyn);  // data with a SYN is numbered after it
    if (stream.add(frame.tcp_sequence + (is_syn ? 1 : 0), frame.payload) == Reading::GoesOn) {
        return Reading::GoesOn;
    }
    settle(flow, stream.introduction());
    return Reading::Done;
}

/// Counts what is held of the flow since its last packet; Done if it had to give way itself.
Reading NameReaders::keep(Flow& flow) {
    if (flow.reader == Flow::kNoReader) {
        return Reading::GoesOn;
    }
    Reader& reader = readers_[flow.reader];
    const auto held_by = [](const auto& stream) -> std::size_t {
        if constexpr (std::is_same_v<std::decay_t<decltype(stream)>, std::monostate>) {
            return 0;
        } else {
            return stream.held();
        }
    };
    const std::size_t held = std::visit(held_by, reader.stream);
    held_ += held - std::exchange(reader.held, held);
    while (held_ > kHeldMax) {
        give_way();
    }
    return flow.reader == Flow::kNoReader ? Reading::Done : Reading::GoesOn;
}

Reading NameReaders::watch(Flow& flow, const Frame& frame) {
    auto& stream = readers_[flow.reader].stream;
    bool is_contradicted = false;
    if (const auto* tcp = std::get_if<ClientStream>(&stream)) {
        is_contradicted = tcp->is_contradicted_by(frame.tcp_sequence, frame.payload);
    } else if (auto* quic = std::get_if<QuicStream>(&stream)) {
        is_contradicted = may_open(frame.at) && quic->is_contradicted_by(frame.payload, crypto_);
    }
    if (!is_contradicted) {
        return Reading::GoesOn;
    }
    flow.origin = NameOrigin::Ambiguous;
    flow.is_name_front = false;
    flow.attribute().claimed = {};
    release(flow);
    return Reading::Done;
}

Reading NameReaders::read_datagram(Flow& flow, const Frame& frame) {
    if (flow.reader == Flow::kNoReader) {
        const auto initial = first_initial(frame.payload);
        if (!initial) {
            return Reading::GoesOn;  // it may come late: behind early data, or out of a tunnel
        }
        flow.has_opening = true;
        flow.opening = hash_of(initial->destination_id);
    }
    if (!may_open(frame.at)) {
        return Reading::GoesOn;
    }
    auto& stream = std::get<QuicStream>(reader_of(flow, frame).stream);
    const Reading reading = stream.add(frame.payload, crypto_);
    if (stream.is_quic()) {
        flow.transport = FlowTransport::Quic;
    }
    if (reading == Reading::Done) {
        settle(flow, stream.introduction());
    }
    return reading;
}

bool NameReaders::begins_another(const Flow& flow, const Frame& frame) {
    const auto initial = first_initial(frame.payload);
    if (!initial || hash_of(initial->destination_id) == flow.opening) {
        return false;
    }
    // After a Retry the first Initial comes again, with its token (RFC 9000 §17.2.5); by then the
    // server has sent nothing else.
    constexpr std::uint32_t kRetriesMax = 3;
    const std::uint32_t from_server = flow.is_device_server ? flow.packets_up : flow.packets_down;
    if ((!initial->token.empty() && from_server <= kRetriesMax) || !may_open(frame.at)) {
        return false;
    }
    const QuicKeys keys = crypto_.client_keys(initial->version, initial->destination_id);
    return crypto_.open(*initial, keys).has_value();
}

bool NameReaders::may_open(Timestamp at) {
    if (at - second_ >= std::chrono::seconds(1) || at < second_) {
        second_ = at;
        opened_in_second_ = 0;
    }
    if (opened_in_second_ == kOpenedPerSecond) {
        ++left_shut_;
        return false;
    }
    ++opened_in_second_;
    return true;
}

NameReaders::Reader& NameReaders::reader_of(Flow& flow, const Frame& frame) {
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
    return readers_[flow.reader];
}

/// Those that are only watched first, then of whose device most are read; the oldest of them.
NameReaders::Reader& NameReaders::one_to_give_way() {
    std::array<std::uint16_t, FlowTable::kShares> counts{};
    for (const Reader& reader : readers_) {
        if (reader.flow != nullptr) {
            ++counts.at(reader.flow->share);
        }
    }
    const auto rank = [&](const Reader& reader) {
        const bool is_free = reader.flow == nullptr;
        const bool is_read = !is_free && reader.flow->naming == Naming::Reads;
        const int of_its_device = is_free ? 0 : counts.at(reader.flow->share);
        return std::tuple(is_free, is_read, -of_its_device, reader.since);
    };
    return *std::min_element(
        readers_.begin(), readers_.end(),
        [&](const Reader& left, const Reader& right) { return rank(left) < rank(right); });
}

void NameReaders::give_way() {
    Reader& reader = one_to_give_way();
    SPORVAKT_ASSERT(reader.flow != nullptr);  // else more is held than there are readers for
    finish(*reader.flow);
    ++gave_way_;
}

std::uint16_t NameReaders::free_reader() {
    if (free_.empty() && readers_.size() < kReadersMax) {
        readers_.emplace_back();
        return static_cast<std::uint16_t>(readers_.size() - 1);
    }
    if (free_.empty()) {
        give_way();
        SPORVAKT_ASSERT(!free_.empty());  // else somebody ended a flow without finish()
    }
    const std::uint16_t index = free_.back();
    free_.pop_back();
    return index;
}

void NameReaders::settle(Flow& flow, const Introduction& introduction) {
    flow.origin = introduction.origin;
    flow.has_encrypted_hello = introduction.has_encrypted_hello;
    if (introduction.is_via_proxy) {
        flow.bypass = Bypass::Proxy;
    }
    malformed_names_ += introduction.has_bad_name ? 1 : 0;
    if (!introduction.name) {
        release(flow);
        return;
    }
    flow.attribute().claimed = names_.take(introduction.name->text());
    flow.is_name_front = answers_.is_public_name(introduction.name->text());
    if (flow.is_answered) {
        release(flow);
    } else {
        flow.naming = Naming::Watched;
    }
}

void NameReaders::release(Flow& flow) {
    flow.naming = Naming::Done;
    if (flow.reader == Flow::kNoReader) {
        return;
    }
    Reader& reader = readers_[flow.reader];
    reader.stream.emplace<std::monostate>();
    held_ -= std::exchange(reader.held, 0);
    reader.flow = nullptr;
    free_.push_back(std::exchange(flow.reader, Flow::kNoReader));
}

void NameReaders::finish(Flow& flow) {
    if (flow.naming != Naming::Reads || flow.reader == Flow::kNoReader) {
        release(flow);
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
    release(flow);
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
