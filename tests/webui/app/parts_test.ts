// Small pure functions of pages and parts.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CompanyList, ContactRow } from "../../../webui/app/src/lib/api";
import { amount, country, date, moment } from "../../../webui/app/src/lib/format";
import { language } from "../../../webui/app/src/lib/i18n";
import { withNew } from "../../../webui/app/src/lib/live";
import { matrixOf } from "../../../webui/app/src/lib/matrix";
import { routeOf } from "../../../webui/app/src/lib/router";
import { passwordFault } from "../../../webui/app/src/pages/access";
import { purposesOf } from "../../../webui/app/src/pages/device";
import { lossesOf } from "../../../webui/app/src/pages/status";
import { localField } from "../../../webui/app/src/parts/event_filter";
import { isStale } from "../../../webui/app/src/parts/frame";
import { ruleBefore, ruleOffered } from "../../../webui/app/src/parts/rule_buttons";
import { sorted, type Column } from "../../../webui/app/src/parts/sort_table";
import { namesFrom } from "../../../webui/app/src/parts/sum_tables";
import { sample } from "./samples";

test("addresses lead to their pages, ids decoded", () => {
    assert.deepEqual(routeOf("/"), { page: "overview", id: "" });
    assert.deepEqual(routeOf("/status"), { page: "status", id: "" });
    assert.deepEqual(routeOf("/devices/"), { page: "devices", id: "" });
    assert.deepEqual(routeOf("/devices/3c%3A22%3Afb"), { page: "device", id: "3c:22:fb" });
    assert.deepEqual(routeOf("/companies/a%2Fb"), { page: "company", id: "a/b" });
});

test("other addresses are missing pages, broken escapes as well", () => {
    for (const path of ["/settings", "/devices/a/b", "/devices/%E0%A4%A", "//evil.example"]) {
        assert.equal(routeOf(path).page, "missing", path);
    }
});

test("the matrix has the same sums as its cells, and shades by what leaked", () => {
    const matrix = matrixOf([
        { device: "a", company: "x", leaked: 9, prevented: 1 },
        { device: "a", company: "y", leaked: 2, prevented: 0 },
        { device: "b", company: "y", leaked: 0, prevented: 7 },
    ]);
    assert.equal(matrix.leaked, 11);
    assert.equal(matrix.total, 19);
    assert.deepEqual(matrix.rows.map((row) => row.fields.map((field) => field.shade)),
                     [[2, 1], [0, 0]]);
    assert.deepEqual(matrix.rows[1]!.fields.map((field) => field.total), [0, 7]);
});

test("a live event replaces its older self and comes first", () => {
    const old = sample({ id: "a", last: "2026-11-21T14:00:00.000Z", attempts: 1 });
    const other = sample({ id: "b", last: "2026-11-21T14:01:00.000Z" });
    const newer = sample({ id: "a", last: "2026-11-21T14:02:00.000Z", attempts: 5 });
    const rows = withNew([other, old], [newer], 10);
    assert.deepEqual(rows.map((row) => [row.id, row.attempts]), [["a", 5], ["b", 4]]);
});

test("of one id twice in a message the last one counts, and rows are bounded", () => {
    const news = [1, 2, 3].map((attempts) => sample({ id: "a", attempts }));
    assert.deepEqual(withNew([], news, 10).map((row) => row.attempts), [3]);
    const many = Array.from({ length: 80 }, (_, index) => sample({ id: String(index) }));
    assert.equal(withNew(many, news, 50).length, 50);
});

test("what can be said about a name is the opposite of what happened", () => {
    assert.equal(ruleOffered({ result: "prevented" }), "allow");
    assert.equal(ruleOffered({ result: "leaked" }), "block");
});

test("undoing goes back to what the household had said, or to the lists", () => {
    assert.equal(ruleBefore({ cause: "household" }), "block");
    assert.equal(ruleBefore({ cause: "allowed_by_you" }), "allow");
    assert.equal(ruleBefore({ cause: "list" }), null);
});

