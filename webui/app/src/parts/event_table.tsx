import { useState } from "preact/hooks";
import type { Event } from "../lib/api";
import type { Filter } from "../lib/filter";
import { amount, exactly, moment, number } from "../lib/format";
import { t, word } from "../lib/i18n";
import { whySentences } from "../lib/sentence";
import { ResultMark } from "./marks";
import { RuleButtons } from "./rule_buttons";
import { companyAddress, companyName, deviceAddress } from "./sum_tables";

const COLUMNS = ["time", "device", "company", "purpose", "result"] as const;

/** The cause in a word, where the result alone would hide it. */
function causeWord(event: Event): string {
    if (event.cause === "bypassed") return t("word.bypassed");
    return event.cause === "allowed_by_you" ? t("word.allowed") : "";
}

function Details({ event, id }: { event: Event; id: string }) {
    const amounts = { up: amount(event.bytes_up), down: amount(event.bytes_down) };
    const facts: [string, string | null][] = [
        [t("event.first"), exactly(event.first)],
        [t("event.last"), exactly(event.last)],
        [t("event.attempts"), number(event.attempts)],
        [t("event.source"), word("source", event.source)],
        [t("event.amount"), event.result === "leaked" ? t("event.amount_value", amounts) : null],
        [t("event.list"), event.list],
        [t("event.rule"), event.rule],
    ];
    return (
        <tr class="details" role="row" id={id}>
            <td colSpan={COLUMNS.length + 1} role="cell">
                <p class="why">{whySentences(event).join(" ")}</p>
                <dl class="facts">
                    {facts.map(([name, value]) => value && (
                        <div key={name}><dt>{name}</dt><dd class="host">{value}</dd></div>
                    ))}
                </dl>
                <RuleButtons event={event} />
            </td>
        </tr>
    );
}

interface RowProps {
    event: Event;
    filter: Filter;
    open: boolean;
    turn: () => void;
}

function Row({ event, filter, open, turn }: RowProps) {
    const id = `event-${event.id}`;
    const cause = causeWord(event);
    return (
        <>
            <tr class={open ? `event ${event.result} open` : `event ${event.result}`} role="row">
                <td class="when" role="cell">
                    <time dateTime={event.last}>{moment(event.last)}</time>
                </td>
                <td class="who" role="cell">
                    <a href={deviceAddress(event.device.id, filter)}>{event.device.name}</a>
                </td>
                <td class="whom" role="cell">
                    <a class="name" href={companyAddress(event.company?.slug, filter)}>
                        {companyName(event)}
                    </a>
                    <span class="under host">{event.name}</span>
                </td>
                <td class="what" role="cell">{word("purpose", event.purpose.id)}</td>
                <td class="how" role="cell">
                    <ResultMark result={event.result} />
                    {cause && <span class="under">{cause}</span>}
                </td>
                <td class="turn" role="cell">
                    <button type="button" aria-expanded={open} aria-controls={open ? id : undefined}
                            aria-label={t("events.open", { name: event.name })} onClick={turn}>
                        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"
                             focusable="false"><path d="M3 6L8 11L13 6" /></svg>
                    </button>
                </td>
            </tr>
            {open && <Details event={event} id={id} />}
        </>
    );
}

interface Props {
    rows: Event[];
    filter: Filter;
    /** Told which rows are open, so that nothing moves under the reader. */
    opened: (count: number) => void;
}

export function EventTable({ rows, filter, opened }: Props) {
    const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
    const turn = (id: string) => {
        const next = new Set(open);
        if (!next.delete(id)) next.add(id);
        setOpen(next);
        opened(next.size);
    };
    return (
        <table class="events" role="table">
            <caption class="unseen">{t("events.table")}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    {COLUMNS.map((name) => (
                        <th key={name} scope="col" role="columnheader" class={`col-${name}`}>
                            {t(`table.${name}`)}
                        </th>
                    ))}
                    <td role="cell" />
                </tr>
            </thead>
            <tbody role="rowgroup">
                {rows.map((event) => (
                    <Row key={event.id} event={event} filter={filter} open={open.has(event.id)}
                         turn={() => turn(event.id)} />
                ))}
            </tbody>
        </table>
    );
}
