// One press allows or stops a name for the household; one more takes it back.
import { useState } from "preact/hooks";
import { ApiFault, setRule, type Event, type RuleWord } from "../lib/api";
import { t } from "../lib/i18n";
import { faultWords } from "../lib/sentence";
import { session } from "../lib/session";

/** What to say again to undo: the household's own word, or nothing where a list had decided.  That
 *  word may stand at a longer name's parent; saying it again here gives the same answer. */
export function ruleBefore(event: Pick<Event, "cause">): RuleWord | null {
    if (event.cause === "household") return "block";
    return event.cause === "allowed_by_you" ? "allow" : null;
}

/** What can be said now: the opposite of what happened. */
export function ruleOffered(event: Pick<Event, "result">): RuleWord {
    return event.result === "prevented" ? "allow" : "block";
}

const SAID = { allow: "rule.allowed", block: "rule.stopped" };

type Stage = "offered" | "busy" | "done" | "undone";

export function RuleButtons({ event }: { event: Event }) {
    const [stage, setStage] = useState<Stage>("offered");
    const [fault, setFault] = useState("");
    if (!session.value?.authenticated) {
        return <p><a href="/login">{t("rule.log_in")}</a></p>;
    }
    const { name } = event;
    const offered = ruleOffered(event);
    const change = async (rule: RuleWord | null, then: Stage) => {
        const before = stage;
        setFault("");
        setStage("busy");
        try {
            await setRule(name, rule);
            setStage(then);
        } catch (thrown) {
            setFault(faultWords(thrown as ApiFault));
            setStage(before);
        }
    };
    const said = stage === "undone" ? t("rule.undone", { name })
        : stage === "done" ? t(SAID[offered], { name }) : "";
    const label = t(offered === "allow" ? "rule.allow" : "rule.stop", { name });
    return (
        <div class="rule">
            {stage !== "done" && <>
                <button type="button" disabled={stage === "busy"}
                        onClick={() => void change(offered, "done")}>{label}</button>
                <p class="help">
                    {t(offered === "allow" ? "rule.allow_help" : "rule.stop_help", { name })}
                </p>
            </>}
            <p class="said" role="status">{said}</p>
            {stage === "done" && (
                <button type="button" onClick={() => void change(ruleBefore(event), "undone")}>
                    {t("rule.undo")}
                </button>
            )}
            {fault && <p class="fault" role="alert">{fault}</p>}
        </div>
    );
}
