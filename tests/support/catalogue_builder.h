#pragma once

#include "core/trackers/catalogue.h"
#include "core/trackers/catalogue_writer.h"
#include "tests/support/temporary_folder.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace sporvakt::test {

/// Compiles a small catalogue into a file of its own and opens it.  The catalogue may outlive the
/// builder.  What is wrong in a test's own facts is left out: the test then fails on it.
class CatalogueBuilder {
public:
    /// Rules that follow stand in this list.
    CatalogueBuilder& list(const std::string& name) {
        list_ = writer_.add_list(name).value_or(0);
        has_list_ = true;
        return *this;
    }

    /// x and everything below it, as "||x^".
    CatalogueBuilder& block(const std::string& name) {
        return rule({name, trackers::RuleScope::WithSubdomains, {}, "||", "^"});
    }
    CatalogueBuilder& allow(const std::string& name) {
        trackers::NameRule allowing{name, trackers::RuleScope::WithSubdomains, {}, "@@||", "^"};
        allowing.terms.action = trackers::RuleAction::Allow;
        return rule(allowing);
    }
    CatalogueBuilder& rule(const trackers::NameRule& rule) {
        ensure_list();
        static_cast<void>(writer_.add(list_, rule));
        return *this;
    }
    CatalogueBuilder& pattern(const trackers::PatternRule& rule) {
        ensure_list();
        static_cast<void>(writer_.add(list_, rule));
        return *this;
    }

    CatalogueBuilder& company(const std::string& slug, const std::string& name,
                              const std::string& parent = "") {
        static_cast<void>(
            writer_.add_company({slug, name, parent, "NO", "https://" + slug + ".test"}));
        return *this;
    }
    CatalogueBuilder& domain(const std::string& name, const std::string& slug,
                             trackers::Purpose purpose) {
        static_cast<void>(writer_.add_domain(name, slug, purpose));
        return *this;
    }

    /// Of a domain that was told.
    CatalogueBuilder& mark(const std::string& name, trackers::Evasion evasion) {
        static_cast<void>(writer_.mark(name, evasion));
        return *this;
    }
    CatalogueBuilder& way_around(const std::string& name, trackers::Evasion evasion) {
        return domain(name, "", trackers::Purpose::WayAround).mark(name, evasion);
    }
    CatalogueBuilder& address(const std::string& text, trackers::Evasion evasion) {
        if (const auto address = IpAddress::from_text(text)) {
            writer_.add_address({*address, evasion});
        }
        return *this;
    }

    /// Once only.  Null when it could not be written or opened.
    std::shared_ptr<const trackers::Catalogue> open() {
        const std::string path = folder_.file("catalogue.mdb");
        if (!writer_.write(path, "2026-11-21T12:00:00Z")) {
            return nullptr;
        }
        auto opened = trackers::Catalogue::open(path);
        return opened ? *opened : nullptr;
    }

private:
    void ensure_list() {
        if (!has_list_) {
            list("test list");
        }
    }

    TemporaryFolder folder_;
    trackers::CatalogueWriter writer_;
    std::uint16_t list_ = 0;
    bool has_list_ = false;
};

}  // namespace sporvakt::test
