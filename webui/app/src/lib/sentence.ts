// Plain sentences from numbers and codes. Never more than what was seen.
import type { Event, Summary } from "./api";
import type { Filter } from "./filter";
import { amount, moment } from "./format";
import { t, word } from "./i18n";

/** "De siste 24 timene": how a sentence about the filter's time begins. */
export function whenWords(filter: Filter): string {
    if (filter.from === "") return t(`range.in.${filter.range}`);
    return t("range.in.own", { from: moment(filter.from), to: moment(filter.to) });
}

/** What there is to say about nothing: does the household have no data, or only this view? */
export function emptyKind(summary: Pick<Summary, "devices_known"> | null,
                          filter: Filter): "empty" | "empty_range" | "empty_filter" {
    const narrowed = filter.device !== "" || filter.company !== "" || filter.purpose !== "" ||
        filter.result !== "" || filter.q !== "";
    if (narrowed) return "empty_filter";
    return summary && summary.devices_known > 0 ? "empty_range" : "empty";
}

function reason(event: Event): string {
    const values = {
        device: event.device.name, name: event.name, list: event.list ?? "",
        detail: event.detail ?? "", purpose: word("purpose", event.purpose.id),
    };
    if (event.cause === "list") {
        if (event.source !== "query") return t("why.list_cut", values);
        return t(event.list ? "why.list" : "why.list_unnamed", values);
    }
    if (event.cause === "cloaked" && !event.detail) return t("why.cloaked_unnamed", values);
    return t(`why.${event.cause}`, values);
}

function owner({ company }: Event): string {
    if (!company) return t("why.owner_unknown");
    if (!company.parent) return t("why.owner", { company: company.name });
    return t("why.owner_parent", { company: company.name, parent: company.parent.name });
}

/** Why it went as it did, sentence by sentence. */
export function whySentences(event: Event): string[] {
    const told = [reason(event), owner(event)];
    if (event.result === "prevented") {
        if (event.attempts > 1) told.push(t("why.attempts", { count: event.attempts }));
        if (event.source === "query") told.push(t("why.nothing_left"));
    } else if (event.bytes_up + event.bytes_down > 0) {
        const values = { up: amount(event.bytes_up), down: amount(event.bytes_down) };
        told.push(t("why.amount", values));
    }
    return told;
}

/** What went wrong and what to do, in the reader's language. */
export function faultWords(fault: { code: string; retryAfterS: number }): string {
    const key = `fault.${fault.code}`;
    const said = t(key, { count: Math.max(1, fault.retryAfterS) });
    return said === key ? t("fault.internal") : said;
}
