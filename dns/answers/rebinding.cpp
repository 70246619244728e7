#include "dns/answers/rebinding.h"

#include "dns/message/answer_writer.h"

namespace sporvakt::dns {

std::size_t write_rebinding_answer(std::span<std::uint8_t> out, const Query& query,
                                   std::uint32_t ttl) {
    return AnswerWriter(out, query)
        .negative(ttl)
        .finish(ErrorReport{ExtendedError::Blocked,
                            "Stopped: a public name that leads inside (DNS rebinding)"});
}

}  // namespace sporvakt::dns
