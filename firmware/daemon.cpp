#include "firmware/daemon.h"

#include "capture/flow_journal.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/trackers/list_compiler.h"
#include "dns/serving/sockets.h"
#include "firmware/channel.h"
#include "firmware/dns_identity.h"
#include "firmware/gate/rule_guard.h"
#include "firmware/history/storage_lock.h"
#include "firmware/list_plan.h"
#include "firmware/listening.h"
#include "firmware/lists/subscribed_lists.h"
#include "firmware/lists/update_watch.h"
#include "firmware/roles/gate_role.h"
#include "firmware/roles/keeper_role.h"
#include "firmware/roles/resolver_role.h"
#include "firmware/roles/sniffer_role.h"
#include "firmware/roles/web_role.h"
#include "firmware/share_folder.h"
#include "firmware/shared_block.h"
#include "firmware/shared_bytes.h"
#include "firmware/supervisor.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/core.h>
#include <sys/resource.h>
#include <unistd.h>

namespace sporvakt::firmware {
namespace {

constexpr int kFailed = 1;
constexpr int kUnavailable = 69;         // sysexits(3): EX_UNAVAILABLE,
constexpr int kStorage = 74;             // EX_IOERR,
constexpr int kWrongConfiguration = 78;  // EX_CONFIG

constexpr int kLowestPriority = 19;  // setpriority(2)

constexpr std::chrono::seconds kLockPatience{12};

constexpr const char* kFetching = "fetch";
/// How often a child sees which of the subscribed lists are due.
constexpr std::chrono::minutes kLookEvery{10};
constexpr int kNothingNew = 3;  ///< Exit code of the child that compiles.
/// A child that was told to stop is gone then.
constexpr std::chrono::seconds kAfterAnother{1};

constexpr const char* kUnsent = "what it had seen and not yet sent, at most the last 2 s, is lost";
constexpr const char* kUncommitted = "what was not yet committed is sent again, so nothing is lost";
constexpr const char* kFlowsPass = "until then flows pass unjudged";
constexpr const char* kFlowsWait = "until then no flow can begin";
constexpr const char* kNothing = "nothing is lost";

int exit_code_of(const Error& error) {
    switch (error.code) {
        case Errc::Storage:
            return kStorage;
        case Errc::InvalidInput:
            return kWrongConfiguration;
        case Errc::NotFound:
        case Errc::Unavailable:
            break;
    }
    return kUnavailable;
}

Result<void> compile_texts(const std::vector<std::string>& texts, const std::string& out,
                           Timestamp now) {
    const auto compiled = SPORVAKT_TRY(trackers::compile_lists(texts, out, rfc3339(now), {}));
    for (const trackers::ListReport& report : compiled.reports) {
        log::info(
            fmt::format("{}: {} rules from {} lines", report.path, report.taken(), report.lines));
    }
    return {};
}

/// The supervisor's side of the roles: what outlives each child, and how each is started.
class Daemon {
public:
    static Result<std::unique_ptr<Daemon>> prepare(Configuration configuration,
                                                   const DaemonSettings& settings);

    Result<int> run();

private:
    struct Line {
        Channel keeper;
        Channel other;
    };

    Daemon(Configuration configuration, const DaemonSettings& settings, SharedBlock shared)
        : configuration_(std::move(configuration)),
          settings_(settings),
          shared_(std::move(shared)),
          gate_rules_(configuration_.storage_dir + "/gate-rules", Firewall()) {}

    Result<void> open_lines();
    Result<void> open_journals();
    Result<void> find_files();

    int keep(const std::stop_token& stop);
    int resolve(const std::stop_token& stop);
    int sniff(const std::stop_token& stop);
    int guard(const std::stop_token& stop);
    int serve(const std::stop_token& stop);
    using RoleFunction = int (Daemon::*)(const std::stop_token&);
    void add_role(Role role, StopStage stage, RoleFunction play, const char* loss);
    void add_gate();
    void note_life(std::string_view name, Life life);
    [[nodiscard]] RoleGround ground();
    /// In the child: closes what belongs to others.
    void leave_only(Role role);

    void compile_lists();
    void lists_compiled(int code);
    [[nodiscard]] int compile_in_child() const;
    void fetch_lists(std::chrono::milliseconds after);
    void lists_fetched(unsigned turn);
    void watch_updates();
    int fetch_in_child(const std::stop_token& stop);
    void reload();
    Result<void> adopt(Configuration next);
    void renew_changed(const Configuration& before);
    void renew_gate(const Configuration& before);

