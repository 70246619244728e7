#include "webui/server/changes/erase_handlers.h"

#include "core/base/clock.h"
#include "core/ledger/erasure.h"
#include "webui/server/changes/orders.h"
#include "webui/server/rows.h"

#include <optional>
#include <string>
#include <string_view>

namespace sporvakt::webui {
namespace {

Answered<std::optional<Timestamp>> time_in(const Query& query, std::string_view name) {
    const auto text = query.find(name);
    if (!text) {
        return std::optional<Timestamp>();
    }
    const auto time = timestamp_from_rfc3339(*text);
    if (!time) {
        return refuse(Problem::InvalidParameter, "Times are RFC 3339.", std::string(name));
    }
    return std::optional<Timestamp>(*time);
}

}  // namespace

Answered<Response> delete_history(const Call& call) {
    const Query& query = call.request.query;
    ledger::Erasure erasure;
    if (const auto written = query.find("device")) {
        const auto device = devices::DeviceId::from_text(*written);
        if (!device) {
            return refuse(Problem::InvalidParameter, "That is not the id of a device.", "device");
        }
        erasure.device = *device;
    }
    erasure.from = SPORVAKT_TRY(time_in(query, "from"));
    erasure.to = SPORVAKT_TRY(time_in(query, "to"));
    if (erasure.from && erasure.to && *erasure.from >= *erasure.to) {
        return refuse(Problem::InvalidParameter, "The end is not after the beginning.", "to");
    }
    SPORVAKT_TRY(submit(call, ledger::EraseHistory{erasure}));
    return Response::no_content();
}

Answered<Response> delete_device(const Call& call) {
    const auto id = devices::DeviceId::from_text(call.id);
    if (!id || call.parts.devices.get()->find(*id) == nullptr) {
        return refuse(Problem::UnknownDevice, "There is no such device.");
    }
    SPORVAKT_TRY(submit(call, ledger::ForgetDevice{*id}));
    return Response::no_content();
}

}  // namespace sporvakt::webui
