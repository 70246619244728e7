import assert from "node:assert/strict";
import { test } from "node:test";
import type { Event } from "../../../webui/app/src/lib/api";
import { accepts, addressOf, EVERYTHING, filterFrom, queryOf, searchFrom, stepFor,
         type Filter } from "../../../webui/app/src/lib/filter";
import { sample } from "./samples";

const FULL: Filter = {
    range: "7d", from: "2026-11-20T10:00:00Z", to: "2026-11-21T10:00:00Z",
    device: "3c:22:fb:12:34:01", company: "meta", purpose: "session-replay", result: "leaked",
    q: "pixel.example",
};

test("no search part is everything, and everything has no search part", () => {
    assert.deepEqual(filterFrom(""), EVERYTHING);
    assert.equal(searchFrom(EVERYTHING), "");
});

test("every filter survives the way through the address bar", () => {
    assert.deepEqual(filterFrom(searchFrom(FULL)), FULL);
    for (const key of Object.keys(FULL) as (keyof Filter)[]) {
        if (key === "from" || key === "to") continue;
        const one = { ...EVERYTHING, [key]: FULL[key] };
        assert.deepEqual(filterFrom(searchFrom(one)), one, key);
    }
});

test("hostile values come back as the same text", () => {
    const hostile = { ...EVERYTHING, device: "&company=x#?<script>", q: "a&b=c%20" };
    assert.deepEqual(filterFrom(searchFrom(hostile)), hostile);
});

test("what is typed wrong in the address is dropped, never passed on", () => {
    const filter = filterFrom("?range=2h&result=blocked&from=yesterday&to=now&color=red");
    assert.deepEqual(filter, EVERYTHING);
    assert.equal(queryOf(filter).toString(), "range=24h");
});

test("inherited names are not ranges", () => {
    assert.equal(filterFrom("?range=constructor").range, "24h");
    assert.equal(filterFrom("?range=__proto__").range, "24h");
});

test("a span that ends before it begins, or has one end only, is dropped", () => {
    const backwards = "?from=2026-11-21T10:00:00Z&to=2026-11-20T10:00:00Z";
    assert.equal(filterFrom(backwards).from, "");
    assert.equal(filterFrom("?from=2026-11-21T10:00:00Z").from, "");
});

test("the API is asked for from and to, or for a range, never for both", () => {
    assert.deepEqual([...queryOf(FULL).keys()],
                     ["from", "to", "device", "company", "purpose", "result", "q"]);
    assert.equal(queryOf({ ...EVERYTHING, company: "none" }).toString(), "range=24h&company=none");
});

test("part of a name is compared in lower case and not longer than a name", () => {
    assert.equal(filterFrom("?q=%20PiXeL%20").q, "pixel");
    assert.equal(filterFrom(`?q=${"a".repeat(1000)}`).q.length, 253);
});

test("links keep only what they are given", () => {
    assert.equal(addressOf("/events", { device: "192.168.1.2", range: "24h" }),
                 "/events?device=192.168.1.2");
});

test("a live event is shown only where it belongs", () => {
    const event: Event = sample();
    const cases: [Partial<Filter>, boolean][] = [
        [{}, true], [{ device: event.device.id }, true], [{ device: "other" }, false],
        [{ company: "meta" }, true], [{ company: "none" }, false],
        [{ result: "prevented" }, true], [{ result: "leaked" }, false],
        [{ purpose: "advertising" }, true], [{ purpose: "cdn" }, false],
        [{ q: "facebook" }, true], [{ q: "google" }, false],
    ];
    for (const [part, expected] of cases) {
        assert.equal(accepts({ ...EVERYTHING, ...part }, event), expected, JSON.stringify(part));
    }
    assert.ok(accepts({ ...EVERYTHING, company: "none" }, { ...event, company: null }));
});

test("steps grow with the span and never flood the page", () => {
    assert.deepEqual([60, 1440, 10080, 43200, 527040].map((minutes) => stepFor(minutes).step),
                     ["10m", "10m", "1h", "1h", "1d"]);
});
