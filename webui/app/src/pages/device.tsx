import type { ComponentChildren } from "preact";
import type { CompanyList, DeviceList, DeviceRow, PurposeSum, Series } from "../lib/api";
import { addressOf, EVERYTHING, minutesOf, queryOf, stepFor, type Filter } from "../lib/filter";
import { moment, number } from "../lib/format";
import { rich, t } from "../lib/i18n";
import { useResource } from "../lib/resource";
import { whenWords } from "../lib/sentence";
import { BarsFigure } from "../parts/bars_figure";
import { Heading } from "../parts/heading";
import { RangePicker, useFilter } from "../parts/range_picker";
import { Rename } from "../parts/rename_form";
import { Ready } from "../parts/states";
import { CompanyTable, PurposeTable, spanOf } from "../parts/sum_tables";

export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
    return <div><dt>{name}</dt><dd>{children}</dd></div>;
}

/** A guess is shown as one, with what it stands on. */
function Kind({ kind }: { kind: DeviceRow["kind"] }) {
    if (kind.guess === "unknown") return <>{t("device.not_known")}</>;
    return (
        <>
            <span class="line">{t("device.probably", { kind: t(`kind.${kind.guess}`) })}</span>
            <span class="under">{t(`kind.by_${kind.evidence}`, { words: kind.words })}</span>
        </>
    );
}

/** What it does behind Sporvakt's back, and what can be done about that; nothing if nothing. */
function Bypasses({ device }: { device: DeviceRow }) {
    if (device.bypass.length === 0) return null;
    return (
        <section class="panel">
            <header class="panel-head"><h2 id="bypass-title">{t("bypass.title")}</h2></header>
            <dl class="facts">
                {device.bypass.map(({ kind, server, last_seen }) => (
                    <Fact key={kind} name={t(`bypass.${kind}`)}>
                        <span class="line">{t(`bypass.${kind}_does`, { server })}</span>
                        <span class="under">{t(`bypass.${kind}_help`)}</span>
                        <span class="under">
                            {t("bypass.last_seen", { time: moment(last_seen) })}
                        </span>
                    </Fact>
                ))}
            </dl>
        </section>
    );
}

function Facts({ device }: { device: DeviceRow }) {
    const unknown = t("device.not_known");
    const own = device.announced_name ?? device.host_name ?? device.vendor_class;
    const time = (at: string | null) => at ? moment(at) : unknown;
    return (
        <section class="panel">
            <header class="panel-head"><h2 id="facts-title">{t("device.facts")}</h2></header>
            <dl class="facts">
                <Fact name={t("device.kind")}><Kind kind={device.kind} /></Fact>
                <Fact name={t("device.vendor")}>{device.vendor ?? unknown}</Fact>
                <Fact name={t("device.own_name")}>{own ?? unknown}</Fact>
                <Fact name={t("device.first_seen")}>{time(device.first_seen)}</Fact>
                <Fact name={t("device.last_seen")}>{time(device.last_seen)}</Fact>
                <Fact name={t("device.addresses")}>
                    {device.addresses.length === 0 ? unknown
                        : device.addresses.map((address) => (
                            <span key={address} class="host line">{address}</span>
                        ))}
                </Fact>
                <Fact name={t("device.mac")}>
                    <span class="host line">{device.mac ?? unknown}</span>
                    {device.mac_is_private && <span class="under">{t("device.mac_private")}</span>}
                </Fact>
            </dl>
        </section>
    );
}

/** The outcome in words, after the sentence that says how many tried. */
export function Outcome({ leaked, prevented }: { leaked: number; prevented: number }) {
    return (
        <span class="outcome">
            {prevented > 0 ? rich("overview.prevented", {
                number: <strong class="prevented">{number(prevented)}</strong>,
            }, prevented) : t("overview.prevented_none")}
            {" "}
            {leaked > 0 ? rich("overview.leaked_unknown", {
                number: <strong class="leaked">{number(leaked)}</strong>,
            }, leaked) : t("overview.leaked_none")}
        </span>
    );
}

function Sentence({ device, filter }: { device: DeviceRow; filter: Filter }) {
    const when = whenWords(filter);
    const { leaked, prevented, companies } = device;
    if (leaked + prevented === 0) {
        return <p class="sentence">{t("device.sentence_none", { when })}</p>;
    }
    return (
        <p class="sentence">
            {rich("device.sentence", {
                when,
                companies: <strong>{companies > 0
                    ? t("count.tracking_companies", { count: companies })
                    : t("overview.unknown_companies")}</strong>,
                times: <strong>{t("count.times", { count: leaked + prevented })}</strong>,
            })}
            {" "}
            <Outcome leaked={leaked} prevented={prevented} />
        </p>
    );
}

/** What all the companies' contacts were for, added up. */
export function purposesOf(list: CompanyList): PurposeSum[] {
    const sums = new Map<string, PurposeSum>();
    for (const { id, leaked, prevented } of list.companies.flatMap((row) => row.purposes)) {
        const sum = sums.get(id) ?? { id, leaked: 0, prevented: 0 };
        sum.leaked += leaked;
        sum.prevented += prevented;
        sums.set(id, sum);
    }
    return [...sums.values()];
}

function Met({ list, filter }: { list: CompanyList; filter: Filter }) {
    if (list.companies.length === 0) return null;
    return (
        <>
            <section class="panel">
                <header class="panel-head">
                    <h2 id="companies-title">{t("device.companies")}</h2>
                </header>
                <CompanyTable rows={list.companies} filter={filter} form="brief"
                              caption={t("device.companies")} />
            </section>
            <section class="panel">
                <header class="panel-head">
                    <h2 id="purposes-title">{t("device.purposes")}</h2>
                </header>
                <PurposeTable rows={purposesOf(list)} caption={t("device.purposes")} />
            </section>
        </>
    );
}

function Unknown() {
    return (
        <div class="state empty">
            <h2>{t("device.unknown")}</h2>
            <p>{t("device.unknown_help")}</p>
        </div>
    );
}

export function DevicePage({ id }: { id: string }) {
    const filter: Filter = { ...EVERYTHING, ...spanOf(useFilter()), device: id };
    const query = queryOf(filter).toString();
    const list = useResource<DeviceList>("/devices", query);
    const companies = useResource<CompanyList>("/companies", query);
    const { step } = stepFor(minutesOf(filter));
    const series = useResource<Series>("/series", `${query}&step=${step}`);
    const device = list.data?.devices.find((row) => row.id === id);
    return (
        <>
            <p class="back">
                <a href={addressOf("/devices", spanOf(filter))}>{t("device.back")}</a>
            </p>
            <header class="page-head">
                <Heading title={device?.name ?? id} />
                <RangePicker filter={filter} />
            </header>
            <Ready of={list}>
                {() => device === undefined ? <Unknown /> : (
                    <>
                        <Rename device={device} renamed={list.again} />
                        <Sentence device={device} filter={filter} />
                        {device.leaked + device.prevented > 0 && <>
                            <p class="onward">
                                <a href={addressOf("/events", { ...spanOf(filter), device: id })}>
                                    {t("device.events")}
                                </a>
                            </p>
                            <Ready of={companies}>
                                {(data) => <Met list={data} filter={filter} />}
                            </Ready>
                            <Ready of={series}>{(data) => <BarsFigure series={data} />}</Ready>
                        </>}
                        <Bypasses device={device} />
                        <Facts device={device} />
                    </>
                )}
            </Ready>
        </>
    );
}
