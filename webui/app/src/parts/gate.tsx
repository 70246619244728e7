// The gate picture: device | gate | company, laid out for the width that there is.
import { useState } from "preact/hooks";
import { addressOf, type Filter } from "../lib/filter";
import { number } from "../lib/format";
import { band, GATE, layoutGate, line, OTHERS, shorten, trace } from "../lib/gate_layout";
import type { Cell, GateLayout, GateMeasures, Node, Ribbon } from "../lib/gate_layout";
import { t } from "../lib/i18n";
import type { Names } from "./names";
import { useWidth } from "./use_width";

const NARROW = 620;
const NODE = 12;
const GATE_WIDTH = 16;
const CHARACTER = 7.9;  // mean width at the label's size

interface Columns {
    narrow: boolean;
    width: number;
    device: number;   // right edge of the device nodes
    gate: number;     // left edge of the gate
    company: number;  // left edge of the company nodes
    /** Characters a label may have. */
    characters: number;
}

type Side = "device" | "company";
interface Chosen { side: Side; id: string }

function columnsFor(width: number): Columns {
    const narrow = width < NARROW;
    const label = narrow ? 0 : Math.min(230, Math.round(width * 0.23));
    return {
        narrow, width,
        device: label + NODE,
        gate: Math.round((width - GATE_WIDTH) / 2),
        company: width - label - NODE,
        characters: Math.floor((narrow ? width / 2 - 14 : label - 10) / CHARACTER),
    };
}

const WIDE: GateMeasures = {
    scaleHeight: 300, contactHeightMax: 12, slotHeight: 28, gap: 12, gateGap: 34, top: 40,
};
const SLIM: GateMeasures = {
    scaleHeight: 220, contactHeightMax: 12, slotHeight: 52, gap: 46, gateGap: 24, top: 86,
};

interface NodeProps {
    node: Node;
    side: Side;
    names: Names;
    at: Columns;
    address: string | null;
    choose: (chosen: Chosen | null) => void;
}

function labelPlace({ node, side, at }: NodeProps) {
    const left = side === "device";
    if (at.narrow) {
        return { x: left ? 0 : at.width, y: node.y - 22, anchor: left ? "start" : "end" };
    }
    return { x: left ? at.device - NODE - 10 : at.company + NODE + 10,
             y: node.y + node.height / 2 + 5, anchor: left ? "end" : "start" };
}

function GateNode(props: NodeProps) {
    const { node, side, names, at, address, choose } = props;
    const place = labelPlace(props);
    const counts = `${number(node.leaked)}/${number(node.total)}`;
    const name = node.id === OTHERS ? t("count.others", { count: node.merged })
        : names.of(side, node.id);
    const x = side === "device" ? at.device - NODE : at.company;
    const room = at.narrow ? 0 : Math.max(0, at.device - NODE - 12);
    const edge = side === "device" ? place.x - room : x;
    const told = t("gate.node", { name, leaked: node.leaked, total: node.total });
    const drawn = (
        <>
            <title>{told}</title>
            <rect class="node-hit" x={at.narrow && side === "company" ? at.width / 2 + 12 : edge}
                  y={place.y - 16} height={at.narrow ? 36 : 24}
                  width={at.narrow ? at.width / 2 - 12 : Math.abs(place.x - x) + room} />
            <rect class="node" x={x} y={node.y} width={NODE} height={Math.max(node.height, 2)} />
            <text x={place.x} y={place.y} text-anchor={place.anchor}>
                {shorten(name, Math.max(5, at.characters - (at.narrow ? 0 : counts.length + 1)))}
                {at.narrow ? <tspan class="counts" x={place.x} dy="15">{counts}</tspan>
                    : <tspan class="counts" dx="6">{counts}</tspan>}
            </text>
        </>
    );
    const watch = {
        onMouseEnter: () => choose({ side, id: node.id }), onMouseLeave: () => choose(null),
        onFocus: () => choose({ side, id: node.id }), onBlur: () => choose(null),
    };
    if (address === null) return <g class="party">{drawn}</g>;
    return <a class="party" href={address} aria-label={told} {...watch}>{drawn}</a>;
}

function bandsOf(ribbons: Ribbon[], x0: number, x1: number, name: string) {
    return ribbons.map((ribbon) => (
        <path key={`${ribbon.from}>${ribbon.to}`} class={name} d={band(ribbon, x0, x1)} />
    ));
}

