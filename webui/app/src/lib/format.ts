// Numbers, times, countries and amounts as the reader's language writes them.
import { locale, t } from "./i18n";

export function number(value: number): string {
    return new Intl.NumberFormat(locale()).format(value);
}

export function percent(part: number, whole: number): string {
    const style = { style: "percent", maximumFractionDigits: 0 } as const;
    return new Intl.NumberFormat(locale(), style).format(whole > 0 ? part / whole : 0);
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** 1.5 MB: decimal units, at most one decimal. */
export function amount(bytes: number): string {
    let step = 0;
    let value = bytes;
    while (value >= 1000 && step < UNITS.length - 1) {
        value /= 1000;
        step += 1;
    }
    return new Intl.NumberFormat(locale(), {
        style: "unit",
        unit: UNITS[step] ?? "byte",
        unitDisplay: step === 0 ? "long" : "short",
        maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
    }).format(value);
}

function day(at: Date): string {
    return at.toDateString();
}

/** The clock for today, date and clock for other days. */
export function moment(time: string | number | Date, now = new Date()): string {
    const at = new Date(time);
    if (Number.isNaN(at.getTime())) return "–";
    if (day(at) === day(now)) return clock(at);
    const year = at.getFullYear() === now.getFullYear() ? {} : { year: "numeric" } as const;
    return new Intl.DateTimeFormat(locale(), {
        day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
        ...year,
    }).format(at);
}

export function clock(at: Date, seconds = false): string {
    return new Intl.DateTimeFormat(locale(), {
        hour: "2-digit", minute: "2-digit",
        ...(seconds ? { second: "2-digit" } as const : {}),
    }).format(at);
}

/** The day alone. */
export function date(time: string): string {
    const at = new Date(time);
    if (Number.isNaN(at.getTime())) return time;
    return new Intl.DateTimeFormat(locale(), { dateStyle: "long" }).format(at);
}

/** Everything, for an expanded row: weekday, date, clock with seconds, time zone. */
export function exactly(time: string): string {
    return new Intl.DateTimeFormat(locale(), {
        weekday: "long", day: "numeric", month: "long", year: "numeric",
        hour: "2-digit", minute: "2-digit", second: "2-digit",
        timeZoneName: "short",
    }).format(new Date(time));
}

/** The day alone, short, for the marks under bars. */
export function shortDay(at: Date): string {
    return new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short" }).format(at);
}

/** For rows of several days: "21. nov., 12:00". */
export function dayAndClock(at: Date): string {
    return new Intl.DateTimeFormat(locale(), {
        day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
    }).format(at);
}

/** "NO" → Norge; codes that are not countries come back as they are. */
export function country(code: string | null | undefined): string {
    if (!code) return t("company.country_unknown");
    try {
        return new Intl.DisplayNames([locale()], { type: "region" }).of(code) ?? code;
    } catch {
        return code;
    }
}

/** How names sort in the reader's language: å after z in Norwegian. */
export function compareNames(left: string, right: string): number {
    return new Intl.Collator(locale(), { numeric: true }).compare(left, right);
}