    Configuration configuration_;
    const DaemonSettings& settings_;
    SharedBlock shared_;
    SystemClock clock_;
    Supervisor supervisor_{Supervisor::Times{}};
    dns::ResolverSockets sockets_;
    Line resolver_;
    Line sniffer_;
    Line gate_;
    Line web_;
    std::vector<SharedBytes> journals_;
    RuleGuard gate_rules_;
    const pid_t process_ = ::getpid();  ///< The supervisor's.
    std::string built_in_catalogue_;
    std::string vendor_prefixes_;
    bool is_compiling_ = false;
    bool compile_again_ = false;
    std::optional<UpdateWatch> updates_;
    std::optional<StorageLock> storage_lock_;
    unsigned fetch_turn_ = 0;  ///< Of the last fetch_lists(): an older child's end starts nothing.
};

Result<void> make_storage_folder(const std::string& dir) {
    std::error_code failure;
    std::filesystem::create_directories(dir, failure);
    if (!failure) {
        // It tells who met whom in this house.
        std::filesystem::permissions(dir, std::filesystem::perms::owner_all, failure);
    }
    if (failure) {
        return fail(Errc::Storage, fmt::format("the storage directory {} cannot be used: {}; "
                                               "correct [storage] dir",
                                               dir, failure.message()));
    }
    return {};
}

// Two would both take themselves for the one writer.  The children of one that was killed are told
// to end, and may take as long as a keeper has for its last commit.
Result<StorageLock> lock_storage(const std::string& dir) {
    auto lock = SPORVAKT_TRY(StorageLock::take(dir, kLockPatience));
    if (!lock) {
        return fail(Errc::Unavailable,
                    fmt::format("another gateway works in {}; stop it, or choose another "
                                "[storage] dir",
                                dir));
    }
    return std::move(*lock);
}

Result<std::unique_ptr<Daemon>> Daemon::prepare(Configuration configuration,
                                                const DaemonSettings& settings) {
    SPORVAKT_TRY(make_storage_folder(configuration.storage_dir));
    StorageLock lock = SPORVAKT_TRY(lock_storage(configuration.storage_dir));
    std::unique_ptr<Daemon> daemon(
        new Daemon(std::move(configuration), settings, SPORVAKT_TRY(SharedBlock::create())));
    daemon->storage_lock_ = std::move(lock);
    SPORVAKT_TRY(daemon->find_files());
    SPORVAKT_TRY(subscribed_lists(daemon->configuration_));
    SPORVAKT_TRY(daemon->open_lines());
    SPORVAKT_TRY(daemon->open_journals());
    daemon->sockets_ = SPORVAKT_TRY(
        dns::open_sockets(daemon->configuration_.dns.listen, dns::default_worker_count()));
    SPORVAKT_TRY(dns::open_tls_sockets(daemon->configuration_.dns.listen_tls, daemon->sockets_));
    // Only to know now whether it does: the key stays in the resolver's process alone.
    SPORVAKT_TRY(dns_identity(daemon->configuration_, daemon->clock_.now()));
    // Last: what fails after this would leave them behind.
    SPORVAKT_TRY(daemon->gate_rules_.adopt(daemon->configuration_));
    return daemon;
}

Result<void> Daemon::find_files() {
    built_in_catalogue_ = SPORVAKT_TRY(share_file(kBuiltInCatalogue));
    vendor_prefixes_ = SPORVAKT_TRY(share_file("vendors.tsv"));
    return {};
}

Result<void> Daemon::open_lines() {
    for (Line* const line : {&resolver_, &sniffer_, &gate_, &web_}) {
        auto ends = SPORVAKT_TRY(Channel::open_pair());
        line->keeper = std::move(ends.first);
        line->other = std::move(ends.second);
    }
    return {};
}

Result<void> Daemon::open_journals() {
    for (std::size_t index = 0; index < configuration_.capture.interfaces.size(); ++index) {
        journals_.push_back(SPORVAKT_TRY(SharedBytes::create(capture::FlowJournal::kBytes)));
    }
    return {};
}

Result<int> Daemon::run() {
    add_role(Role::Keeper, StopStage::Keeper, &Daemon::keep, kUncommitted);
    add_role(Role::Resolver, StopStage::Faces, &Daemon::resolve, kUnsent);
    add_role(Role::Sniffer, StopStage::Faces, &Daemon::sniff, kUnsent);
    add_gate();
    add_role(Role::Web, StopStage::Web, &Daemon::serve, kNothing);
    supervisor_.on_life([this](std::string_view name, Life life) { note_life(name, life); });
    supervisor_.on_hangup([this] { reload(); });
    compile_lists();
    watch_updates();
    fetch_lists(std::chrono::milliseconds{0});
    auto code = supervisor_.run();
    if (gate_rules_.is_in_force()) {
        gate_rules_.clear();  // the gate never began, or was not alive when we were told to stop
    }
    return code;
}

void Daemon::add_role(Role role, StopStage stage, RoleFunction play, const char* loss) {
    supervisor_.add({std::string(role_name(role)), stage,
                     [this, role, play](const std::stop_token& stop) {
                         leave_only(role);
                         return (this->*play)(stop);
                     },
                     loss});
}

/// Where it is wanted.
void Daemon::add_gate() {
    const Configuration::Gate& gate = configuration_.gate;
    shared_.state().of(Role::Gate).is_wanted = gate.mode != capture::GateMode::Off;
    if (gate.mode != capture::GateMode::Off) {
        add_role(Role::Gate, StopStage::Faces, &Daemon::guard,
                 gate.on_failure == capture::OnFailure::Open ? kFlowsPass : kFlowsWait);
    }
}

void Daemon::note_life(std::string_view name, Life life) {
    for (const Role role : {Role::Keeper, Role::Resolver, Role::Sniffer, Role::Gate, Role::Web}) {
        if (role_name(role) == name) {
            shared_.state().of(role).is_running = life == Life::Began;
        }
    }
    const bool is_gate_over = name == role_name(Role::Gate) && life == Life::Ended;
    const bool is_gate_wanted =
        configuration_.gate.mode != capture::GateMode::Off && !supervisor_.is_stopping();
    if (is_gate_over && !is_gate_wanted) {
        gate_rules_.clear();
    }
}

RoleGround Daemon::ground() {
    return {configuration_, shared_.state(), clock_, built_in_catalogue_};
}

void Daemon::leave_only(Role role) {
    for (const auto& [owner, line] :
         {std::pair{Role::Resolver, &resolver_}, std::pair{Role::Sniffer, &sniffer_},
          std::pair{Role::Gate, &gate_}, std::pair{Role::Web, &web_}}) {
        if (role != Role::Keeper) {
            line->keeper = Channel();
        }
        if (role != owner) {
            line->other = Channel();
        }
    }
    if (role != Role::Resolver) {
        sockets_ = {};
    }
}

int Daemon::keep(const std::stop_token& stop) {
    Keeper::Lines lines;
    lines.senders.push_back(std::move(resolver_.keeper));
    lines.senders.push_back(std::move(sniffer_.keeper));
    lines.senders.push_back(std::move(gate_.keeper));
    lines.web = std::move(web_.keeper);
    return run_keeper_role({ground(), std::move(lines), {}, vendor_prefixes_}, stop);
}

int Daemon::resolve(const std::stop_token& stop) {
    return run_resolver_role({ground(), std::move(sockets_), std::move(resolver_.other)}, stop);
}

int Daemon::sniff(const std::stop_token& stop) {
    std::vector<std::span<std::uint8_t>> journals;
    for (const SharedBytes& journal : journals_) {
        journals.push_back(journal.bytes());
    }
    return run_sniffer_role({ground(), std::move(sniffer_.other), std::move(journals)}, stop);
}

int Daemon::guard(const std::stop_token& stop) {
    return run_gate_role(
        {ground(), std::move(gate_.other), process_, [this] { gate_rules_.clear(); }}, stop);
}

int Daemon::serve(const std::stop_token& stop) {
    return run_web_role({ground(), std::move(web_.other), settings_.version}, stop);
}

// In a process of its own: a million names need memory that is then given back, and a list is
// text from strangers.
void Daemon::compile_lists() {
    if (is_compiling_) {
        compile_again_ = true;  // never two at once: they write the same file
        return;
    }
    is_compiling_ = true;
    supervisor_.run_once(
        "lists", [this](const std::stop_token&) { return compile_in_child(); },
        [this](int code) { lists_compiled(code); });
}

void Daemon::lists_compiled(int code) {
    is_compiling_ = false;
    // At the first time the roles hear of it in any case.
    if (code == 0 || (code == kNothingNew && shared_.state().lists == 0)) {
        ++shared_.state().lists;
    } else if (code != kNothingNew) {
        log::error("the lists could not be compiled; the ones before stay in force");
    }
    if (std::exchange(compile_again_, false)) {
        compile_lists();
    }
}

int Daemon::compile_in_child() const {
    if (shared_.state().lists > 0) {
        // A list is in force: answers come first, the next list from what they leave.
        ::setpriority(PRIO_PROCESS, 0, kLowestPriority);
    }
    const ListPlan plan(configuration_.storage_dir, built_in_catalogue_);
    const auto compile = [this](const auto& texts, const std::string& out) {
        return compile_texts(texts, out, clock_.now());
    };
    const auto files = files_in_force(configuration_);
    const auto updated = files ? plan.update(*files, compile)
                               : Result<ListPlan::Change>(tl::unexpected(files.error()));
    if (!updated) {
        log::error(updated.error().message);
        return kFailed;
    }
    return *updated == ListPlan::Change::None ? kNothingNew : 0;
}

// In a process of its own without rights: it speaks with strangers.  One child for each look, and
// the lists that are not due cost it nothing.
void Daemon::fetch_lists(std::chrono::milliseconds after) {
    supervisor_.retire(kFetching);  // one that waits for its time, or fetches what nobody wants
    const unsigned turn = ++fetch_turn_;
    supervisor_.run_later(
        after, kFetching, [this](const std::stop_token& stop) { return fetch_in_child(stop); },
        [this, turn](int /*code*/) { lists_fetched(turn); });
}

void Daemon::lists_fetched(unsigned turn) {
    if (turn == fetch_turn_ && !configuration_.subscribed.entries.empty()) {
        fetch_lists(kLookEvery);
    }
}

int Daemon::fetch_in_child(const std::stop_token& stop) {
    resolver_ = {};
    sniffer_ = {};
    gate_ = {};
    web_ = {};
    sockets_ = {};
    journals_.clear();
    ::setpriority(PRIO_PROCESS, 0, kLowestPriority);
    const auto taken = update_subscribed(configuration_, clock_, {}, stop);
    if (!taken) {
        log::warning(taken.error().message);
        return kFailed;
    }
    return 0;
}

// Whoever made the update: our own child, or somebody at the command line.
void Daemon::watch_updates() {
    if (updates_ || configuration_.subscribed.entries.empty()) {
        return;
    }
    auto watch = UpdateWatch::open(subscribed_folder(configuration_.storage_dir));
    if (!watch) {
        log::warning(watch.error().message + "; new lists are taken up at a reload");
        return;
    }
    updates_ = std::move(*watch);
    supervisor_.on_readable(updates_->descriptor(), [this] {
        if (updates_->take_end()) {
            compile_lists();
        }
    });
}

void Daemon::reload() {
    auto next = settings_.reread();
    const auto adopted =
        next ? adopt(std::move(*next)) : Result<void>(tl::unexpected(next.error()));
    if (!adopted) {
        log::error(adopted.error().message + "; going on with the configuration before");
        return;
    }
    log::info("the configuration is read again");
    compile_lists();
}

Result<void> Daemon::adopt(Configuration next) {
    if (next.storage_dir != configuration_.storage_dir) {
        return fail(Errc::InvalidInput,
                    "[storage] dir cannot change while the program runs; stop "
                    "it, move the directory and start it again");
    }
    SPORVAKT_TRY(subscribed_lists(next));
    SPORVAKT_TRY(dns_identity(next, clock_.now()));
    SPORVAKT_TRY(gate_rules_.adopt(next));
    SPORVAKT_TRY(listen_on({next.dns.listen, next.dns.listen_tls}, sockets_));
    renew_changed(std::exchange(configuration_, std::move(next)));
    return {};
}

void Daemon::renew_changed(const Configuration& before) {
    if (configuration_.dns != before.dns) {
        supervisor_.renew(role_name(Role::Resolver));
    }
    if (configuration_.capture != before.capture) {
        supervisor_.renew(role_name(Role::Sniffer));
    }
    if (configuration_.web != before.web) {
        supervisor_.renew(role_name(Role::Web));
    }
    if (configuration_.gate != before.gate) {
        renew_gate(before);
    }
    if (configuration_.subscribed != before.subscribed) {
        watch_updates();
        fetch_lists(kAfterAnother);
    }
}

void Daemon::renew_gate(const Configuration& before) {
    if (before.gate.mode == capture::GateMode::Off) {
        add_gate();
    } else if (configuration_.gate.mode == capture::GateMode::Off) {
        shared_.state().of(Role::Gate).is_wanted = false;
        supervisor_.retire(role_name(Role::Gate));
    } else {
        supervisor_.renew(role_name(Role::Gate));
    }
}

}  // namespace

int run_daemon(Configuration configuration, const DaemonSettings& settings) {
    auto daemon = Daemon::prepare(std::move(configuration), settings);
    if (!daemon) {
        log::error(daemon.error().message);
        return exit_code_of(daemon.error());
    }
    const auto code = (*daemon)->run();
    if (!code) {
        log::error(code.error().message);
    }
    return code.value_or(kFailed);
}

}  // namespace sporvakt::firmware
