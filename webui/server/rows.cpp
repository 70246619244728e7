#include "webui/server/rows.h"

#include "core/devices/device_kind.h"
#include "core/ledger/slot.h"
#include "webui/server/filter_query.h"

#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sporvakt::webui {
namespace {

using nlohmann::json;

std::string_view source_text(ledger::NameSource source) {
    constexpr std::array<std::string_view, 5> kTexts{"query", "tls", "quic", "http", "inferred"};
    return kTexts.at(static_cast<std::size_t>(source));
}

std::string_view cause_text(ledger::Cause cause) {
    constexpr std::array<std::string_view, 6> kTexts{"list",     "household",      "cloaked",
                                                     "reported", "allowed_by_you", "bypassed"};
    return kTexts.at(static_cast<std::size_t>(cause));
}

json kind_row(const devices::KindGuess& guess) {
    return {{"guess", devices::kind_text(guess.kind)},
            {"evidence", devices::evidence_text(guess.evidence)},
            {"words", guess.words}};
}

json bypass_rows(const std::vector<devices::BypassNote>& notes) {
    json rows = json::array();
    for (const devices::BypassNote& note : notes) {
        rows.push_back({{"kind", devices::bypass_text(note.kind)},
                        {"server", note.server},
                        {"last_seen", time_or_null(note.last_seen)}});
    }
    return rows;
}

/// FNV-1a, 64 bits: names rows on a page, protects nothing.
class RowHash {
public:
    RowHash& add(Bytes bytes) {
        for (const std::uint8_t byte : bytes) {
            value_ = (value_ ^ byte) * 0x100000001b3ULL;
        }
        return *this;
    }

    [[nodiscard]] std::uint64_t value() const { return value_; }

private:
    std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

}  // namespace

Rows::Rows(const ServerParts& parts) : devices_(parts.devices.get()), policy_(parts.policy.get()) {}

Rows::~Rows() = default;

json Rows::device_ref(const devices::DeviceId& id) const {
    const auto* const known = devices_->find(id);
    return {{"id", id.text()}, {"name", known != nullptr ? known->display_name() : id.text()}};
}

json Rows::device(const devices::DeviceId& id) const {
    const auto* const known = devices_->find(id);
    const devices::Device nothing;
    const auto& device = known != nullptr ? *known : nothing;
    const auto mac = id.mac();
    json addresses = json::array();
    for (const auto& address : device.addresses) {
        addresses.push_back(address.text());
    }
    if (const auto address = id.address(); address && addresses.empty()) {
        addresses.push_back(address->text());
    }
    json row = device_ref(id);
    row["given_name"] = text_or_null(device.given_name);
    row["announced_name"] = text_or_null(device.announced_name);
    row["host_name"] = text_or_null(device.host_name);
    row["vendor_class"] = text_or_null(device.vendor_class);
    row["vendor"] = text_or_null(device.vendor);
    row["model"] = text_or_null(device.model);
    row["services"] = device.services;
    row["kind"] = kind_row(devices::guess_kind(device));
    row["bypass"] = bypass_rows(device.bypasses);
    row["group"] = text_or_null(device.group);
    row["mac"] = mac ? json(mac->text()) : json();
    row["mac_is_private"] = mac && mac->is_local();
    row["addresses"] = std::move(addresses);
    row["first_seen"] = time_or_null(device.first_seen);
    row["last_seen"] = time_or_null(device.last_seen);
    return row;
}

const json& Rows::company(trackers::CompanyId id) {
    auto& known = companies_[id];
    if (!known) {
        known = std::make_unique<json>(describe(id));
    }
    return *known;
}

json Rows::event(const ledger::Contact& contact) {
    return {
        {"id", contact_id(contact)},
        {"first", rfc3339(contact.first)},
        {"last", rfc3339(contact.last)},
        {"device", device_ref(contact.device)},
        {"company", company(contact.company)},
        {"purpose", {{"id", trackers::purpose_info(contact.purpose).id}}},
        {"name", contact.name},
        {"result", outcome_text(contact.outcome)},
        {"contacts", contact.contacts},
        {"source", source_text(contact.source)},
        {"cause", cause_text(contact.cause)},
        {"attempts", contact.attempts},
        {"bytes_up", contact.bytes_up},
        {"bytes_down", contact.bytes_down},
        {"rule", text_or_null(contact.rule)},
        {"list", text_or_null(contact.list)},
        {"detail", text_or_null(contact.detail)},
    };
}

json Rows::describe(trackers::CompanyId id) const {
    if (id == trackers::CompanyId::None) {
        return nullptr;
    }
    const auto company = policy_->company(id);
    if (!company) {
        const auto slug = nameless_slug(id);
        return {{"slug", slug}, {"name", slug}, {"country", nullptr}, {"parent", nullptr}};
    }
    return {{"slug", company->slug},
            {"name", company->name},
            {"country", text_or_null(company->country)},
            {"parent", parent_of(*company)}};
}

json Rows::parent_of(const trackers::Company& company) const {
    if (company.parent.empty()) {
        return nullptr;
    }
    for (const auto& catalogue : policy_->catalogues()) {
        if (const auto parent = catalogue->company_by_slug(company.parent)) {
            return {{"slug", parent->slug}, {"name", parent->name}};
        }
    }
    return {{"slug", company.parent}, {"name", company.parent}};
}

std::string contact_id(const ledger::Contact& contact) {
    const auto hour = ledger::hour_of(contact.first);
    const auto slot = ledger::slot_start(hour, ledger::slot_in_hour(contact.first));
    const auto slot_text = rfc3339(slot);
    const std::array<std::uint8_t, 1> outcome{static_cast<std::uint8_t>(contact.outcome)};
    return fmt::format("{:016x}", RowHash()
                                      .add(as_bytes(slot_text))
                                      .add(contact.device.stored())
                                      .add(outcome)
                                      .add(as_bytes(contact.name))
                                      .value());
}

std::string_view outcome_text(ledger::Outcome outcome) {
    return outcome == ledger::Outcome::Leaked ? "leaked" : "prevented";
}

json text_or_null(std::string_view text) {
    return text.empty() ? json() : json(text);
}

json time_or_null(Timestamp at) {
    return at == Timestamp{} ? json() : json(rfc3339(at));
}

void add_totals(json& row, const ledger::Totals& totals) {
    row["leaked"] = totals.leaked;
    row["prevented"] = totals.prevented;
    row["leaked_flows"] = totals.leaked_flows;
    row["prevented_attempts"] = totals.prevented_attempts;
    row["bytes_up"] = totals.bytes_up;
    row["bytes_down"] = totals.bytes_down;
    row["last_contact"] = time_or_null(totals.last);
}

std::string json_text(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace sporvakt::webui
