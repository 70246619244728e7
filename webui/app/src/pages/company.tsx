import type { CompanyList, CompanyRow, ContactList, DeviceList } from "../lib/api";
import { addressOf, EVERYTHING, NO_COMPANY, queryOf, type Filter } from "../lib/filter";
import { country } from "../lib/format";
import { rich, t } from "../lib/i18n";
import { useResource } from "../lib/resource";
import { whenWords } from "../lib/sentence";
import { Heading } from "../parts/heading";
import { RangePicker, useFilter } from "../parts/range_picker";
import { Ready } from "../parts/states";
import { companyAddress, companyName, DeviceTable, NameTable, PurposeTable,
         spanOf } from "../parts/sum_tables";
import { Fact, Outcome } from "./device";

const NAMES_MAX = 500;

function Sentence({ row, filter }: { row: CompanyRow; filter: Filter }) {
    const { leaked, prevented, devices } = row;
    return (
        <p class="sentence">
            {rich("company.sentence", {
                when: whenWords(filter),
                company: companyName(row),
                devices: <strong>{t("count.devices", { count: devices })}</strong>,
                times: <strong>{t("count.times", { count: leaked + prevented })}</strong>,
            })}
            {" "}
            <Outcome leaked={leaked} prevented={prevented} />
        </p>
    );
}

function Who({ row, filter }: { row: CompanyRow; filter: Filter }) {
    const { company } = row;
    if (!company) return <p class="lead">{t("company.unknown_meaning")}</p>;
    return (
        <dl class="facts short">
            <Fact name={t("company.country")}>{country(company.country)}</Fact>
            {company.parent && <Fact name={t("company.parent")}>
                <a href={companyAddress(company.parent.slug, filter)}>{company.parent.name}</a>
            </Fact>}
        </dl>
    );
}

function Names({ list, filter, slug }: { list: ContactList; filter: Filter; slug: string }) {
    return (
        <section class="panel">
            <header class="panel-head"><h2 id="names-title">{t("company.names")}</h2></header>
            <NameTable contacts={list.contacts} filter={filter} company={slug}
                       caption={t("company.names")} />
            {!list.complete && <p class="help">{t("company.names_more")}</p>}
        </section>
    );
}

function Parts({ row, filter, slug }: { row: CompanyRow; filter: Filter; slug: string }) {
    const query = queryOf(filter).toString();
    const devices = useResource<DeviceList>("/devices", query);
    const contacts = useResource<ContactList>("/contacts", `${query}&limit=${NAMES_MAX}`);
    return (
        <>
            <section class="panel">
                <header class="panel-head">
                    <h2 id="devices-title">{t("company.devices")}</h2>
                </header>
                <Ready of={devices}>
                    {(data) => <DeviceTable rows={data.devices} filter={filter}
                                            caption={t("company.devices")} />}
                </Ready>
            </section>
            <Ready of={contacts}>
                {(data) => <Names list={data} filter={filter} slug={slug} />}
            </Ready>
            <section class="panel">
                <header class="panel-head">
                    <h2 id="purposes-title">{t("company.purposes")}</h2>
                </header>
                <PurposeTable rows={row.purposes} caption={t("company.purposes")} />
            </section>
        </>
    );
}

function Nothing({ filter }: { filter: Filter }) {
    return (
        <div class="state empty">
            <p>{t("company.no_contact", { when: whenWords(filter) })}</p>
        </div>
    );
}

export function CompanyPage({ slug }: { slug: string }) {
    const filter: Filter = { ...EVERYTHING, ...spanOf(useFilter()), company: slug };
    const list = useResource<CompanyList>("/companies", queryOf(filter).toString());
    const row = list.data?.companies.find((one) => (one.company?.slug ?? NO_COMPANY) === slug);
    const missing = list.fault?.code === "unknown_company";
    const title = row ? companyName(row)
        : missing ? t("company.unknown")
        : slug === NO_COMPANY ? t("companies.unknown") : slug;
    return (
        <>
            <p class="back">
                <a href={addressOf("/companies", spanOf(filter))}>{t("company.back")}</a>
            </p>
            <header class="page-head">
                <Heading title={title} />
                <RangePicker filter={filter} />
            </header>
            {missing ? <p class="lead">{t("company.unknown_help")}</p> : (
                <Ready of={list}>
                    {() => row === undefined ? <Nothing filter={filter} /> : (
                        <>
                            <Who row={row} filter={filter} />
                            <Sentence row={row} filter={filter} />
                            <p class="onward">
                                <a href={addressOf("/events", { ...spanOf(filter),
                                                                company: slug })}>
                                    {t("company.events")}
                                </a>
                            </p>
                            <Parts row={row} filter={filter} slug={slug} />
                        </>
                    )}
                </Ready>
            )}
        </>
    );
}
