#include "core/base/clock.h"
#include "core/devices/bypass.h"
#include "firmware/commands/commands.h"
#include "firmware/commands/csv_field.h"
#include "firmware/commands/stored_household.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace sporvakt::firmware {
namespace {

using nlohmann::ordered_json;

struct ExportOptions {
    std::string device;
    std::string format = "json";
    StorageOptions storage;
};

std::string text_of(const ordered_json& value) {
    return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

/// Everything that is stored of the device itself.
ordered_json record_of(const devices::Device& device) {
    ordered_json record{{"id", device.id.text()},
                        {"given_name", device.given_name},
                        {"announced_name", device.announced_name},
                        {"host_name", device.host_name},
                        {"vendor_class", device.vendor_class},
                        {"vendor", device.vendor},
                        {"model", device.model},
                        {"services", device.services},
                        {"group", device.group},
                        {"first_seen", rfc3339(device.first_seen)},
                        {"last_seen", rfc3339(device.last_seen)}};
    record["addresses"] = ordered_json::array();
    for (const IpAddress& address : device.addresses) {
        record["addresses"].push_back(address.text());
    }
    record["went_around"] = ordered_json::array();
    for (const devices::BypassNote& note : device.bypasses) {
        record["went_around"].push_back({{"by", devices::bypass_text(note.kind)},
                                         {"server", note.server},
                                         {"last_seen", rfc3339(note.last_seen)}});
    }
    return record;
}

/// A contact's fields, in one order for both formats.
ordered_json fields_of(const ledger::Contact& contact, const policy::Policy& policy) {
    const auto company = policy.company(contact.company);
    const bool is_leaked = contact.outcome == ledger::Outcome::Leaked;
    return {{"first", rfc3339(contact.first)},
            {"last", rfc3339(contact.last)},
            {"name", contact.name},
            {"company", company ? company->name : std::string_view()},
            {"purpose", trackers::purpose_info(contact.purpose).id},
            {"result", is_leaked ? "leaked" : "prevented"},
            {"contacts", contact.contacts},
            {"attempts", contact.attempts},
            {"bytes_up", contact.bytes_up},
            {"bytes_down", contact.bytes_down},
            {"rule", contact.rule},
            {"list", contact.list},
            {"behind", contact.detail}};
}

std::string csv_line(const ordered_json& fields) {
    std::string line;
    for (const ordered_json& field : fields) {
        line += line.empty() ? "" : ",";
        line += field.is_string() ? csv_field(field.get<std::string>()) : text_of(field);
    }
    return line + "\r\n";
}

/// Shows all contacts of the device, newest first, without holding them all at once.
Result<void> each_contact(const ledger::Reports& reports, const devices::DeviceId& device,
                          const std::function<void(const ledger::Contact&)>& visitor) {
    ledger::Filter filter;
    filter.to = SystemClock().now() + std::chrono::hours(1);
    filter.device = device;
    std::string cursor;
    while (true) {
        const ledger::ContactPage page =
            SPORVAKT_TRY(reports.contacts(filter, cursor, ledger::Reports::kPageMax));
        for (const ledger::Contact& contact : page.contacts) {
            visitor(contact);
        }
        if (!page.next) {
            return {};
        }
        cursor = *page.next;
    }
}

Result<void> print_json(const devices::Device& device, const ledger::Reports& reports,
                        const policy::Policy& policy) {
    fmt::print("{{\"device\": {},\n\"contacts\": [", text_of(record_of(device)));
    bool is_first = true;
    SPORVAKT_TRY(each_contact(reports, device.id, [&](const ledger::Contact& contact) {
        fmt::print("{}\n{}", is_first ? "" : ",", text_of(fields_of(contact, policy)));
        is_first = false;
    }));
    fmt::print("\n]}}\n");
    return {};
}

/// The contacts alone: a device's record is no table.
Result<void> print_csv(const devices::Device& device, const ledger::Reports& reports,
                       const policy::Policy& policy) {
    fmt::print(
        "first,last,name,company,purpose,result,contacts,attempts,bytes_up,bytes_down,rule,list,"
        "behind\r\n");
    return each_contact(reports, device.id, [&](const ledger::Contact& contact) {
        fmt::print("{}", csv_line(fields_of(contact, policy)));
    });
}

Result<void> run_export(const ExportOptions& options) {
    const auto id = devices::DeviceId::from_text(options.device);
    if (!id) {
        return fail(Errc::InvalidInput, "'" + options.device + "' is not the id of a device");
    }
    const StoredHousehold household = SPORVAKT_TRY(stored_household(options.storage));
    const devices::DeviceTable devices = SPORVAKT_TRY(devices_of(household));
    const devices::Device* const device = devices.find(*id);
    if (device == nullptr) {
        return fail(Errc::NotFound, "no device " + options.device + " is known");
    }
    const StoredLedger stored = SPORVAKT_TRY(StoredLedger::open(household));
    const policy::Policy policy = policy_of(household);
    return options.format == "csv" ? print_csv(*device, stored.reports(), policy)
                                   : print_json(*device, stored.reports(), policy);
}

}  // namespace

void add_export_command(CLI::App& app, int& exit_code) {
    auto* const command =
        app.add_subcommand("export", "Print all that is stored of a device (GDPR Art. 15)");
    const auto options = std::make_shared<ExportOptions>();
    command->add_option("DEVICE", options->device, "Its id: a MAC or IP address, as on its page")
        ->required()
        ->type_name("");
    command->add_option("--format", options->format, "json: all of it; csv: its contacts")
        ->check(CLI::IsMember({"csv", "json"}))
        ->capture_default_str();
    add_storage_options(*command, options->storage);
    command->callback([options, &exit_code] {
        const auto done = run_export(*options);
        if (!done) {
            fmt::print(stderr, "sporvakt: {}\n", done.error().message);
        }
        exit_code = done ? 0 : 1;
    });
}

}  // namespace sporvakt::firmware
