#include "firmware/commands/replay_command.h"

#include "capture/sniffer.h"
#include "core/devices/registry.h"
#include "core/devices/vendor_prefixes.h"
#include "core/policy/policy.h"
#include "core/trackers/catalogue.h"
#include "firmware/commands/commands.h"
#include "firmware/share_folder.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <stop_token>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sporvakt::firmware {
namespace {

using capture::FlowSummary;

constexpr std::size_t kRowsHeldMax =
    65'536;  // then the oldest are printed, sorted among themselves
constexpr std::string_view kVendorsFile = "vendors.tsv";

/// One cell of a table: nothing, a text, a number, or several texts.
using Cell = std::variant<std::monostate, std::string, std::uint64_t, std::vector<std::string>>;
using Row = std::vector<std::pair<std::string_view, Cell>>;

Cell text_or_nothing(std::string_view text) {
    return text.empty() ? Cell() : Cell(std::string(text));
}

void append_cell(fmt::memory_buffer& line, const Cell& cell) {
    if (const auto* text = std::get_if<std::string>(&cell)) {
        line.append(*text);
    } else if (const auto* number = std::get_if<std::uint64_t>(&cell)) {
        fmt::format_to(std::back_inserter(line), "{}", *number);
    } else if (const auto* texts = std::get_if<std::vector<std::string>>(&cell);
               texts != nullptr && !texts->empty()) {
        fmt::format_to(std::back_inserter(line), "{}", fmt::join(*texts, ","));
    } else {
        line.push_back('-');
    }
}

nlohmann::ordered_json json_of(const Cell& cell) {
    return std::visit(
        [](const auto& value) -> nlohmann::ordered_json {
            if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::monostate>) {
                return nullptr;
            } else {
                return value;
            }
        },
        cell);
}

/// Prints rows that all have the same columns.
class TableWriter {
public:
    TableWriter(ReplayFormat format, std::vector<std::string_view> columns, std::ostream& out)
        : format_(format), out_(out) {
        if (format_ == ReplayFormat::Table) {
            out_ << fmt::format("{}\n", fmt::join(columns, "\t"));
        }
    }

    void write(const Row& row) {
        if (format_ == ReplayFormat::JsonLines) {
            nlohmann::ordered_json object;
            for (const auto& [column, cell] : row) {
                object[std::string(column)] = json_of(cell);
            }
            out_ << object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)
                 << '\n';
            return;
        }
        line_.clear();
        for (const auto& [column, cell] : row) {
            if (line_.size() > 0) {
                line_.push_back('\t');
            }
            append_cell(line_, cell);
        }
        line_.push_back('\n');
        out_.write(line_.data(), static_cast<std::streamsize>(line_.size()));
    }

private:
    ReplayFormat format_;
    std::ostream& out_;
    fmt::memory_buffer line_;
};

std::string_view transport_text(capture::FlowTransport transport) {
    switch (transport) {
        case capture::FlowTransport::Tcp:
            return "tcp";
        case capture::FlowTransport::Quic:
            return "quic";
        case capture::FlowTransport::Udp:
            break;
    }
    return "udp";
}

std::string_view origin_text(capture::NameOrigin origin) {
    switch (origin) {
        case capture::NameOrigin::Tls:
            return "tls";
        case capture::NameOrigin::Quic:
            return "quic";
        case capture::NameOrigin::Http:
            return "http";
        case capture::NameOrigin::Dns:
            return "dns";
        case capture::NameOrigin::Ambiguous:
            return "ambiguous";
        case capture::NameOrigin::None:
            break;
    }
    return "none";
}

std::string_view encrypted_hello_text(capture::EncryptedHello hello) {
    switch (hello) {
        case capture::EncryptedHello::Grease:
            return "grease";
        case capture::EncryptedHello::Hidden:
            return "hidden";
        case capture::EncryptedHello::None:
            break;
    }
    return "";
}

/// An uncertain name with a question mark, which no name has.
std::string inferred_text(const capture::Inference& inferred) {
    const bool is_uncertain = inferred.certainty == capture::Certainty::Uncertain;
    return inferred.name + (is_uncertain && !inferred.name.empty() ? "?" : "");
}

