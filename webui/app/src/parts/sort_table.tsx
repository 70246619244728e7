// A table whose columns sort by a button in the heading.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { compareNames } from "../lib/format";
import { t } from "../lib/i18n";

export interface Column<Row> {
    key: string;
    label: string;
    cell: (row: Row) => ComponentChildren;
    /** What to sort by; a column without it does not sort. */
    by?: (row: Row) => string | number;
    /** "wide" and "extra" columns leave narrow screens. */
    kind?: "number" | "wide" | "extra" | "number extra";
}

interface Order { key: string; down: boolean }

export function sorted<Row>(rows: Row[], column: Column<Row> | undefined, down: boolean): Row[] {
    const by = column?.by;
    if (!by) return rows;
    const compare = (left: Row, right: Row) => {
        const a = by(left);
        const b = by(right);
        return typeof a === "number" && typeof b === "number" ? a - b
            : compareNames(String(a), String(b));
    };
    return [...rows].sort((left, right) => down ? compare(right, left) : compare(left, right));
}

interface Props<Row> {
    caption: string;
    columns: Column<Row>[];
    rows: Row[];
    id: (row: Row) => string;
    /** Rows come in this order from the server already. */
    first: Order;
}

export function SortTable<Row>({ caption, columns, rows, id, first }: Props<Row>) {
    const [order, setOrder] = useState(first);
    const chosen = columns.find((column) => column.key === order.key);
    const turn = (column: Column<Row>) => setOrder((old) => ({
        key: column.key,
        down: old.key === column.key ? !old.down : column.kind?.startsWith("number") ?? false,
    }));
    const direction = (column: Column<Row>) =>
        column.key === order.key ? order.down ? "descending" : "ascending" : undefined;
    return (
        <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
            <table class="rows">
                <caption class="unseen">{caption}</caption>
                <thead>
                    <tr>
                        {columns.map((column) => (
                            <th key={column.key} scope="col" class={column.kind}
                                aria-sort={direction(column)}>
                                {column.by
                                    ? <button type="button" onClick={() => turn(column)}>
                                        {column.label}<span class="sort-mark" aria-hidden="true" />
                                    </button>
                                    : column.label}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {sorted(rows, chosen, order.down).map((row) => (
                        <tr key={id(row)}>
                            {columns.map((column, index) => index === 0
                                ? <th key={column.key} scope="row">{column.cell(row)}</th>
                                : <td key={column.key} class={column.kind}>{column.cell(row)}</td>)}
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

/** The three columns that every list of sums ends with. */
export function sumColumns<Row>(sums: (row: Row) => { leaked: number; prevented: number },
                                cells: { [side in "leaked" | "prevented" | "share"]:
                                    (row: Row) => ComponentChildren }): Column<Row>[] {
    return [
        { key: "leaked", label: t("table.leaked"), kind: "number",
          by: (row) => sums(row).leaked, cell: cells.leaked },
        { key: "prevented", label: t("table.prevented"), kind: "number",
          by: (row) => sums(row).prevented, cell: cells.prevented },
        { key: "share", label: t("table.share"), kind: "extra", cell: cells.share },
    ];
}
