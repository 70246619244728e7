#include "firmware/roles/resolver_role.h"

#include "core/base/log.h"
#include "core/base/stop_wait.h"
#include "core/devices/kernel_neighbours.h"
#include "core/devices/neighbour_table.h"
#include "dns/answers/local_names.h"
#include "dns/resolver.h"
#include "firmware/dns_identity.h"
#include "firmware/own_addresses.h"
#include "firmware/sender.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <sys/resource.h>

namespace sporvakt::firmware {
namespace {

constexpr std::chrono::seconds kCountsInterval{1};

// For a machine whose neighbours cannot be asked for: devices are then told by what is stored.
class NoNeighbours final : public devices::NeighbourSource {
public:
    Result<std::vector<devices::Neighbour>> read() override {
        return std::vector<devices::Neighbour>{};
    }
};

std::unique_ptr<devices::NeighbourSource> neighbours() {
    auto kernel = devices::KernelNeighbours::open();
    if (!kernel) {
        log::warning(kernel.error().message);
        return std::make_unique<NoNeighbours>();
    }
    return std::move(*kernel);
}

// Connections of clients, and a socket for each question under way, are more than the 1024 files
// that a process may have where nobody says otherwise.
constexpr rlim_t kFilesOfWorker = 1024;

void allow_files(std::size_t workers) {
    rlimit files{};
    const rlim_t wanted = workers * kFilesOfWorker + kFilesOfWorker;
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < wanted) {
        files.rlim_cur = std::min(wanted, files.rlim_max);
        // Best effort: where it fails, fewer are served at a time.
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
}

std::string names_of(const std::vector<Endpoint>& endpoints) {
    std::string names;
    for (const Endpoint& endpoint : endpoints) {
        names += (names.empty() ? "" : ", ") + endpoint.text();
    }
    return names;
}

// On top of what those before it in this role have shown.
void show_counts_until(const std::stop_token& stop, dns::Resolver& resolver, dns::Counters& shown) {
    dns::ResolverCounts before;
    shown.add_to(before);
    const auto show = [&] {
        dns::ResolverCounts sum = resolver.counts();
        shown.show(sum += before);
    };
    while (!stop.stop_requested()) {
        wait_for_stop(stop, kCountsInterval);
        show();
    }
    resolver.stop();
    show();
}

}  // namespace

int run_resolver_role(ResolverRole role, const std::stop_token& stop) {
    const RoleGround& ground = role.ground;
    HouseholdReader household(ground.configuration.storage_dir);
    HouseholdView view(Role::Resolver, ground.shared, sources_of(ground, household));
    const devices::NeighbourTable devices(neighbours(), ground.clock, view.devices());
    Sender sender(std::move(role.keeper), ground.shared.of(Role::Resolver), random_number());

    // Made where devices are read, not where queries are answered.
    const Configuration::Dns& asked = ground.configuration.dns;
    Snapshot<dns::LocalNames> names(std::make_shared<const dns::LocalNames>());
    view.tell_devices([&](const std::shared_ptr<const devices::DeviceTable>& table) {
        names.publish(std::make_shared<const dns::LocalNames>(asked.local,
                                                              own_addresses(asked.listen), table));
    });
    dns::ResolverSettings settings;
    settings.admission = ground.configuration.dns.admission;
    settings.answers = ground.configuration.dns.answers;
    auto identity = dns_identity(ground.configuration, ground.clock.now());
    if (!identity) {
        log::error(identity.error().message);
        return 1;
    }
    settings.tls = std::move(*identity);
    const std::string tls_names = names_of(role.sockets.tls_endpoints);
    allow_files(role.sockets.workers.size());
    settings.upstream = ground.configuration.dns.upstream;
    settings.dnstap = ground.configuration.dns.dnstap;
    auto resolver = dns::Resolver::start(settings, std::move(role.sockets),
                                         {view.policy(), devices, sender, ground.clock, &names});
    if (!resolver) {
        log::error(resolver.error().message);
        return 1;
    }
    // Stopped in reverse: what sends goes on until nothing more is seen.
    std::jthread watching([&view](const std::stop_token& token) { view.watch(token); });
    std::jthread sending([&sender](const std::stop_token& token) { sender.run(token); });
    log::info("ready: answers DNS on " + names_of((*resolver)->endpoints()) +
              (tls_names.empty() ? "" : ", and over TLS on " + tls_names));
    show_counts_until(stop, **resolver, ground.shared.resolver);
    return 0;
}

}  // namespace sporvakt::firmware
