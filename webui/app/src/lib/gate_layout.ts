// Where everything stands in the gate picture: device | gate | company. Pure arithmetic.
//
// Every contact is a piece of height. What leaked goes through the gate; what was prevented ends at
// the wall. A device's leaked ribbon lies above its prevented one, so ribbons do not twist.

export interface Cell {
    device: string;
    company: string;
    leaked: number;
    prevented: number;
}

export interface Party {
    id: string;
    leaked: number;
    total: number;
    /** How many were put together as "the others"; 0 for a single one. */
    merged: number;
}

export interface Node extends Party {
    y: number;
    height: number;
}

/** A band from (x0, y0) to (x1, y1), `height` thick at both ends. */
export interface Ribbon {
    from: string;
    to: string;
    count: number;
    y0: number;
    y1: number;
    height: number;
}

export interface Gate {
    leakedY: number;
    leakedHeight: number;
    wallY: number;
    wallHeight: number;
}

export interface GateLayout {
    height: number;
    /** Height a contact. */
    scale: number;
    links: Cell[];
    devices: Node[];
    companies: Node[];
    gate: Gate;
    leakedIn: Ribbon[];
    preventedIn: Ribbon[];
    leakedOut: Ribbon[];
    /** Where prevented contacts would have gone: drawn as dotted lines, without thickness. */
    wouldBe: Ribbon[];
}

export interface GateMeasures {
    /** Height that all contacts together get in one column ... */
    scaleHeight: number;
    /** ... unless they are so few that one would be taller than this. */
    contactHeightMax: number;
    /** Least distance between the tops of two nodes, so that labels do not touch. */
    slotHeight: number;
    gap: number;
    /** Free space between leaked and wall, and above and below the gate, for the labels. */
    gateGap: number;
    top: number;
}

export const OTHERS = "";
/** The other end of every ribbon. */
export const GATE = "gate";
export const SHOWN_MAX = 12;

/** The parties of one side, most leaked first; beyond `max` the rest become one, OTHERS. */
export function partiesOf(cells: Cell[], side: "device" | "company", max = SHOWN_MAX): Party[] {
    const sums = new Map<string, Party>();
    for (const cell of cells) {
        const id = cell[side];
        const party = sums.get(id) ?? { id, leaked: 0, total: 0, merged: 0 };
        party.leaked += cell.leaked;
        party.total += cell.leaked + cell.prevented;
        sums.set(id, party);
    }
    const all = [...sums.values()].filter((party) => party.total > 0).sort(
        (a, b) => b.leaked - a.leaked || b.total - a.total || (a.id < b.id ? -1 : 1));
    if (all.length <= max) return all;
    const rest = all.splice(max - 1);
    const others = { id: OTHERS, leaked: 0, total: 0, merged: rest.length };
    for (const party of rest) {
        others.leaked += party.leaked;
        others.total += party.total;
    }
    return [...all, others];
}

/** The cells again, with everybody who is not among the parties as OTHERS. */
export function mergeCells(cells: Cell[], devices: Party[], companies: Party[]): Cell[] {
    const known = (parties: Party[]) => {
        const ids = new Set(parties.map((party) => party.id));
        return (id: string) => ids.has(id) ? id : OTHERS;
    };
    const deviceOf = known(devices);
    const companyOf = known(companies);
    const merged = new Map<string, Cell>();
    for (const cell of cells) {
        const device = deviceOf(cell.device);
        const company = companyOf(cell.company);
        const key = JSON.stringify([device, company]);
        const sum = merged.get(key) ?? { device, company, leaked: 0, prevented: 0 };
        sum.leaked += cell.leaked;
        sum.prevented += cell.prevented;
        merged.set(key, sum);
    }
    return [...merged.values()];
}

function stack(parties: Party[], scale: number, measures: GateMeasures): Node[] {
    let y = measures.top;
    return parties.map((party) => {
        const height = party.total * scale;
        const node = { ...party, y, height };
        y += Math.max(height + measures.gap, measures.slotHeight);
        return node;
    });
}

function end(nodes: Node[], slot: number): number {
    const last = nodes.at(-1);
    return last ? last.y + Math.max(last.height, slot) : 0;
}

/** Spreads a column over the height: the free space goes between the nodes. */
function spread(nodes: Node[], height: number, slot: number): void {
    const free = height - end(nodes, slot);
    if (free <= 0 || nodes.length === 0) return;
    nodes.forEach((node, index) => {
        node.y += nodes.length === 1 ? free / 2 : free * index / (nodes.length - 1);
    });
}