function Ribbons({ layout, at, chosen }:
                 { layout: GateLayout; at: Columns; chosen: Chosen | null }) {
    const right = at.gate + GATE_WIDTH;
    const traced = chosen ? trace(layout, chosen.side, chosen.id) : [];
    const stopped = chosen?.side === "device"
        ? layout.preventedIn.filter((ribbon) => ribbon.from === chosen.id) : [];
    const missed = chosen?.side === "company"
        ? layout.wouldBe.filter((ribbon) => ribbon.to === chosen.id) : [];
    return (
        <g class="ribbons" aria-hidden="true">
            <g class={chosen ? "all dim" : "all"}>
                {bandsOf(layout.preventedIn, at.device, at.gate, "band-prevented")}
                {layout.wouldBe.map((ribbon) => (
                    <path key={ribbon.to} class="would" d={line(ribbon, right, at.company)} />
                ))}
                {bandsOf(layout.leakedIn, at.device, at.gate, "band-leaked")}
                {bandsOf(layout.leakedOut, right, at.company, "band-leaked")}
            </g>
            {bandsOf(stopped, at.device, at.gate, "band-prevented")}
            {missed.map((ribbon) => (
                <path key={ribbon.to} class="would" d={line(ribbon, right, at.company)} />
            ))}
            {bandsOf(traced.filter((one) => one.to === GATE), at.device, at.gate, "band-leaked")}
            {bandsOf(traced.filter((one) => one.from === GATE), right, at.company, "band-leaked")}
        </g>
    );
}

function Wall({ layout, at }: { layout: GateLayout; at: Columns }) {
    const { gate, devices } = layout;
    const leaked = devices.reduce((sum, node) => sum + node.leaked, 0);
    const total = devices.reduce((sum, node) => sum + node.total, 0);
    const middle = at.gate + GATE_WIDTH / 2;
    return (
        <g class="wall" aria-hidden="true">
            {leaked > 0 && <rect class="gate-open" x={at.gate} y={gate.leakedY} width={GATE_WIDTH}
                                 height={Math.max(gate.leakedHeight, 2)} />}
            {total > leaked && <rect class="gate-wall" x={at.gate} y={gate.wallY}
                                     width={GATE_WIDTH} height={Math.max(gate.wallHeight, 2)} />}
            <text class="gate-label leaked" x={middle} y={at.narrow ? 40 : gate.leakedY - 12}
                  text-anchor="middle">
                {`${t("word.leaked")} ${number(leaked)}`}
            </text>
            <text class="gate-label prevented" x={middle} text-anchor="middle"
                  y={at.narrow ? layout.height + 8 : gate.wallY + gate.wallHeight + 24}>
                {`${t("word.prevented")} ${number(total - leaked)}`}
            </text>
        </g>
    );
}

function Headings({ at }: { at: Columns }) {
    const left = at.narrow ? 0 : at.device;
    const right = at.narrow ? at.width : at.company;
    return (
        <g class="column-heads" aria-hidden="true">
            <text x={left} y="16" text-anchor={at.narrow ? "start" : "end"}>
                {at.narrow ? t("gate.device") : `${t("gate.device")}: ${t("gate.numbers")}`}
            </text>
            {!at.narrow && (
                <text x={at.width / 2} y="16" text-anchor="middle">{t("gate.gate")}</text>
            )}
            <text x={right} y="16" text-anchor={at.narrow ? "end" : "start"}>
                {at.narrow ? t("gate.company") : `${t("gate.company")}: ${t("gate.numbers")}`}
            </text>
        </g>
    );
}

export function GatePicture({ cells, names, filter }:
                            { cells: Cell[]; names: Names; filter: Filter }) {
    const [ref, width] = useWidth<HTMLDivElement>();
    const [chosen, choose] = useState<Chosen | null>(null);
    const at = columnsFor(width);
    const layout = layoutGate(cells, at.narrow ? SLIM : WIDE);
    const leaked = cells.reduce((sum, cell) => sum + cell.leaked, 0);
    const prevented = cells.reduce((sum, cell) => sum + cell.prevented, 0);
    const span = { range: filter.range, from: filter.from, to: filter.to };
    const addressOfNode = (side: Side, id: string) => {
        const folder = side === "device" ? "/devices/" : "/companies/";
        return id === OTHERS ? null : addressOf(folder + encodeURIComponent(id), span);
    };
    const height = Math.ceil(layout.height + (at.narrow ? 16 : 12));
    return (
        <div ref={ref} class="picture">
            <svg class="gate" width={width} height={height} viewBox={`0 0 ${width} ${height}`}
                 role="group" aria-label={t("gate.label", { leaked, prevented })}>
                <Headings at={at} />
                <Ribbons layout={layout} at={at} chosen={chosen} />
                <Wall layout={layout} at={at} />
                {(["device", "company"] as const).map((side) => (
                    <g key={side} class="parties">
                        {(side === "device" ? layout.devices : layout.companies).map((node) => (
                            <GateNode key={node.id} node={node} side={side} names={names} at={at}
                                      address={addressOfNode(side, node.id)} choose={choose} />
                        ))}
                    </g>
                ))}
            </svg>
        </div>
    );
}
