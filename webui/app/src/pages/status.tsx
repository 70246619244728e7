// How Sporvakt itself is doing: what it watches, what it missed, what the resolver did.
import type { Health, ResolverFigures, SnifferFigures, WatchedInterface } from "../lib/api";
import { number, percent } from "../lib/format";
import { t, word } from "../lib/i18n";
import { useResource } from "../lib/resource";
import { Heading } from "../parts/heading";
import { SortTable, type Column } from "../parts/sort_table";
import { Ready } from "../parts/states";
import { Fact } from "./device";

/** What makes the numbers of a report too low; the rest of the counts is no loss. */
const LOSSES = ["flows_refused", "flows_pushed_out", "datagrams_lost", "names_given_up",
                "quic_left_shut"];

function interfaceColumns(): Column<WatchedInterface>[] {
    return [
        { key: "name", label: t("status.interface"), by: (row) => row.name,
          cell: (row) => <code>{row.name}</code> },
        { key: "state", label: t("status.state"), by: (row) => row.state,
          cell: (row) => word("watch", row.state) },
        { key: "received", label: t("status.received"), kind: "number",
          by: (row) => row.received, cell: (row) => number(row.received) },
        { key: "dropped", label: t("status.dropped"), kind: "number",
          by: (row) => row.dropped, cell: (row) => number(row.dropped) },
    ];
}

/** The counts of what was missed, the ones that are there; [] when nothing was. */
export function lossesOf(counts: Record<string, number>): [string, number][] {
    return LOSSES.map((key): [string, number] => [key, counts[key] ?? 0])
        .filter(([, count]) => count > 0);
}

function Watched({ figures }: { figures: SnifferFigures }) {
    const losses = lossesOf(figures.counts);
    return (
        <section class="panel">
            <header class="panel-head"><h2>{t("status.watched")}</h2></header>
            {figures.interfaces.length === 0 ? <p class="help">{t("status.no_interface")}</p>
                : <SortTable caption={t("status.watched")} columns={interfaceColumns()}
                             rows={figures.interfaces} id={(row) => row.name}
                             first={{ key: "name", down: false }} />}
            <dl class="facts short">
                <Fact name={t("status.packets")}>{number(figures.counts["packets"] ?? 0)}</Fact>
                <Fact name={t("status.flows")}>{number(figures.counts["flows"] ?? 0)}</Fact>
                {losses.map(([key, count]) => (
                    <Fact key={key} name={word("missed", key)}>{number(count)}</Fact>
                ))}
            </dl>
            {losses.length === 0 && <p class="help">{t("status.nothing_missed")}</p>}
        </section>
    );
}

function Answers({ figures }: { figures: ResolverFigures }) {
    const { answered, stopped, from_memory: remembered, waits } = figures;
    const share = (part: number) => `${number(part)} (${percent(part, answered)})`;
    const wait = (ms: number | null) =>
        ms === null ? t("status.nobody_waited") : t("status.ms", { count: Math.ceil(ms) });
    return (
        <section class="panel">
            <header class="panel-head"><h2>{t("status.resolver")}</h2></header>
            <dl class="facts short">
                <Fact name={t("status.answered")}>{number(answered)}</Fact>
                <Fact name={t("status.stopped")}>{share(stopped)}</Fact>
                <Fact name={t("status.remembered")}>{share(remembered)}</Fact>
                <Fact name={t("status.half_waited")}>{wait(waits.median_ms)}</Fact>
                <Fact name={t("status.nearly_all_waited")}>{wait(waits.p99_ms)}</Fact>
            </dl>
        </section>
    );
}

export function Status() {
    const health = useResource<Health>("/health", "");
    return (
        <>
            <header class="page-head"><Heading title={t("status.title")} /></header>
            <p class="lead">{t("status.lead")}</p>
            <Ready of={health}>
                {({ status, sniffer, resolver }) => (
                    <>
                        <p class="sentence">{word("health", status)}</p>
                        {sniffer && <Watched figures={sniffer} />}
                        {resolver && <Answers figures={resolver} />}
                    </>
                )}
            </Ready>
        </>
    );
}
