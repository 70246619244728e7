#pragma once

#include "capture/sniffer.h"
#include "capture/sources/lasting_source.h"
#include "capture/sources/packet_source.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sporvakt::firmware {

/// One number of SnifferCounters, with its stable name on the health page.
struct SnifferCount {
    std::string_view name;
    std::uint64_t capture::SnifferCounters::*of;
};

inline constexpr std::array kSnifferCounts{
    SnifferCount{"packets", &capture::SnifferCounters::packets},
    SnifferCount{"malformed", &capture::SnifferCounters::malformed},
    SnifferCount{"malformed_names", &capture::SnifferCounters::malformed_names},
    SnifferCount{"flows", &capture::SnifferCounters::flows},
    SnifferCount{"flows_pushed_out", &capture::SnifferCounters::flows_pushed_out},
    SnifferCount{"flows_refused", &capture::SnifferCounters::flows_refused},
    SnifferCount{"datagrams_lost", &capture::SnifferCounters::datagrams_lost},
    SnifferCount{"names_given_up", &capture::SnifferCounters::names_given_up},
    SnifferCount{"quic_left_shut", &capture::SnifferCounters::quic_left_shut},
    SnifferCount{"clues_held_back", &capture::SnifferCounters::clues_held_back}};

/// How the watching of one interface stands, in memory shared between processes: written by the
/// thread that watches it, read by any.  Numbers are read one by one.
class InterfaceState {
public:
    struct Shown {
        std::string name;
        capture::WatchState state = capture::WatchState::Missing;
        capture::CaptureLoss loss;
    };

    /// Empty: nothing is watched here any more.  Longer names than the kernel allows are cut.
    void name(std::string_view name);
    void state(capture::WatchState state) { state_ = state; }
    void add(const capture::CaptureLoss& more);

    /// Empty where no interface is named.
    [[nodiscard]] std::optional<Shown> shown() const;

    /// False where an interface is named whose packets do not come, for it is not there or must not
    /// be captured.
    [[nodiscard]] bool is_seen() const;

private:
    static constexpr std::size_t kNameWords = 2;  // 16 bytes: IFNAMSIZ

    std::array<std::atomic<std::uint64_t>, kNameWords> name_{};
    std::atomic<capture::WatchState> state_ = capture::WatchState::Missing;
    std::atomic<std::uint64_t> received_ = 0;
    std::atomic<std::uint64_t> dropped_ = 0;
};

/// What the sniffer counted since the supervisor began, a second old at most.
struct CaptureState {
    static constexpr std::size_t kInterfacesMax = 16;

    std::array<InterfaceState, kInterfacesMax> interfaces;
    std::array<std::atomic<std::uint64_t>, kSnifferCounts.size()> counts{};
};

/// Adds to `state` what one sniffer counted since the last call.  Belongs to one thread.
class CaptureTally {
public:
    /// `state` outlives it; `dropped` is the sum of all interfaces, `interface` null for a file.
    CaptureTally(CaptureState& state, std::atomic<std::uint64_t>& dropped,
                 InterfaceState* interface)
        : state_(state), dropped_(dropped), interface_(interface) {}

    void add(const capture::SnifferCounters& counters, const capture::CaptureLoss& loss);

private:
    CaptureState& state_;
    std::atomic<std::uint64_t>& dropped_;
    InterfaceState* interface_;
    capture::SnifferCounters counted_;
    capture::CaptureLoss lost_;
};

}  // namespace sporvakt::firmware
