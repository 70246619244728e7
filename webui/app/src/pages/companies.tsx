import { useId, useState } from "preact/hooks";
import type { CompanyList, Summary } from "../lib/api";
import { EVERYTHING, queryOf } from "../lib/filter";
import { t } from "../lib/i18n";
import { useResource } from "../lib/resource";
import { emptyKind } from "../lib/sentence";
import { Heading } from "../parts/heading";
import { RangePicker, useFilter } from "../parts/range_picker";
import { Empty, Ready } from "../parts/states";
import { companyName, CompanyTable, spanOf } from "../parts/sum_tables";

export function Companies() {
    const filter = { ...EVERYTHING, ...spanOf(useFilter()) };
    const query = queryOf(filter).toString();
    const list = useResource<CompanyList>("/companies", query);
    const empty = list.data?.companies.length === 0;
    const summary = useResource<Summary>(empty ? "/summary" : null, query);
    const [text, setText] = useState("");
    const id = useId();
    const matching = (data: CompanyList) => data.companies.filter((row) =>
        companyName(row).toLowerCase().includes(text.trim().toLowerCase()));
    return (
        <>
            <header class="page-head">
                <Heading title={t("companies.title")} />
                <RangePicker filter={filter} />
            </header>
            <p class="lead">{t("companies.lead")}</p>
            <Ready of={list}>
                {(data) => data.companies.length === 0
                    ? <Empty kind={emptyKind(summary.data, filter)} /> : (
                        <section class="panel">
                            <p class="finder">
                                <label for={id}>{t("companies.search")}</label>
                                <input id={id} type="search" value={text} autocomplete="off"
                                       onInput={(event) => setText(event.currentTarget.value)} />
                            </p>
                            {matching(data).length === 0
                                ? <p role="status">{t("companies.no_hits", { text })}</p>
                                : <CompanyTable rows={matching(data)} filter={filter} form="full"
                                                caption={t("companies.title")} />}
                        </section>
                    )}
            </Ready>
        </>
    );
}
