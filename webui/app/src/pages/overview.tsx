import type { CompanyList, MatrixAnswer, Series, Summary } from "../lib/api";
import { addressOf, EVERYTHING, minutesOf, queryOf, stepFor, type Filter } from "../lib/filter";
import { number } from "../lib/format";
import { rich, t } from "../lib/i18n";
import { useResource } from "../lib/resource";
import { emptyKind, whenWords } from "../lib/sentence";
import { BarsFigure } from "../parts/bars_figure";
import { GateFigure } from "../parts/gate_figure";
import { Heading } from "../parts/heading";
import { RangePicker, useFilter } from "../parts/range_picker";
import { Empty, Ready } from "../parts/states";
import { CompanyTable, spanOf } from "../parts/sum_tables";

const BIGGEST = 3;

function companiesWord(count: number, key: string) {
    return count > 0 ? t(key, { count }) : t("overview.unknown_companies");
}

/** The sentence that the product exists for. */
function Sentence({ summary, filter }: { summary: Summary; filter: Filter }) {
    const { leaked, prevented, devices, companies, companies_reached: reached } = summary;
    const leakedKey = reached > 0 ? "overview.leaked" : "overview.leaked_unknown";
    return (
        <p class="sentence">
            {rich("overview.sentence", {
                when: whenWords(filter),
                devices: <strong>{t("count.devices", { count: devices })}</strong>,
                companies: <strong>
                    {companiesWord(companies, "count.tracking_companies")}
                </strong>,
                times: <strong>{t("count.times", { count: leaked + prevented })}</strong>,
            })}
            {" "}
            <span class="outcome">
                {prevented > 0 ? rich("overview.prevented", {
                    number: <strong class="prevented">{number(prevented)}</strong>,
                }, prevented) : t("overview.prevented_none")}
                {" "}
                {leaked > 0 ? rich(leakedKey, {
                    number: <strong class="leaked">{number(leaked)}</strong>,
                    companies: <strong>{t("count.companies", { count: reached })}</strong>,
                }, leaked) : t("overview.leaked_none")}
            </span>
        </p>
    );
}

function Biggest({ list, filter }: { list: CompanyList; filter: Filter }) {
    const rows = list.companies.slice(0, BIGGEST);
    return (
        <section class="panel">
            <header class="panel-head"><h2 id="biggest-title">{t("overview.biggest")}</h2></header>
            <CompanyTable rows={rows} filter={filter} caption={t("overview.biggest")}
                          form="brief" />
            <p class="onward">
                <a href={addressOf("/companies", spanOf(filter))}>{t("overview.all_companies")}</a>
                <a href={addressOf("/events", spanOf(filter))}>{t("overview.all_events")}</a>
            </p>
        </section>
    );
}

function Pictures({ filter, query }: { filter: Filter; query: string }) {
    const matrix = useResource<MatrixAnswer>("/matrix", query);
    const { step } = stepFor(minutesOf(filter));
    const series = useResource<Series>("/series", `${query}&step=${step}`);
    const companies = useResource<CompanyList>("/companies", query);
    return (
        <>
            <Ready of={matrix}>{(data) => <GateFigure answer={data} filter={filter} />}</Ready>
            <Ready of={series}>{(data) => <BarsFigure series={data} />}</Ready>
            <Ready of={companies}>{(data) => <Biggest list={data} filter={filter} />}</Ready>
        </>
    );
}

export function Overview() {
    const filter: Filter = { ...EVERYTHING, ...spanOf(useFilter()) };
    const query = queryOf(filter).toString();
    const summary = useResource<Summary>("/summary", query);
    return (
        <>
            <header class="page-head">
                <Heading title={t("overview.title")} />
                <RangePicker filter={filter} />
            </header>
            <Ready of={summary}>
                {(data) => data.leaked + data.prevented === 0
                    ? <Empty kind={emptyKind(data, filter)} />
                    : <>
                        <Sentence summary={data} filter={filter} />
                        <Pictures filter={filter} query={query} />
                    </>}
            </Ready>
        </>
    );
}
