// The gate picture as a table: devices down, companies across, `leaked / all` in each field.
import { mergeCells, partiesOf, type Cell, type Party } from "./gate_layout";

export interface MatrixField {
    company: string;
    leaked: number;
    total: number;
    /** 0 nothing leaked, 1 some, 2 a third or more of the largest field. */
    shade: 0 | 1 | 2;
}

export interface MatrixRow {
    party: Party;
    fields: MatrixField[];
}

export interface Matrix {
    companies: Party[];
    rows: MatrixRow[];
    leaked: number;
    total: number;
}

export function matrixOf(cells: Cell[]): Matrix {
    const devices = partiesOf(cells, "device");
    const companies = partiesOf(cells, "company");
    const links = mergeCells(cells, devices, companies);
    const most = links.reduce((max, link) => Math.max(max, link.leaked), 0);
    const shade = (leaked: number) => leaked === 0 ? 0 : leaked * 3 >= most ? 2 : 1;
    const rows = devices.map((party) => ({
        party,
        fields: companies.map(({ id }) => {
            const link = links.find((one) => one.device === party.id && one.company === id);
            const leaked = link?.leaked ?? 0;
            return { company: id, leaked, total: leaked + (link?.prevented ?? 0),
                     shade: shade(leaked) } as MatrixField;
        }),
    }));
    return {
        companies,
        rows,
        leaked: devices.reduce((sum, party) => sum + party.leaked, 0),
        total: devices.reduce((sum, party) => sum + party.total, 0),
    };
}