std::vector<std::string_view> flow_columns() {
    return {"transport", "src",       "src_port",  "dst",        "dst_port",
            "name",      "name_from", "ech",       "device",     "company",
            "purpose",   "verdict",   "bytes_up",  "bytes_down", "first_seen",
            "last_seen", "pkts_up",   "pkts_down", "inferred",   "bypass"};
}

Row flow_row(const FlowSummary& flow, const policy::Policy& policy) {
    const bool is_named = !flow.name.empty();
    policy::Verdict verdict;
    if (is_named) {
        verdict = policy.judge({flow.device, flow.name, RecordType::A});
    }
    const auto company = policy.company(verdict.company);
    const bool has_purpose = verdict.purpose != trackers::Purpose::Unknown;
    const std::string_view action = verdict.is_blocked() ? "block" : "allow";
    const auto number = [](std::uint64_t value) { return Cell(value); };
    return {{"transport", text_or_nothing(transport_text(flow.transport))},
            {"src", flow.client.address.text()},
            {"src_port", number(flow.client.port)},
            {"dst", flow.server.address.text()},
            {"dst_port", number(flow.server.port)},
            {"name", text_or_nothing(flow.name)},
            {"name_from", text_or_nothing(origin_text(flow.origin))},
            {"ech", text_or_nothing(encrypted_hello_text(flow.encrypted_hello))},
            {"device", flow.device.text()},
            {"company", text_or_nothing(company ? company->name : "")},
            {"purpose", text_or_nothing(has_purpose ? purpose_info(verdict.purpose).id : "")},
            {"verdict", text_or_nothing(is_named ? action : "")},
            {"bytes_up", number(flow.bytes_up)},
            {"bytes_down", number(flow.bytes_down)},
            {"first_seen", rfc3339(flow.first_seen)},
            {"last_seen", rfc3339(flow.last_seen)},
            {"pkts_up", number(flow.packets_up)},
            {"pkts_down", number(flow.packets_down)},
            {"inferred", text_or_nothing(inferred_text(flow.inferred))},
            {"bypass", text_or_nothing(devices::bypass_text(flow.bypass))}};
}

Row device_row(const devices::Device& device) {
    std::vector<std::string> addresses;
    std::transform(device.addresses.begin(), device.addresses.end(), std::back_inserter(addresses),
                   [](const IpAddress& address) { return address.text(); });
    const auto& name = device.host_name.empty() ? device.announced_name : device.host_name;
    const std::string_view vendor =
        device.has_randomised_address() ? "randomised address" : std::string_view(device.vendor);
    return {{"mac", device.id.text()},
            {"addresses", addresses},
            {"hostname", text_or_nothing(name)},
            {"vendor", text_or_nothing(vendor)}};
}

/// Adds clues up; sightings are the ledger's, and a replay has none.
class ClueCollector final : public ledger::SightingSink {
public:
    explicit ClueCollector(std::shared_ptr<const devices::VendorPrefixes> vendors)
        : registry_(std::move(vendors)) {}

    void record(const ledger::SightingView& /*sighting*/) override {}
    void note(devices::DeviceClue clue) override { registry_.add(clue); }

    [[nodiscard]] std::vector<devices::Device> devices() const { return registry_.devices(); }

private:
    devices::Registry registry_;
};

/// The flows of one file, printed in the order in which they began.
class FlowPrinter {
public:
    FlowPrinter(TableWriter& table, const policy::Policy& policy)
        : table_(table), policy_(policy) {}

    void add(const FlowSummary& flow) {
        flows_.push_back(flow);
        if (flows_.size() == kRowsHeldMax) {
            print();
        }
    }

    void print() {
        std::stable_sort(flows_.begin(), flows_.end(),
                         [](const FlowSummary& left, const FlowSummary& right) {
                             return left.first_seen < right.first_seen;
                         });
        for (const FlowSummary& flow : flows_) {
            table_.write(flow_row(flow, policy_));
        }
        flows_.clear();
    }

private:
    TableWriter& table_;
    const policy::Policy& policy_;
    std::vector<FlowSummary> flows_;
};

