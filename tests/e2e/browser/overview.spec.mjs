import { expect, test, toNumber } from "./fixtures.mjs";

async function summaryOf(page, url, range = "24h") {
    return (await page.request.get(`${url}/api/v1/summary?range=${range}`)).json();
}

test("the sentence tells the API's numbers, with 'at least'", async ({ page, open, url }) => {
    await open("/");
    const summary = await summaryOf(page, url);
    const sentence = page.locator(".sentence");
    await expect(sentence).toContainText("minst");
    const [devices, times, companies] = await sentence.locator("> strong").allInnerTexts();
    expect(toNumber(devices)).toBe(summary.devices);
    expect(toNumber(companies)).toBe(summary.companies);
    expect(toNumber(times)).toBe(summary.leaked + summary.prevented);
    expect(toNumber(await sentence.locator("strong.leaked").innerText())).toBe(summary.leaked);
    expect(toNumber(await sentence.locator("strong.prevented").innerText()))
        .toBe(summary.prevented);
});

test("picture and table have equal sums", async ({ page, open }) => {
    await open("/");
    const gate = page.locator("section", { has: page.locator("#gate-title") });
    const [leaked, prevented] =
        (await gate.locator(".gate-label").allTextContents()).map(toNumber);
    await gate.getByRole("radio", { name: "Tabell" }).check({ force: true });
    await expect(gate.locator("svg.gate")).toHaveCount(0);
    const [some, all] = (await gate.locator("tfoot .sum").innerText()).split("/").map(toNumber);
    expect([some, all]).toEqual([leaked, leaked + prevented]);

    const bars = page.locator("section", { has: page.locator("#bars-title") });
    await bars.getByRole("radio", { name: "Tabell" }).check({ force: true });
    const sums = (await bars.locator("tfoot td").allInnerTexts()).map(toNumber);
    const rows = await bars.locator("tbody tr").evaluateAll((list) => list.map((row) =>
        [...row.querySelectorAll("td")].map((cell) => Number(cell.innerText.replace(/\D/g, "")))));
    expect(sums).toEqual([0, 1].map((at) => rows.reduce((sum, row) => sum + row[at], 0)));
});

test("picture and table change by the arrow keys", async ({ page, open }) => {
    await open("/");
    const picture = page.getByRole("radio", { name: "Bilde" }).first();
    await picture.focus();
    await page.keyboard.press("ArrowRight");
    await expect(page.getByRole("radio", { name: "Tabell" }).first()).toBeChecked();
    await expect(page.locator("table.matrix")).toBeVisible();
    await page.reload();
    await expect(page.locator("table.matrix")).toBeVisible();
});

test("a node of the picture is a link that says its numbers", async ({ page, open }) => {
    await open("/");
    const node = page.locator("svg.gate a.party").first();
    await expect(node).toHaveAttribute("aria-label", /\d+ av \d+ lekket$/);
    await node.focus();
    await expect(page.locator("svg.gate .all.dim")).toHaveCount(1);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/devices\/.+/);
    await expect(page.locator("h1")).toBeFocused();
});

test("more than twelve companies become eleven and the others @stub", async ({ page, open }) => {
    await open("/?range=30d");
    const labels = await page.locator("svg.gate .parties").last().locator("text").allTextContents();
    expect(labels).toHaveLength(12);
    expect(labels.at(-1)).toMatch(/^andre \(\d+\)/);
});

test("the period stands in the address and goes along", async ({ page, open, url }) => {
    await open("/");
    await page.getByLabel("Periode").selectOption("7d");
    await expect(page).toHaveURL(/\?range=7d$/);
    await expect(page.locator(".sentence")).toContainText("De siste 7 dagene");
    const summary = await summaryOf(page, url, "7d");
    await expect.poll(async () =>
        toNumber(await page.locator(".sentence strong.leaked").innerText())).toBe(summary.leaked);
    await page.getByRole("navigation").getByRole("link", { name: "Enheter" }).click();
    await expect(page).toHaveURL(/\/devices\?range=7d$/);
});

test("a bar tells its numbers on pointing", async ({ page, open }) => {
    await open("/");
    await page.locator("svg.bars .bar").nth(20).hover();
    await expect(page.locator(".readout")).toHaveText(/\d+ lekket, \d+ stanset$/);
});

test("the page is marked as a demonstration only when it is one @stub", async ({ page, open }) => {
    await open("/");
    await expect(page.locator(".banner.demo")).toHaveCount(0);
});

test.describe("demonstration", () => {
    test.use({ state: "demo" });
    test("says so on every page, and may be read without a password @stub",
         async ({ page, open }) => {
        for (const path of ["/", "/devices", "/companies", "/events"]) {
            await open(path);
            await expect(page.locator(".banner.demo"))
                .toHaveText("Demonstrasjon: disse tallene er ikke fra ditt nett");
        }
        await page.locator(".turn button").first().click();
        await page.getByRole("link", { name: /^Logg inn for å endre/ }).click();
        await expect(page.getByRole("heading", { name: "Logg inn" })).toBeVisible();
        await page.getByRole("link", { name: "Tilbake uten å logge inn" }).click();
        await expect(page.locator(".sentence")).toBeVisible();
    });
});
