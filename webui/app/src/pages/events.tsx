import { useCallback, useEffect, useId, useRef, useState } from "preact/hooks";
import type { Event, Summary } from "../lib/api";
import { useEventRows, useLiveRows, type EventRows, type LiveRows } from "../lib/event_list";
import { queryOf } from "../lib/filter";
import { t } from "../lib/i18n";
import { withNew } from "../lib/live";
import { useResource } from "../lib/resource";
import { emptyKind } from "../lib/sentence";
import { EventFilter } from "../parts/event_filter";
import { EventTable } from "../parts/event_table";
import { Legend } from "../parts/explain";
import { Heading } from "../parts/heading";
import { useFilter } from "../parts/range_picker";
import { Empty, Loading, Problem } from "../parts/states";

const SAY_EVERY_MS = 5000;
const SHOWN_MAX = 5000;

/** A number that is read out, but not more often than one can listen to. */
function useSaid(seen: number): number {
    const [said, setSaid] = useState(0);
    const latest = useRef(seen);
    latest.current = seen;
    useEffect(() => {
        const timer = setInterval(() => setSaid(latest.current), SAY_EVERY_MS);
        return () => clearInterval(timer);
    }, []);
    return seen === 0 ? 0 : said;
}

function LiveSwitch({ on, change, live }:
                    { on: boolean; change: (on: boolean) => void; live: LiveRows }) {
    const id = useId();
    const said = useSaid(live.seen);
    return (
        <div class="live">
            <label>
                <input type="checkbox" checked={on} aria-describedby={id}
                       onChange={(event) => change(event.currentTarget.checked)} />
                <span class={on && live.isOpen ? "live-word on" : "live-word"}>
                    {t("events.live")}
                </span>
            </label>
            <span id={id} class="help">
                {on && !live.isOpen ? t("events.live_lost") : t("events.live_help")}
            </span>
            <span class="unseen" role="status">
                {on && said > 0 ? t("events.new_said", { count: said }) : ""}
            </span>
            {live.waiting > 0 && (
                <button type="button" class="main" onClick={live.show}>
                    {t("events.new", { count: live.waiting })}
                </button>
            )}
        </div>
    );
}

function More({ list, shown, live }: { list: EventRows; shown: number; live: boolean }) {
    return (
        <div class="more">
            <p class="help">{t("events.shown", { count: shown })}</p>
            {list.hasMore && !live
                ? <button type="button" onClick={list.more}>{t("events.more")}</button>
                : !live && <p class="help">{t("events.end")}</p>}
        </div>
    );
}

export function Events() {
    const filter = useFilter();
    const query = queryOf(filter).toString();
    const [on, setOn] = useState(true);
    const place = useRef<HTMLDivElement>(null);
    const openCount = useRef(0);
    const held = useCallback(() => openCount.current > 0 ||
        (place.current?.contains(document.activeElement) ?? false), []);
    const list = useEventRows(query, held);
    const ownPeriod = filter.from !== "";
    const live = useLiveRows(on && !ownPeriod, filter, held, list.again);
    const rows: Event[] = withNew(list.rows, [...live.rows].reverse(), SHOWN_MAX);
    const nothing = list.ready && rows.length === 0;
    const summary = useResource<Summary>(nothing ? "/summary" : null, query);
    return (
        <>
            <header class="page-head"><Heading title={t("events.title")} /></header>
            <p class="lead">{t("events.lead")}</p>
            <EventFilter filter={filter} />
            {!ownPeriod && <LiveSwitch on={on} change={setOn} live={live} />}
            {list.fault && list.fault.code !== "unreachable" &&
                <Problem fault={list.fault} again={list.again} />}
            {!list.ready && !list.fault && <Loading />}
            {nothing && <Empty kind={emptyKind(summary.data, filter)} />}
            <div ref={place} class="panel flush" hidden={rows.length === 0}>
                <EventTable key={query} rows={rows} filter={filter}
                            opened={(count) => { openCount.current = count; }} />
            </div>
            {rows.length > 0 && <More list={list} shown={rows.length} live={false} />}
            <Legend words={["leaked", "prevented", "contact", "bypassed", "allowed"]} />
        </>
    );
}
