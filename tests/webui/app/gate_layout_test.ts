import assert from "node:assert/strict";
import { test } from "node:test";
import { band, GATE, layoutGate, mergeCells, OTHERS, partiesOf, shorten, trace,
         type Cell } from "../../../webui/app/src/lib/gate_layout";

const MEASURES = {
    scaleHeight: 300, contactHeightMax: 12, slotHeight: 28, gap: 12, gateGap: 34, top: 40,
};

const CELLS: Cell[] = [
    { device: "tv", company: "samsung", leaked: 5, prevented: 10 },
    { device: "tv", company: "google", leaked: 0, prevented: 20 },
    { device: "phone", company: "google", leaked: 9, prevented: 1 },
    { device: "phone", company: "meta", leaked: 2, prevented: 0 },
];

function many(count: number): Cell[] {
    return Array.from({ length: count }, (_, index) => ({
        device: `d${index}`, company: `c${index % 20}`, leaked: index, prevented: 3,
    }));
}

const close = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-6, `${a} is not ${b}`);

test("parties are sorted by what leaked, then by all, then by id", () => {
    assert.deepEqual(partiesOf(CELLS, "device").map(({ id, leaked, total }) => [id, leaked, total]),
                     [["phone", 11, 12], ["tv", 5, 35]]);
    assert.deepEqual(partiesOf(CELLS, "company").map(({ id }) => id),
                     ["google", "samsung", "meta"]);
});

test("a party without contacts is not drawn", () => {
    const cells = [...CELLS, { device: "mute", company: "none", leaked: 0, prevented: 0 }];
    assert.equal(partiesOf(cells, "device").length, 2);
    assert.equal(partiesOf(cells, "company").length, 3);
});

test("twelve stay as they are; more become eleven and the others", () => {
    assert.equal(partiesOf(many(12), "device").length, 12);
    const parties = partiesOf(many(30), "device");
    assert.equal(parties.length, 12);
    assert.equal(parties.at(-1)?.id, OTHERS);
    assert.equal(parties.at(-1)?.merged, 19);
});

test("putting parties together loses no contact", () => {
    const cells = many(40);
    const merged = mergeCells(cells, partiesOf(cells, "device"), partiesOf(cells, "company"));
    const sum = (some: Cell[], side: "leaked" | "prevented") =>
        some.reduce((all, cell) => all + cell[side], 0);
    assert.equal(sum(merged, "leaked"), sum(cells, "leaked"));
    assert.equal(sum(merged, "prevented"), sum(cells, "prevented"));
});

test("all columns carry the same height of contacts", () => {
    const layout = layoutGate(CELLS, MEASURES);
    const heights = (some: { height: number }[]) =>
        some.reduce((all, { height }) => all + height, 0);
    close(heights(layout.devices), 300);
    close(heights(layout.companies), 300);
    close(layout.gate.leakedHeight + layout.gate.wallHeight, 300);
    close(heights(layout.leakedIn), layout.gate.leakedHeight);
    close(heights(layout.leakedOut), layout.gate.leakedHeight);
    close(heights(layout.preventedIn), layout.gate.wallHeight);
});

test("inside each device the leaked ribbon lies above the prevented one", () => {
    const layout = layoutGate(many(8), MEASURES);
    for (const node of layout.devices) {
        const up = layout.leakedIn.find((ribbon) => ribbon.from === node.id);
        const down = layout.preventedIn.find((ribbon) => ribbon.from === node.id);
        if (up) close(up.y0, node.y);
        if (up && down) close(down.y0, up.y0 + up.height);
        if (down) close(down.y0 + down.height, node.y + node.height);
    }
});

test("ribbons meet the gate in order, without overlap", () => {
    const layout = layoutGate(many(10), MEASURES);
    let y = layout.gate.leakedY;
    for (const ribbon of layout.leakedIn) {
        close(ribbon.y1, y);
        y += ribbon.height;
    }
    assert.ok(layout.gate.wallY >= y + MEASURES.gateGap - 1e-6);
});

test("labels keep their distance and everything lies inside the picture", () => {
    const layout = layoutGate(many(60), MEASURES);
    for (const column of [layout.devices, layout.companies]) {
        column.forEach((node, index) => {
            assert.ok(node.y >= MEASURES.top - 1e-6);
            assert.ok(node.y + node.height <= layout.height + 1e-6);
            const next = column[index + 1];
            if (next) assert.ok(next.y - node.y >= MEASURES.slotHeight - 1e-6);
        });
    }
    assert.ok(layout.gate.wallY + layout.gate.wallHeight <= layout.height);
});

test("a trace follows one device through the gate to the companies it reached", () => {
    const layout = layoutGate(CELLS, MEASURES);
    const bands = trace(layout, "device", "phone");
    assert.deepEqual(bands.map(({ from, to, count }) => [from, to, count]),
                     [["phone", GATE, 11], [GATE, "google", 9], [GATE, "meta", 2]]);
    close(bands[1]!.height + bands[2]!.height, bands[0]!.height);
});

test("a trace of a company goes back to the devices", () => {
    const bands = trace(layoutGate(CELLS, MEASURES), "company", "samsung");
    assert.deepEqual(bands.map(({ from, to }) => [from, to]), [[GATE, "samsung"], ["tv", GATE]]);
    assert.deepEqual(trace(layoutGate(CELLS, MEASURES), "company", "nobody"), []);
});

test("one single contact does not fill the picture", () => {
    const layout = layoutGate([{ device: "a", company: "b", leaked: 1, prevented: 0 }], MEASURES);
    close(layout.devices[0]!.height, 12);
    close(layout.gate.leakedHeight, 12);
});

test("nothing at all gives an empty picture, not NaN", () => {
    const layout = layoutGate([], MEASURES);
    assert.equal(layout.devices.length, 0);
    assert.ok(Number.isFinite(layout.height) && layout.gate.leakedHeight === 0);
    const zero = layoutGate([{ device: "a", company: "b", leaked: 0, prevented: 0 }], MEASURES);
    assert.equal(zero.leakedIn.length + zero.preventedIn.length, 0);
});

test("a band is a closed path with finite numbers", () => {
    const path = band({ from: "a", to: GATE, count: 1, y0: 1, y1: 2.345, height: 0 }, 0, 100);
    assert.match(path, /^M0 1C50 1 50 2\.3 100 2\.3V3\.1C.*Z$/);
});

test("labels are shortened by characters, not by halves of them", () => {
    assert.equal(shorten("Stue", 10), "Stue");
    assert.equal(shorten("Høyttaler på kjøkkenet", 10), "Høyttaler…");
    assert.equal(shorten("📺📺📺📺", 3), "📺📺…");
});
