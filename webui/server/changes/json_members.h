#pragma once

#include "webui/server/response.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace sporvakt::webui {

/// Words of the API and what they stand for.
template <class Value, std::size_t size>
using Words = std::array<std::pair<std::string_view, Value>, size>;

/// Reads the members of one JSON object from the network: each has its type or is at fault, by its
/// name; one that nobody asked for is at fault too.  The object outlives the reader.
class JsonMembers {
public:
    /// `known`: all members that the object may have.
    static Answered<JsonMembers> of(const nlohmann::json& value,
                                    std::initializer_list<std::string_view> known) {
        if (!value.is_object()) {
            return refuse(Problem::InvalidBody, "A JSON object belongs here.");
        }
        for (const auto& [name, member] : value.items()) {
            if (std::find(known.begin(), known.end(), name) == known.end()) {
                return refuse(Problem::InvalidBody, "This member is not known here.", name);
            }
        }
        return JsonMembers(value);
    }

    [[nodiscard]] Answered<std::string> text(std::string_view name) const {
        const auto member = value_.find(name);
        if (member == value_.end() || !member->is_string()) {
            return refuse(Problem::InvalidBody, "A text belongs here.", std::string(name));
        }
        return member->get<std::string>();
    }

    /// `absent` where there is no such member.
    [[nodiscard]] Answered<bool> flag(std::string_view name, bool absent) const {
        const auto member = value_.find(name);
        if (member != value_.end() && !member->is_boolean()) {
            return refuse(Problem::InvalidBody, "true or false belongs here.", std::string(name));
        }
        return member == value_.end() ? absent : member->get<bool>();
    }

    [[nodiscard]] Answered<std::int64_t> number(std::string_view name, std::int64_t least,
                                                std::int64_t most) const {
        const auto member = value_.find(name);
        const bool is_number = member != value_.end() && member->is_number_integer() &&
                               *member >= least && *member <= most;
        if (!is_number) {
            return refuse(Problem::InvalidBody,
                          "A whole number from " + std::to_string(least) + " to " +
                              std::to_string(most) + " belongs here.",
                          std::string(name));
        }
        return member->get<std::int64_t>();
    }

    template <class Value, std::size_t size>
    [[nodiscard]] Answered<Value> word(std::string_view name,
                                       const Words<Value, size>& words) const {
        const auto member = value_.find(name);
        if (member != value_.end() && member->is_string()) {
            for (const auto& [text, value] : words) {
                if (member->get_ref<const std::string&>() == text) {
                    return value;
                }
            }
        }
        std::string all;
        for (const auto& [text, value] : words) {
            all += (all.empty() ? "" : ", ") + std::string(text);
        }
        return refuse(Problem::InvalidBody, "One of these belongs here: " + all + ".",
                      std::string(name));
    }

    /// The items of a list as `read` reads each; none where there is no such member.
    template <class Read>
    [[nodiscard]] auto list(std::string_view name, Read read) const
        -> Answered<std::vector<typename decltype(read(nlohmann::json()))::value_type>> {
        std::vector<typename decltype(read(nlohmann::json()))::value_type> items;
        const auto member = value_.find(name);
        if (member == value_.end()) {
            return items;
        }
        if (!member->is_array()) {
            return refuse(Problem::InvalidBody, "A list belongs here.", std::string(name));
        }
        for (const nlohmann::json& item : *member) {
            items.push_back(SPORVAKT_TRY(read(item)));
        }
        return items;
    }

    [[nodiscard]] bool has(std::string_view name) const { return value_.contains(name); }
    [[nodiscard]] const nlohmann::json& value() const { return value_; }

private:
    explicit JsonMembers(const nlohmann::json& value) : value_(value) {}

    const nlohmann::json& value_;
};

}  // namespace sporvakt::webui
