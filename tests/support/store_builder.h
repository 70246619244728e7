#pragma once

#include "core/store/environment.h"
#include "tests/support/temporary_folder.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sporvakt::test {

/// Opens a database that a test may write; ends the test run when that fails.
inline std::unique_ptr<store::Environment> open_store(const std::string& path,
                                                      std::vector<std::string> tables) {
    store::EnvironmentOptions options;
    options.access = store::Access::ReadWrite;
    options.tables = std::move(tables);
    auto opened = store::Environment::open(path, options);
    if (!opened) {
        std::abort();
    }
    return std::move(*opened);
}

/// Puts text under a text key, in a transaction of its own.
inline Result<void> put_text(store::Environment& environment, std::string_view key,
                             std::string_view value) {
    return environment.update([&](store::WriteTransaction& transaction) {
        return transaction.put(environment.table("words"), as_bytes(key), as_bytes(value));
    });
}

/// The text under the key, "(none)" without one, "(error)" when it could not be read.
inline std::string text_at(store::Environment& environment, std::string_view key) {
    const auto transaction = environment.begin_read();
    if (!transaction) {
        return "(error)";
    }
    const auto found = transaction->get(environment.table("words"), as_bytes(key));
    if (!found) {
        return "(error)";
    }
    return *found ? std::string(as_text(**found)) : "(none)";
}

}  // namespace sporvakt::test
