#pragma once

#include "core/ledger/reports.h"

#include <string>
#include <utility>
#include <vector>

namespace sporvakt::test {

/// Reports over contacts that the test put there, newest last.  Set everything before threads read.
class MemoryReports final : public ledger::Reports {
public:
    void add(ledger::Contact contact) { contacts_.push_back(std::move(contact)); }

    /// From now on every question fails so.
    void fail_with(std::string message) { failure_ = std::move(message); }

    /// From now on every question throws, as only a library's fault could make it.
    void throw_up() { throws_ = true; }

    [[nodiscard]] Result<ledger::Totals> totals(const ledger::Filter& filter) const override;
    [[nodiscard]] Result<std::vector<ledger::MatrixCell>> matrix(
        const ledger::Filter& filter) const override;
    [[nodiscard]] Result<std::vector<ledger::PurposeCell>> purposes(
        const ledger::Filter& filter) const override;
    [[nodiscard]] Result<std::vector<ledger::ListCell>> lists(
        const ledger::Filter& filter) const override;
    [[nodiscard]] Result<ledger::Series> series(const ledger::Filter& filter,
                                                std::chrono::minutes step) const override;

    /// The cursor is the number of contacts that were given already.
    [[nodiscard]] Result<ledger::ContactPage> contacts(const ledger::Filter& filter,
                                                       const std::string& cursor,
                                                       std::size_t limit) const override;

private:
    [[nodiscard]] Result<void> check() const;

    std::vector<ledger::Contact> contacts_;
    std::string failure_;
    bool throws_ = false;
};

}  // namespace sporvakt::test