test("a password is measured in bytes and must be the same twice", () => {
    assert.equal(passwordFault("kort", "kort"), "setup.too_short");
    assert.equal(passwordFault("korrekt hest", "korrekt hest"), "");
    assert.equal(passwordFault("korrekt hest", "korrekt Hest"), "setup.differ");
    assert.equal(passwordFault("æøåæø", "æøåæø"), "");
    assert.equal(passwordFault("a".repeat(257), "a".repeat(257)), "setup.too_long");
});

test("names sort as Norwegian does: å last", () => {
    language.value = "nb";
    const column: Column<string> = { key: "n", label: "", cell: (row) => row, by: (row) => row };
    assert.deepEqual(sorted(["Ås", "Bil", "Ære", "Øl", "TV 10", "TV 9"], column, false),
                     ["Bil", "TV 9", "TV 10", "Ære", "Øl", "Ås"]);
});

test("numbers sort as numbers, and sorting leaves the rows alone", () => {
    const rows = [10, 9, 100];
    const column: Column<number> = { key: "n", label: "", cell: String, by: (row) => row };
    assert.deepEqual(sorted(rows, column, true), [100, 10, 9]);
    assert.deepEqual(rows, [10, 9, 100]);
});

test("a company's names are added up over devices", () => {
    const row = (device: string, name: string, leaked: number): ContactRow => ({
        device: { id: device, name: device }, name, company: null, purpose: { id: "other" }, leaked,
        prevented: 1, attempts: 1, bytes_up: 0, bytes_down: 0, first: "", last: "",
    });
    assert.deepEqual(namesFrom([row("a", "x.example", 2), row("b", "x.example", 3)]),
                     [{ name: "x.example", purpose: "other", leaked: 5, prevented: 2 }]);
});

test("purposes are added up over companies", () => {
    const companies = [[["advertising", 1, 2]], [["advertising", 3, 4], ["cdn", 0, 1]]].map(
        (purposes) => ({ purposes: purposes.map(([id, leaked, prevented]) =>
            ({ id, leaked, prevented })) }));
    assert.deepEqual(purposesOf({ companies } as unknown as CompanyList),
                     [{ id: "advertising", leaked: 4, prevented: 6 },
                      { id: "cdn", leaked: 0, prevented: 1 }]);
});

test("countries have names, unknown ones a word", () => {
    language.value = "nb";
    assert.equal(country("NO"), "Norge");
    assert.equal(country(null), "Ukjent land");
    assert.equal(country("not a code"), "not a code");
});

test("amounts have units, times a day when it is not today", () => {
    language.value = "nb";
    const now = new Date("2026-11-21T14:00:00Z");
    assert.equal(amount(1500), "1,5 kB");
    assert.equal(amount(0), "0 byte");
    assert.match(amount(3_400_000_000), /3,4\sGB/);
    assert.equal(moment("2026-11-21T13:05:00Z", now), "14:05");
    assert.match(moment("2026-11-19T13:05:00Z", now), /^19\. nov\..*14:05$/);
    assert.match(moment("2025-11-19T13:05:00Z", now), /2025/);
    assert.equal(moment("nonsense"), "–");
    assert.equal(date("2026-11-21T00:00:00Z"), "21. november 2026");
});

test("a list of trackers is stale after three months, an unknown date is not", () => {
    const now = Date.parse("2026-11-21T00:00:00Z");
    assert.equal(isStale("2026-09-01T00:00:00Z", now), false);
    assert.equal(isStale("2026-08-01T00:00:00Z", now), true);
    assert.equal(isStale(null, now), false);
    assert.equal(isStale("unknown", now), false);
});

test("the fields of an own period hold the reader's clock", () => {
    assert.equal(localField("2026-07-01T10:00:00Z"), "2026-07-01T12:00");
    assert.equal(localField(""), "");
});

test("only what was missed is a loss, and only where there was any", () => {
    assert.deepEqual(lossesOf({ packets: 9, malformed: 3, flows_refused: 0, datagrams_lost: 2 }),
                     [["datagrams_lost", 2]]);
    assert.deepEqual(lossesOf({}), []);
});