std::shared_ptr<const policy::Policy> open_policy(const std::string& path, std::ostream& errors) {
    std::vector<std::shared_ptr<const trackers::Catalogue>> catalogues;
    if (auto catalogue = trackers::Catalogue::open(path)) {
        catalogues.push_back(std::move(*catalogue));
    } else {
        errors << "sporvakt replay: no companies are named: " << catalogue.error().message << '\n';
    }
    return std::make_shared<const policy::Policy>(std::move(catalogues), policy::HouseholdRules{});
}

std::shared_ptr<const devices::VendorPrefixes> open_vendors(const std::string& path,
                                                            std::ostream& errors) {
    auto vendors = devices::VendorPrefixes::open(path);
    if (!vendors) {
        errors << "sporvakt replay: no vendors are named: " << vendors.error().message << '\n';
        return nullptr;
    }
    return *vendors;
}

Result<void> replay_file(const std::string& file, const capture::SnifferSettings& settings,
                         const Snapshot<policy::Policy>& policy, ledger::SightingSink& sink) {
    const auto source = SPORVAKT_TRY(capture::open_capture_file(file));
    capture::Sniffer sniffer(settings, policy, sink);
    return capture::run_sniffer(*source, sniffer, std::stop_token());
}

int replay_flows(const ReplayRequest& request, std::ostream& out, std::ostream& errors) {
    const Snapshot<policy::Policy> policy(open_policy(request.catalogue_path, errors));
    ClueCollector collector(nullptr);
    TableWriter table(request.format, flow_columns(), out);
    int exit_code = 0;
    for (const std::string& file : request.files) {
        FlowPrinter printer(table, *policy.get());
        capture::SnifferSettings settings;
        settings.on_flow_end = [&](const FlowSummary& flow) { printer.add(flow); };
        const auto replayed = replay_file(file, settings, policy, collector);
        printer.print();
        if (!replayed) {
            out.flush();
            errors << "sporvakt replay: " << replayed.error().message << '\n';
            exit_code = 1;
        }
    }
    return exit_code;
}

int replay_devices(const ReplayRequest& request, std::ostream& out, std::ostream& errors) {
    const Snapshot<policy::Policy> policy(std::make_shared<const policy::Policy>(
        std::vector<std::shared_ptr<const trackers::Catalogue>>{}, policy::HouseholdRules{}));
    ClueCollector collector(open_vendors(request.vendors_path, errors));
    int exit_code = 0;
    for (const std::string& file : request.files) {
        const auto replayed = replay_file(file, {}, policy, collector);
        if (!replayed) {
            errors << "sporvakt replay: " << replayed.error().message << '\n';
            exit_code = 1;
        }
    }
    TableWriter table(request.format, {"mac", "addresses", "hostname", "vendor"}, out);
    for (const devices::Device& device : collector.devices()) {
        table.write(device_row(device));
    }
    return exit_code;
}

/// The path of a file that comes with the program; where even that fails, its plain name, so that
/// opening it says what is missing.
std::string share_path(std::string_view name) {
    return share_file(name).value_or(std::string(name));
}

}  // namespace

int replay(const ReplayRequest& request, std::ostream& out, std::ostream& errors) {
    const int exit_code = request.table == ReplayTable::Flows
                              ? replay_flows(request, out, errors)
                              : replay_devices(request, out, errors);
    out.flush();
    return exit_code;
}

void add_replay_command(CLI::App& app, int& exit_code) {
    auto request = std::make_shared<ReplayRequest>();
    auto* command = app.add_subcommand("replay", "Show the flows or the devices in captures");
    command->add_option("FILE", request->files, "pcap or pcapng files")->required();
    auto* tables = command->add_option_group("table");
    tables->add_flag_callback(
        "--flows", [request] { request->table = ReplayTable::Flows; },
        "a row for each flow: who, where to, by which name, how much");
    tables->add_flag_callback(
        "--devices", [request] { request->table = ReplayTable::Devices; },
        "a row for each device: its addresses, name and vendor");
    tables->require_option(1);
    command->add_flag_callback(
        "--json", [request] { request->format = ReplayFormat::JsonLines; },
        "JSON lines instead of tab-separated columns");
    command->callback([request, &exit_code] {
        request->catalogue_path = share_path(kBuiltInCatalogue);
        request->vendors_path = share_path(kVendorsFile);
        exit_code = replay(*request, std::cout, std::cerr);
    });
}

}  // namespace sporvakt::firmware
