import assert from "node:assert/strict";
import { test } from "node:test";
import { joined, layoutBars, localMinutes, type Moment } from
    "../../../webui/app/src/lib/bars_layout";

function moments(count: number, minutes: number, from = "2026-11-20T22:50:00.000Z"): Moment[] {
    return Array.from({ length: count }, (_, index) => ({
        start: new Date(Date.parse(from) + index * minutes * 60_000).toISOString(),
        leaked: index % 5, prevented: index % 7,
    }));
}

const MEASURES = { left: 90, width: 900, height: 150, tickWidth: 76 };

test("up and down share one scale and fill the height", () => {
    const { bars, middle } = layoutBars(moments(100, 10), { ...MEASURES, height: 100 });
    const up = Math.max(...bars.map((bar) => bar.leakedHeight));
    const down = Math.max(...bars.map((bar) => bar.preventedHeight));
    assert.ok(Math.abs(up + down - 100) < 1e-6);
    assert.ok(Math.abs(up / down - 4 / 6) < 1e-6);
    assert.ok(Math.abs(middle - up) < 1e-6);
});

test("bars stay inside and do not overlap", () => {
    const { bars } = layoutBars(moments(144, 10), MEASURES);
    bars.forEach((bar, index) => {
        assert.ok(bar.x >= 90 && bar.x + bar.width <= 990);
        const next = bars[index + 1];
        if (next) assert.ok(bar.x + bar.width <= next.x + 1e-6);
    });
});

test("one contact beside ten thousand can still be seen; none cannot", () => {
    const some = [{ start: "2026-11-20T22:50:00Z", leaked: 1, prevented: 10_000 },
                  { start: "2026-11-20T23:00:00Z", leaked: 0, prevented: 0 }];
    const [first, second] = layoutBars(some, MEASURES).bars;
    assert.ok(first!.leakedHeight >= 1.5);
    assert.equal(second!.leakedHeight + second!.preventedHeight, 0);
});

test("one single contact does not fill the picture", () => {
    const { bars, height } = layoutBars([{ start: "2026-11-20T22:50:00Z", leaked: 1,
                                           prevented: 0 }], MEASURES);
    assert.ok(bars[0]!.leakedHeight <= 12);
    assert.ok(height < MEASURES.height);
});

test("no data gives no bars and no NaN", () => {
    const layout = layoutBars([], MEASURES);
    assert.deepEqual(layout.bars, []);
    assert.ok(Number.isFinite(layout.middle));
    assert.deepEqual(layout.ticks, []);
});

test("joining keeps the sums and starts rows at round local times", () => {
    const all = moments(144, 10);
    const few = joined(all, 30);
    assert.ok(few.length <= 31);
    for (const side of ["leaked", "prevented"] as const) {
        assert.equal(few.reduce((sum, one) => sum + one[side], 0),
                     all.reduce((sum, one) => sum + one[side], 0));
    }
    for (const one of few.slice(1)) assert.equal(localMinutes(one.start) % 60, 0);
});

test("joining does not change what it is given", () => {
    const all = moments(20, 10);
    const before = structuredClone(all);
    joined(all, 4);
    assert.deepEqual(all, before);
});

test("marks stand at round times and never closer than their labels", () => {
    for (const [count, minutes] of [[6, 10], [144, 10], [168, 60], [720, 60]] as const) {
        const some = joined(moments(count, minutes), 80);
        const { ticks, bars } = layoutBars(some, MEASURES);
        assert.ok(ticks.length > 0, `${count} of ${minutes}`);
        ticks.slice(1).forEach((tick, index) => {
            assert.ok(bars[tick]!.x - bars[ticks[index]!]!.x >= 60);
        });
    }
});

test("over several days a mark stands at midnight of the reader's clock", () => {
    const some = joined(moments(168, 60, "2026-11-14T11:00:00.000Z"), 80);
    const { ticks } = layoutBars(some, MEASURES);
    assert.equal(ticks.length, 7);
    for (const tick of ticks) assert.equal(new Date(some[tick]!.start).getHours(), 0);
});
