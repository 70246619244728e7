#pragma once

#include "core/trackers/catalogue.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sporvakt::policy {

/// Which companies belong to which, by the parents that the catalogues name.  A value.
class CompanyFamilies {
public:
    explicit CompanyFamilies(
        std::span<const std::shared_ptr<const trackers::Catalogue>> catalogues);

    /// The company and all that it owns, whatever lies between; empty when nobody knows it.  A
    /// circle of owners, which a catalogue should not have, is walked once.
    [[nodiscard]] std::vector<trackers::CompanyId> of(std::string_view slug) const;

private:
    struct Member {
        trackers::CompanyId id = trackers::CompanyId::None;
        std::vector<std::string> children;
    };
    std::unordered_map<std::string, Member> members_;
};

}  // namespace sporvakt::policy
