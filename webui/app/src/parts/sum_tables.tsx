// Lists of devices, companies, purposes and names with what leaked and what was prevented.
import type { CompanyRow, ContactRow, DeviceRow, PurposeSum } from "../lib/api";
import { addressOf, NO_COMPANY, type Filter } from "../lib/filter";
import { country, moment, number } from "../lib/format";
import { t, word } from "../lib/i18n";
import { Amount, ShareBar } from "./marks";
import { SortTable, sumColumns, type Column } from "./sort_table";

interface Two { leaked: number; prevented: number }

const FIRST = { key: "leaked", down: true };

function sums<Row extends Two>(rows: Row[]): Column<Row>[] {
    const most = rows.reduce((max, row) => Math.max(max, row.leaked + row.prevented), 0);
    return sumColumns<Row>((row) => row, {
        leaked: (row) => <Amount result="leaked" count={row.leaked} />,
        prevented: (row) => <Amount result="prevented" count={row.prevented} />,
        share: (row) => <ShareBar leaked={row.leaked} prevented={row.prevented} most={most} />,
    });
}

export function spanOf(filter: Filter): Partial<Filter> {
    return { range: filter.range, from: filter.from, to: filter.to };
}

export function deviceAddress(id: string, filter: Filter): string {
    return addressOf(`/devices/${encodeURIComponent(id)}`, spanOf(filter));
}

export function companyAddress(slug: string | undefined, filter: Filter): string {
    return addressOf(`/companies/${encodeURIComponent(slug ?? NO_COMPANY)}`, spanOf(filter));
}

export function companyName(row: { company: { name: string } | null }): string {
    return row.company?.name ?? t("companies.unknown");
}

export function DeviceTable({ rows, filter, caption }:
                            { rows: DeviceRow[]; filter: Filter; caption: string }) {
    const companies: Column<DeviceRow> = {
        key: "companies", label: t("table.companies"), kind: "number extra",
        by: (row) => row.companies, cell: (row) => number(row.companies),
    };
    const columns: Column<DeviceRow>[] = [
        { key: "name", label: t("table.device"), by: (row) => row.name, cell: (row) => (
            <>
                <a class="name" href={deviceAddress(row.id, filter)}>{row.name}</a>
                {row.vendor && row.vendor !== row.name && <span class="under">{row.vendor}</span>}
            </>
        ) },
        ...(filter.company === "" ? [companies] : []),  // of one company there is one
        ...sums(rows),
        { key: "last", label: t("table.last"), kind: "extra",
          by: (row) => row.last_contact ?? "",
          cell: (row) => row.last_contact ? moment(row.last_contact) : t("table.none") },
    ];
    return <SortTable caption={caption} columns={columns} rows={rows} id={(row) => row.id}
                      first={FIRST} />;
}

export function purposeWords(purposes: PurposeSum[], most = 2): string {
    return purposes.slice(0, most).map(({ id }) => word("purpose", id)).join(", ");
}

interface CompaniesProps {
    rows: CompanyRow[];
    filter: Filter;
    caption: string;
    /** "brief" leaves out country and devices. */
    form: "full" | "brief";
}

export function CompanyTable({ rows, filter, caption, form }: CompaniesProps) {
    const name: Column<CompanyRow> = {
        key: "name", label: t("table.company"), by: companyName, cell: (row) => (
            <>
                <a class="name" href={companyAddress(row.company?.slug, filter)}>
                    {companyName(row)}
                </a>
                {row.company?.parent && <span class="under">
                    {`${t("company.parent")} ${row.company.parent.name}`}
                </span>}
            </>
        ),
    };
    const purpose: Column<CompanyRow> = {
        key: "purpose", label: t("table.purpose"), kind: "wide",
        by: (row) => purposeWords(row.purposes, 1), cell: (row) => purposeWords(row.purposes),
    };
    const more: Column<CompanyRow>[] = [
        { key: "country", label: t("table.country"), kind: "wide",
          by: (row) => row.company ? country(row.company.country) : "",
          cell: (row) => row.company ? country(row.company.country) : t("table.none") },
        { key: "devices", label: t("table.devices"), kind: "number extra",
          by: (row) => row.devices, cell: (row) => number(row.devices) },
    ];
    const columns = [name, purpose, ...(form === "full" ? more : []), ...sums(rows)];
    return <SortTable caption={caption} columns={columns} rows={rows} first={FIRST}
                      id={(row) => row.company?.slug ?? ""} />;
}

export function PurposeTable({ rows, caption }: { rows: PurposeSum[]; caption: string }) {
    const columns: Column<PurposeSum>[] = [
        { key: "name", label: t("table.purpose"), by: (row) => word("purpose", row.id),
          cell: (row) => (
              <>
                  <span class="name">{word("purpose", row.id)}</span>
                  <span class="under">{word("purpose", `${row.id}.meaning`)}</span>
              </>
          ) },
        ...sums(rows),
    ];
    return <SortTable caption={caption} columns={columns} rows={rows} id={(row) => row.id}
                      first={FIRST} />;
}

/** Sums by tracker's name; `contacts` may hold one row a device and name. */
export function namesFrom(contacts: ContactRow[]): (Two & { name: string; purpose: string })[] {
    const byName = new Map<string, Two & { name: string; purpose: string }>();
    for (const { name, purpose, leaked, prevented } of contacts) {
        const sum = byName.get(name) ?? { name, purpose: purpose.id, leaked: 0, prevented: 0 };
        sum.leaked += leaked;
        sum.prevented += prevented;
        byName.set(name, sum);
    }
    return [...byName.values()];
}

export function NameTable({ contacts, filter, caption, company }:
                          { contacts: ContactRow[]; filter: Filter; caption: string;
                            company: string }) {
    const rows = namesFrom(contacts);
    const columns: Column<(typeof rows)[number]>[] = [
        { key: "name", label: t("table.name"), by: (row) => row.name, cell: (row) => (
            <>
                <a class="host" href={addressOf("/events", { ...spanOf(filter), company,
                                                             q: row.name })}>{row.name}</a>
                <span class="under">{word("purpose", row.purpose)}</span>
            </>
        ) },
        ...sums(rows),
    ];
    return <SortTable caption={caption} columns={columns} rows={rows} id={(row) => row.name}
                      first={FIRST} />;
}
