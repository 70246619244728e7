// One press allows or stops a name for the household; one more takes it back.
import { useState } from "preact/hooks";
import { ApiFault, setRule, type Event, type RuleWord } from "../lib/api";
import { t } from "../lib/i18n";
import { faultWords } from "../lib/sentence";
import { session } from "../lib/session";

/** What the household had said about the name before: null is nothing. */
export function ruleBefore(event: Pick<Event, "cause">): RuleWord | null {
    if (event.cause === "household") return "block";
    return event.cause === "allowed_by_you" ? "allow" : null;
}

/** What can be said now: the opposite of what happened, or to take one's own word back. */
export function ruleOffered(event: Pick<Event, "cause" | "result">): RuleWord | null {
    if (ruleBefore(event) !== null) return null;
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
        : stage !== "done" ? ""
        : offered ? t(SAID[offered], { name }) : t("rule.taken_back", { name });
    const label = offered === "allow" ? t("rule.allow", { name })
        : offered === "block" ? t("rule.stop", { name }) : t("rule.take_back");
    return (
        <div class="rule">
            {stage !== "done" && <>
                <button type="button" disabled={stage === "busy"}
                        onClick={() => void change(offered, "done")}>{label}</button>
                {offered && <p class="help">
                    {t(offered === "allow" ? "rule.allow_help" : "rule.stop_help", { name })}
                </p>}
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
