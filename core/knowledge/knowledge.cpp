#include "core/knowledge/knowledge.h"

namespace sporvakt::knowledge {

Result<Knowledge> read_knowledge(const std::string& folder) {
    Knowledge knowledge;
    knowledge.decisions = SPORVAKT_TRY(read_decisions(folder + "/decisions.txt"));
    knowledge.aliases = SPORVAKT_TRY(read_aliases(folder + "/aliases.txt"));
    knowledge.sensitive_sites = SPORVAKT_TRY(SensitiveSites::read(folder));
    return knowledge;
}

}  // namespace sporvakt::knowledge
