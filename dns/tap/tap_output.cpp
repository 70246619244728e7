#include "dns/tap/tap_output.h"

#include "core/base/log.h"
#include "core/base/stop_wait.h"

#include <array>
#include <span>
#include <utility>

#include <fmt/format.h>

namespace sporvakt::dns {

TapOutput::TapOutput(std::string path, std::size_t workers) : path_(std::move(path)) {
    for (std::size_t worker = 0; worker < workers; ++worker) {
        rings_.push_back(std::make_unique<FrameRing>(kRingBytes));
    }
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

TapOutput::~TapOutput() = default;

void TapOutput::stop() {
    thread_.request_stop();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void TapOutput::run(const std::stop_token& stop) {
    bool has_complained = false;
    while (!stop.stop_requested()) {
        if (const auto reader = FrameStream::open(path_, stop)) {
            log::info(fmt::format("dnstap: somebody reads at {}", path_));
            has_complained = false;
            serve(**reader, stop);
        } else if (!std::exchange(has_complained, true)) {
            log::warning(
                fmt::format("dnstap: {}; tried again every second", reader.error().message));
        }
        wait_for_stop(stop, kRetryInterval);
    }
}

void TapOutput::serve(FrameStream& reader, const std::stop_token& stop) {
    is_read_ = true;
    auto carried = Carried::Nothing;
    while (!stop.stop_requested() && carried != Carried::Lost && reader.is_read()) {
        carried = carry_all(reader);
        if (carried == Carried::Nothing) {
            wait_for_stop(stop, kInterval);
        }
    }
    is_read_ = false;
    if (!stop.stop_requested() || carried == Carried::Lost) {
        return;
    }
    const auto until = std::chrono::steady_clock::now() + FrameStream::kFarewell;
    while (std::chrono::steady_clock::now() < until && carry_all(reader) == Carried::Something) {
    }
}

TapOutput::Carried TapOutput::carry_all(FrameStream& reader) {
    auto carried = Carried::Nothing;
    for (const auto& ring : rings_) {
        const auto now = carry(reader, *ring);
        if (now == Carried::Lost) {
            return now;
        }
        carried = now == Carried::Something ? now : carried;
    }
    return carried;
}

TapOutput::Carried TapOutput::carry(FrameStream& reader, FrameRing& ring) {
    std::array<Bytes, FrameStream::kFramesMax> frames;
    std::size_t count = 0;
    while (count < frames.size()) {
        const auto frame = ring.take();
        if (!frame) {
            break;
        }
        frames.at(count++) = *frame;
    }
    if (count == 0) {
        return Carried::Nothing;
    }
    const bool is_written = reader.write(std::span(frames).first(count));
    ring.release();
    for (std::size_t lost = 0; lost < count && !is_written; ++lost) {
        counters_.add(Count::TapLost);
    }
    return is_written ? Carried::Something : Carried::Lost;
}

}  // namespace sporvakt::dns
