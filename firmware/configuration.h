#pragma once

#include "capture/gate/gate_settings.h"
#include "capture/sources/live_source.h"
#include "core/base/ip_address.h"
#include "core/base/result.h"
#include "core/ledger/record_level.h"
#include "dns/answers/answer_settings.h"
#include "dns/answers/local_names.h"
#include "dns/serving/admission.h"
#include "dns/upstream/upstream.h"
#include "firmware/lists/list_url.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sporvakt::firmware {

/// What the owner of the machine decides before the program starts; everything that a household
/// decides lies in household.mdb instead.  A value; docs/configuration.md describes every key.
struct Configuration {
    /// `[dns]`: where devices ask, and whom the resolver asks in turn.
    struct Dns {
        std::vector<Endpoint> listen;
        dns::AdmissionSettings admission;
        dns::AnswerSettings answers;
        dns::LocalDomain local;
        std::vector<Endpoint> listen_tls;  ///< DNS over TLS; empty: none.
        std::string tls_certificate;       ///< Path; empty: one that we sign ourselves.
        std::string tls_key;               ///< Path; of the certificate.
        dns::UpstreamSettings upstream;
        std::string dnstap;  ///< Path of the Unix socket where dnstap is read; empty: none.

        friend bool operator==(const Dns&, const Dns&) = default;
    };

    /// `[capture]`: live interfaces, or one file that is played, never both.
    struct Capture {
        std::vector<std::string> interfaces;
        std::string file;    ///< Played in a loop, its times moved to now; empty: none.
        double speed = 1.0;  ///< Of the file: 2 plays it in half its time.
        std::optional<capture::Reach> reach;    ///< Empty: as each card needs it.
        std::optional<std::size_t> ring_bytes;  ///< Of each interface; empty: as memory allows.
        capture::Wanted wanted = capture::Wanted::Bytes;

        friend bool operator==(const Capture&, const Capture&) = default;
    };

    /// `[gate]`: which flows of the house may begin.
    struct Gate {
        capture::GateMode mode = capture::GateMode::Off;
        capture::OnFailure on_failure = capture::OnFailure::Open;
        std::vector<std::string> interfaces;  ///< On the side of the house; empty: capture's.
        bool redirect_dns = false;            ///< Plain DNS to anybody comes to us.
        bool reject_dot = false;              ///< DNS over TLS and QUIC to others is refused.
        bool reject_doh = false;              ///< DNS over HTTPS to known resolvers is refused.

        friend bool operator==(const Gate&, const Gate&) = default;
    };

    /// `[web]`: where the page is served.
    struct Web {
        std::vector<Endpoint> listen;

        friend bool operator==(const Web&, const Web&) = default;
    };

    /// `[lists]` besides `files`: lists of others' that are kept fresh.
    struct Subscribed {
        std::vector<std::string> entries;  ///< `subscriptions`: ids of the registry, or URLs.
        std::chrono::hours update_every{24};
        Reach reach = Reach::Https;  ///< Not a key: set by tests.

        friend bool operator==(const Subscribed&, const Subscribed&) = default;
    };

    /// `[ledger]`: what is stored of contacts, and for how long.
    struct Ledger {
        ledger::RecordLevel level = ledger::RecordLevel::Trackers;
        std::chrono::days detailed{14};  ///< One by one.
        std::chrono::days summed{365};   ///< As the sums of days; not more than those: not at all.

        friend bool operator==(const Ledger&, const Ledger&) = default;
    };

    Dns dns;
    Capture capture;
    Gate gate;
    Web web;
    std::string storage_dir;              ///< `[storage] dir`
    std::vector<std::string> list_files;  ///< `[lists] files`: text lists or compiled catalogues.
    Subscribed subscribed;
    Ledger ledger;
    bool demonstration = false;  ///< Not a key: set by `sporvakt demo`.

    friend bool operator==(const Configuration&, const Configuration&) = default;
};

/// The file's text as a Configuration, with defaults for keys that are absent.  Everything that is
/// wrong is reported at once, a line each: "`name`:LINE: what is wrong and what to do".
Result<Configuration> parse_configuration(std::string_view text, std::string_view name);

/// The same for a file of at most 1 MiB.
Result<Configuration> read_configuration(const std::string& path);

}  // namespace sporvakt::firmware
