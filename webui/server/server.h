#pragma once

#include "core/base/clock.h"
#include "core/base/ip_address.h"
#include "core/base/result.h"
#include "core/base/snapshot.h"
#include "core/devices/device_table.h"
#include "core/knowledge/knowledge.h"
#include "core/ledger/erasure.h"
#include "core/ledger/order.h"
#include "core/ledger/reports.h"
#include "core/policy/policy.h"
#include "webui/server/appliance.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sporvakt::webui {

/// What is behind the page.  Made-up data may be read without a password.
enum class DataKind : std::uint8_t { Household, Demonstration };

struct ServerSettings {
    std::vector<Endpoint> listen;  ///< At least one.  Port 0 takes any free port.
    /// Names that people may type for the appliance ("sporvakt.lan"), lower case, besides its
    /// addresses and localhost.  Any other Host is refused, against DNS rebinding.
    std::vector<std::string> host_names;
    DataKind data = DataKind::Household;
    std::string version;
};

/// Everything that the pages are made from.  All of it outlives the server, and all of it is used
/// from many threads at once.
struct ServerParts {
    const ledger::Reports& reports;
    const Snapshot<devices::DeviceTable>& devices;
    const Snapshot<policy::Policy>& policy;
    ledger::OrderDesk& orders;
    const PasswordSource& password;
    const StatusSource& status;
    const Clock& clock;
    const knowledge::Knowledge& knowledge;
};

/// The web server of the appliance: the embedded page, API v1 (docs/api/openapi.yaml) and its live
/// feed, each behind the same checks.
///
/// Runs in threads of its own from start() until stop() or destruction; publish() may be called
/// from any thread.  Memory is bounded: 32 connections, 16 of them live, bodies of 64 KiB,
/// 64 sessions, 4 MiB of raw events.
class Server {
public:
    /// Fails when an endpoint is taken or not ours; the message says which, and what to do.
    static Result<std::unique_ptr<Server>> start(ServerSettings settings, const ServerParts& parts);

    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    Server(Server&&) = delete;
    Server& operator=(Server&&) = delete;
    ~Server();

    /// Where it really listens, in the order of the settings.
    [[nodiscard]] const std::vector<Endpoint>& endpoints() const;

    /// Contacts that are new or went on, oldest first: the live feed sends them within a second.
    /// Never waits for a browser.
    void publish(const std::vector<ledger::Contact>& contacts);

    /// Forgets these of the contacts that were published, and sends none of them any more.
    void erase(const ledger::Erasure& erasure);

    /// Ends every connection and thread, within a second.  More calls do nothing.
    void stop();

private:
    struct Rooms;
    explicit Server(std::unique_ptr<Rooms> rooms);

    std::unique_ptr<Rooms> rooms_;
};

}  // namespace sporvakt::webui
