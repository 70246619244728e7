import { addressOf, type Filter } from "../lib/filter";
import { number } from "../lib/format";
import { OTHERS, type Cell, type Party } from "../lib/gate_layout";
import { t } from "../lib/i18n";
import { matrixOf } from "../lib/matrix";
import type { Names } from "./names";

/** The gate picture's table twin: the same parties, the same sums. */
export function MatrixTable({ cells, names, filter }:
                            { cells: Cell[]; names: Names; filter: Filter }) {
    const { companies, rows, leaked, total } = matrixOf(cells);
    const span = { range: filter.range, from: filter.from, to: filter.to };
    const label = (side: "device" | "company", { id, merged }: Party) => {
        if (id === OTHERS) return t("count.others", { count: merged });
        const folder = side === "device" ? "/devices/" : "/companies/";
        const address = addressOf(folder + encodeURIComponent(id), span);
        return <a href={address}>{names.of(side, id)}</a>;
    };
    const both = (some: number, all: number) => `${number(some)} / ${number(all)}`;
    return (
        <div class="scroll" tabIndex={0} role="region" aria-label={t("gate.table")}>
            <table class="matrix">
                <caption>{t("gate.table")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t("gate.device")}</th>
                        {companies.map((party) => (
                            <th key={party.id} scope="col">{label("company", party)}</th>
                        ))}
                        <th scope="col">{t("gate.sum")}</th>
                    </tr>
                </thead>
                <tbody>
                    {rows.map(({ party, fields }) => (
                        <tr key={party.id}>
                            <th scope="row">{label("device", party)}</th>
                            {fields.map((field) => (
                                <td key={field.company} class={`shade${field.shade}`}>
                                    {field.total > 0 ? both(field.leaked, field.total)
                                        : t("table.none")}
                                </td>
                            ))}
                            <td class="sum">{both(party.leaked, party.total)}</td>
                        </tr>
                    ))}
                </tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{t("gate.sum")}</th>
                        {companies.map((party) => (
                            <td key={party.id}>{both(party.leaked, party.total)}</td>
                        ))}
                        <td class="sum">{both(leaked, total)}</td>
                    </tr>
                </tfoot>
            </table>
        </div>
    );
}
