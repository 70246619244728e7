import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { CompanyList, DeviceList } from "../lib/api";
import { EVERYTHING, NO_COMPANY, queryOf, RANGES, RESULTS, type Filter, type Range,
         type Result } from "../lib/filter";
import { compareNames } from "../lib/format";
import { t, word } from "../lib/i18n";
import { PURPOSES } from "../lib/purposes";
import { useResource } from "../lib/resource";
import { refine } from "./range_picker";
import { companyName, spanOf } from "./sum_tables";

interface Choice { value: string; label: string }

function Select({ label, value, choices, choose }:
                { label: string; value: string; choices: Choice[];
                  choose: (value: string) => void }) {
    const listed = value === "" || choices.some((choice) => choice.value === value);
    return (
        <label class="field">
            <span>{label}</span>
            <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
                <option value="">{t("events.all")}</option>
                {!listed && <option value={value}>{value}</option>}
                {choices.map((choice) => (
                    <option key={choice.value} value={choice.value}>{choice.label}</option>
                ))}
            </select>
        </label>
    );
}

function byLabel(choices: Choice[]): Choice[] {
    return choices.sort((left, right) => compareNames(left.label, right.label));
}

/** What a datetime-local field holds: the reader's own clock, without a zone. */
export function localField(time: string): string {
    if (time === "") return "";
    const at = new Date(time);
    return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function OwnPeriod({ filter }: { filter: Filter }) {
    const [from, setFrom] = useState(localField(filter.from));
    const [to, setTo] = useState(localField(filter.to));
    const apply = (nextFrom: string, nextTo: string) => {
        if (nextFrom === "" || nextTo === "" || nextFrom >= nextTo) return;
        refine({ from: new Date(nextFrom).toISOString(), to: new Date(nextTo).toISOString() });
    };
    const field = (label: string, value: string, keep: (value: string) => void) => (
        <label class="field">
            <span>{label}</span>
            <input type="datetime-local" value={value}
                   onChange={(event) => keep(event.currentTarget.value)} />
        </label>
    );
    return (
        <>
            {field(t("events.from"), from, (value) => { setFrom(value); apply(value, to); })}
            {field(t("events.to"), to, (value) => { setTo(value); apply(from, value); })}
        </>
    );
}

const OWN = "own";

function Period({ filter, children }: { filter: Filter; children?: ComponentChildren }) {
    const [own, setOwn] = useState(filter.from !== "");
    useEffect(() => {
        if (filter.from !== "") setOwn(true);
    }, [filter.from]);
    const choose = (value: string) => {
        setOwn(value === OWN);
        if (value !== OWN) refine({ range: value as Range, from: "", to: "" });
    };
    return (
        <>
            <label class="field">
                <span>{t("range.label")}</span>
                <select value={own ? OWN : filter.range}
                        onChange={(event) => choose(event.currentTarget.value)}>
                    {Object.keys(RANGES).map((range) => (
                        <option key={range} value={range}>{t(`range.${range}`)}</option>
                    ))}
                    <option value={OWN}>{t("events.own")}</option>
                </select>
            </label>
            {own && <OwnPeriod filter={filter} />}
            {children}
        </>
    );
}

function NamePart({ filter }: { filter: Filter }) {
    const id = useId();
    const input = useRef<HTMLInputElement>(null);
    useEffect(() => {
        if (input.current) input.current.value = filter.q;
    }, [filter.q]);
    const apply = (event: Event) => {
        event.preventDefault();
        refine({ q: (input.current?.value ?? "").trim().toLowerCase() });
    };
    return (
        <form class="field search" role="search" onSubmit={apply}>
            <label for={id}>{t("events.q")}</label>
            <span class="joined">
                <input ref={input} id={id} type="search" maxLength={253} autocomplete="off"
                       defaultValue={filter.q} />
                <button type="submit">{t("events.apply")}</button>
            </span>
        </form>
    );
}

/** Everything that narrows the list; each change is at once in the address bar. */
export function EventFilter({ filter }: { filter: Filter }) {
    const query = queryOf({ ...EVERYTHING, ...spanOf(filter) }).toString();
    const devices = useResource<DeviceList>("/devices", query);
    const companies = useResource<CompanyList>("/companies", query);
    const deviceChoices = (devices.data?.devices ?? []).map(
        (row) => ({ value: row.id, label: row.name }));
    const companyChoices = (companies.data?.companies ?? []).map(
        (row) => ({ value: row.company?.slug ?? NO_COMPANY, label: companyName(row) }));
    const purposes = PURPOSES.map((id) => ({ value: id, label: word("purpose", id) }));
    const results = RESULTS.map((id) => ({ value: id, label: t(`word.${id}`) }));
    const narrowed = JSON.stringify(filter) !== JSON.stringify(EVERYTHING);
    return (
        <section class="filter" aria-label={t("events.filter")}>
            <Period filter={filter} />
            <Select label={t("table.device")} value={filter.device}
                    choices={byLabel(deviceChoices)} choose={(device) => refine({ device })} />
            <Select label={t("table.company")} value={filter.company}
                    choices={byLabel(companyChoices)} choose={(company) => refine({ company })} />
            <Select label={t("table.purpose")} value={filter.purpose}
                    choices={byLabel(purposes)} choose={(purpose) => refine({ purpose })} />
            <Select label={t("table.result")} value={filter.result} choices={results}
                    choose={(result) => refine({ result: result as Result | "" })} />
            <NamePart filter={filter} />
            {narrowed && (
                <button type="button" class="quiet" onClick={() => refine(EVERYTHING)}>
                    {t("events.clear")}
                </button>
            )}
        </section>
    );
}