export function layoutGate(cells: Cell[], measures: GateMeasures): GateLayout {
    const deviceParties = partiesOf(cells, "device");
    const companyParties = partiesOf(cells, "company");
    const links = mergeCells(cells, deviceParties, companyParties);
    const leaked = deviceParties.reduce((sum, party) => sum + party.leaked, 0);
    const total = deviceParties.reduce((sum, party) => sum + party.total, 0);
    const scale = Math.min(total > 0 ? measures.scaleHeight / total : 0,
                           measures.contactHeightMax);
    const devices = stack(deviceParties, scale, measures);
    const companies = stack(companyParties, scale, measures);

    const gateHeight = total * scale + measures.gateGap;
    const slot = measures.slotHeight;
    const height = Math.max(end(devices, slot), end(companies, slot),
                            measures.top + gateHeight + 2 * measures.gateGap);
    spread(devices, height, slot);
    spread(companies, height, slot);
    const leakedY = measures.top + (height - measures.top - gateHeight) / 2;
    const gate: Gate = {
        leakedY,
        leakedHeight: leaked * scale,
        wallY: leakedY + leaked * scale + measures.gateGap,
        wallHeight: (total - leaked) * scale,
    };
    return { height, scale, links, devices, companies, gate,
             ...ribbonsOf(devices, companies, gate, scale) };
}

type Ribbons = Pick<GateLayout, "leakedIn" | "preventedIn" | "leakedOut" | "wouldBe">;

function ribbonsOf(devices: Node[], companies: Node[], gate: Gate, scale: number): Ribbons {
    const ribbons: Ribbons = { leakedIn: [], preventedIn: [], leakedOut: [], wouldBe: [] };
    let { leakedY, wallY } = gate;
    for (const { id: from, leaked, total, y } of devices) {
        const up = leaked * scale;
        const height = (total - leaked) * scale;
        if (leaked > 0) {
            ribbons.leakedIn.push(
                { from, to: GATE, count: leaked, y0: y, y1: leakedY, height: up });
        }
        if (total > leaked) {
            ribbons.preventedIn.push(
                { from, to: GATE, count: total - leaked, y0: y + up, y1: wallY, height });
        }
        leakedY += up;
        wallY += height;
    }
    ({ leakedY, wallY } = gate);
    for (const { id: to, leaked, total, y } of companies) {
        const up = leaked * scale;
        const down = (total - leaked) * scale;
        if (leaked > 0) {
            ribbons.leakedOut.push(
                { from: GATE, to, count: leaked, y0: leakedY, y1: y, height: up });
        }
        if (total > leaked) {
            ribbons.wouldBe.push({ from: GATE, to, count: total - leaked, y0: wallY + down / 2,
                                   y1: y + up + down / 2, height: 0 });
        }
        leakedY += up;
        wallY += down;
    }
    return ribbons;
}

/** What leaked between one party and everybody it met, as bands on both sides of the gate. */
export function trace(layout: GateLayout, side: "device" | "company", id: string): Ribbon[] {
    const mine = layout.links.filter((link) => link[side] === id && link.leaked > 0);
    const far = side === "device" ? layout.companies : layout.devices;
    const near = (side === "device" ? layout.leakedIn : layout.leakedOut).find(
        (ribbon) => (side === "device" ? ribbon.from : ribbon.to) === id);
    if (!near) return [];
    let gateY = side === "device" ? near.y1 : near.y0;
    const bands = [near];
    for (const node of far) {
        const link = mine.find((one) => one[side === "device" ? "company" : "device"] === node.id);
        if (!link) continue;
        const height = link.leaked * layout.scale;
        bands.push(side === "device"
            ? { from: GATE, to: node.id, count: link.leaked, y0: gateY, y1: node.y, height }
            : { from: node.id, to: GATE, count: link.leaked, y0: node.y, y1: gateY, height });
        gateY += height;
    }
    return bands;
}

/** A band between two x, as an SVG path. */
export function band(ribbon: Ribbon, x0: number, x1: number): string {
    const middle = (x0 + x1) / 2;
    const { y0, y1, height } = ribbon;
    const thick = Math.max(height, 0.75);
    return `M${f(x0)} ${f(y0)}C${f(middle)} ${f(y0)} ${f(middle)} ${f(y1)} ${f(x1)} ${f(y1)}` +
        `V${f(y1 + thick)}C${f(middle)} ${f(y1 + thick)} ${f(middle)} ${f(y0 + thick)} ` +
        `${f(x0)} ${f(y0 + thick)}Z`;
}

/** The middle line of a ribbon without thickness. */
export function line(ribbon: Ribbon, x0: number, x1: number): string {
    const middle = (x0 + x1) / 2;
    const { y0, y1 } = ribbon;
    return `M${f(x0)} ${f(y0)}C${f(middle)} ${f(y0)} ${f(middle)} ${f(y1)} ${f(x1)} ${f(y1)}`;
}

function f(value: number): string {
    return String(Math.round(value * 10) / 10);
}

/** A label that fits: by characters, since the picture is laid out before it is drawn. */
export function shorten(text: string, charactersMax: number): string {
    const characters = [...text];
    if (characters.length <= charactersMax) return text;
    return `${characters.slice(0, Math.max(1, charactersMax - 1)).join("").trimEnd()}…`;
}
