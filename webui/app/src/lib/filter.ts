// Which contacts a view is about, as the address bar says it: any view can be linked and kept.
import type { Event } from "./api";

/** What the API calls contacts whose company nobody knows. */
export const NO_COMPANY = "none";
export const RANGES = { "1h": 60, "24h": 1440, "7d": 10080, "30d": 43200 } as const;  // minutes
export type Range = keyof typeof RANGES;
export const RESULTS = ["leaked", "prevented"] as const;
export type Result = (typeof RESULTS)[number];

export interface Filter {
    range: Range;
    /** RFC 3339; with `to`, wins over `range`. */
    from: string;
    to: string;
    device: string;
    company: string;
    purpose: string;
    result: Result | "";
    /** Part of a tracker's name. */
    q: string;
}

export const EVERYTHING: Filter = {
    range: "24h", from: "", to: "", device: "", company: "", purpose: "", result: "", q: "",
};

const Q_LENGTH_MAX = 253;  // no name is longer

function time(text: string | null): string {
    const at = new Date(text ?? "");
    return Number.isNaN(at.getTime()) ? "" : at.toISOString().replace(/\.\d+Z$/, "Z");
}

/** Reads what it knows and drops the rest: an address may have been typed by hand. */
export function filterFrom(search: string): Filter {
    const asked = new URLSearchParams(search);
    const text = (name: string): string => (asked.get(name) ?? "").trim();
    const range = text("range");
    const from = time(asked.get("from"));
    const to = time(asked.get("to"));
    const whole = from !== "" && to !== "" && from < to;
    return {
        range: Object.hasOwn(RANGES, range) ? range as Range : EVERYTHING.range,
        from: whole ? from : "",
        to: whole ? to : "",
        device: text("device"),
        company: text("company"),
        purpose: text("purpose"),
        result: RESULTS.find((known) => known === text("result")) ?? "",
        q: text("q").toLowerCase().slice(0, Q_LENGTH_MAX),
    };
}

/** Whether an event that came live belongs to the view. The time is not asked: it is now. */
export function accepts(filter: Filter, event: Event): boolean {
    return (filter.device === "" || filter.device === event.device.id) &&
        (filter.company === "" || filter.company === (event.company?.slug ?? NO_COMPANY)) &&
        (filter.purpose === "" || filter.purpose === event.purpose.id) &&
        (filter.result === "" || filter.result === event.result) &&
        event.name.includes(filter.q);
}

/** The shortest search part that filterFrom() reads back as the same: "" for everything. */
export function searchFrom(filter: Filter): string {
    const said = new URLSearchParams();
    const keys = Object.keys(EVERYTHING) as (keyof Filter)[];
    for (const key of keys) {
        const value = filter[key];
        if (value !== EVERYTHING[key]) said.set(key, value);
    }
    const text = said.toString();
    return text === "" ? "" : `?${text}`;
}

export function addressOf(path: string, part: Partial<Filter>): string {
    return path + searchFrom({ ...EVERYTHING, ...part });
}

/** What the API is asked: the same words, with the time as `from`/`to` or `range`. */
export function queryOf(filter: Filter): URLSearchParams {
    const query = new URLSearchParams();
    if (filter.from !== "" && filter.to !== "") {
        query.set("from", filter.from);
        query.set("to", filter.to);
    } else {
        query.set("range", filter.range);
    }
    for (const key of ["device", "company", "purpose", "result", "q"] as const) {
        if (filter[key] !== "") query.set(key, filter[key]);
    }
    return query;
}

export interface Steps {
    /** What the API is asked for. */
    step: "10m" | "1h" | "1d";
    minutes: number;
}

const STEPS: Steps[] = [
    { step: "10m", minutes: 10 }, { step: "1h", minutes: 60 }, { step: "1d", minutes: 1440 },
];
const POINTS_MAX = 800;

/** The finest step that does not flood the page. */
export function stepFor(minutes: number): Steps {
    return STEPS.find((step) => minutes / step.minutes <= POINTS_MAX) ?? STEPS[2]!;
}

export function minutesOf(filter: Filter): number {
    if (filter.from === "" || filter.to === "") return RANGES[filter.range];
    return (Date.parse(filter.to) - Date.parse(filter.from)) / 60000;
}
