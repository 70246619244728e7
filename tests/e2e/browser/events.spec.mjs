import { expect, test } from "./fixtures.mjs";

const rows = (page) => page.locator("tr.event");

test("the filter is wholly in the address", async ({ page, open }) => {
    await open("/events");
    await page.getByLabel("Resultat").selectOption("leaked");
    await expect(page).toHaveURL(/\?result=leaked$/);
    await expect(rows(page).first()).toBeVisible();
    await expect(page.locator("tr.event.prevented")).toHaveCount(0);
    await page.getByLabel("Periode").selectOption("7d");
    await expect(page).toHaveURL(/range=7d/);
    await page.reload();
    await expect(page.getByLabel("Resultat")).toHaveValue("leaked");
    await expect(page.getByLabel("Periode")).toHaveValue("7d");
    await page.getByRole("button", { name: "Fjern filteret" }).click();
    await expect(page).toHaveURL(/\/events$/);
});

test("a linked view shows only what it says @stub", async ({ page, open }) => {
    await open("/events?range=30d&device=3c%3A22%3Afb%3A12%3A34%3A02&company=samsung" +
               "&purpose=smart-tv&result=prevented&q=LOGS");
    await expect(rows(page).first()).toBeVisible();
    for (const text of await rows(page).allInnerTexts()) {
        expect(text).toContain("TV i stua");
        expect(text).toContain("logs.samsung.example");
        expect(text).toContain("Stanset");
    }
    await expect(page.getByLabel("Del av adressen")).toHaveValue("logs");
});

test("part of an address is searched for @stub", async ({ page, open }) => {
    await open("/events");
    await page.getByLabel("Del av adressen").fill("CRITEO");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/q=criteo/);
    await expect(rows(page).first()).toContainText("criteo");
    await page.getByLabel("Del av adressen").fill("no-such-name");
    await page.getByRole("button", { name: "Søk" }).click();
    await expect(page.getByRole("heading", { name: "Ingenting passer med filteret" }))
        .toBeVisible();
});

test("an own period is a filter like the others @stub", async ({ page, open, stub }) => {
    await open("/events");
    await page.getByLabel("Periode").selectOption("own");
    const day = (ago) => new Date(stub.now - ago * 86_400_000).toISOString().slice(0, 10);
    await page.getByLabel("Fra").fill(`${day(6)}T08:00`);
    await page.getByLabel("Til", { exact: true }).fill(`${day(3)}T08:00`);
    await expect(page).toHaveURL(/from=.*&to=/);
    await expect(rows(page).first()).toBeVisible();
    await expect(page.getByRole("checkbox", { name: "Direkte" })).toHaveCount(0);
});

test("a row tells why, in a sentence", async ({ page, open }) => {
    await open("/events");
    const button = page.locator(".turn button").first();
    await button.focus();
    await page.keyboard.press("Enter");
    await expect(button).toHaveAttribute("aria-expanded", "true");
    await expect(page.locator(".details .why")).toContainText(/Adressen tilhører|Hvem som eier/);
    await page.keyboard.press("Enter");
    await expect(page.locator(".details")).toHaveCount(0);
});

test("older events come by cursor, each once @stub", async ({ page, open }) => {
    await open("/events");
    await expect(rows(page)).toHaveCount(50);
    await page.getByRole("button", { name: "Vis flere" }).click();
    await expect(rows(page)).toHaveCount(100);
    const times = await page.locator("tr.event time").evaluateAll(
        (list) => list.map((time) => time.dateTime));
    expect(times).toEqual([...times].sort().reverse());
});

test("allow a name in one press, and undo it @stub", async ({ page, open, stub }) => {
    await open("/events?result=prevented&q=criteo");
    await page.locator(".turn button").first().click();
    const press = page.getByRole("button", { name: /^Tillat / });
    const name = (await press.innerText()).replace("Tillat ", "");
    await press.click();
    await expect(page.locator(".rule [role=status]")).toHaveText(`${name} er tillatt fra nå av`);
    expect(stub.rules.get(name)).toBe("allow");
    await page.getByRole("button", { name: "Angre" }).click();
    await expect(page.locator(".rule [role=status]")).toContainText("er som før");
    expect(stub.rules.has(name)).toBe(false);
    expect(stub.ordered.map((order) => order.method)).toEqual(["PUT", "DELETE"]);
});

test("undoing gives the household's own word back @stub", async ({ page, open, stub }) => {
    const [event] = stub.push(1, { result: "prevented", cause: "household", name: "own.example" });
    await open("/events?q=own.example");
    await page.locator(".turn button").first().click();
    await page.getByRole("button", { name: "Tillat own.example" }).click();
    await page.getByRole("button", { name: "Angre" }).click();
    await expect(page.locator(".rule [role=status]")).toContainText("er som før");
    expect(stub.rules.get(event.name)).toBe("block");
});

test("stop a name that leaked @stub", async ({ page, open, stub }) => {
    await open("/events?result=leaked&q=tiktok");
    await page.locator(".turn button").first().click();
    await page.getByRole("button", { name: /^Stans / }).click();
    await expect(page.locator(".rule [role=status]")).not.toBeEmpty();
    expect(stub.ordered.map((order) => order.body)).toEqual([{ rule: "block" }]);
});

test("events come live, and what does not match the filter does not @stub",
     async ({ page, open, stub }) => {
    await open("/events?result=leaked");
    await expect.poll(() => stub.sockets.size).toBe(1);
    stub.push(1, { result: "leaked", name: "brand-new.example" });
    stub.push(1, { result: "prevented", name: "elsewhere.example" });
    await expect(rows(page).first()).toContainText("brand-new.example");
    await expect(page.getByText("elsewhere.example")).toHaveCount(0);
});

test("nothing moves while somebody reads in the table @stub", async ({ page, open, stub }) => {
    await open("/events");
    await expect.poll(() => stub.sockets.size).toBe(1);
    await page.locator(".turn button").first().focus();
    const before = await rows(page).first().innerText();
    stub.push(3);
    const show = page.getByRole("button", { name: "Vis 3 nye hendelser" });
    await expect(show).toBeVisible();
    expect(await rows(page).first().innerText()).toBe(before);
    await show.click();
    await expect(show).toHaveCount(0);
    await expect(rows(page).first()).not.toHaveText(before);
});

test("an event that goes on stays one row @stub", async ({ page, open, stub }) => {
    await open("/events");
    await expect.poll(() => stub.sockets.size).toBe(1);
    const [event] = stub.push(1, { name: "again.example" });
    await expect(rows(page).first()).toContainText("again.example");
    stub.push(1, { ...event, attempts: 99, last: new Date().toISOString() });
    await expect(page.locator("tr.event", { hasText: "again.example" })).toHaveCount(1);
});

test("live can be switched off @stub", async ({ page, open, stub }) => {
    await open("/events");
    await expect.poll(() => stub.sockets.size).toBe(1);
    await page.getByRole("checkbox", { name: "Direkte" }).uncheck();
    await expect.poll(() => stub.sockets.size).toBe(0);
});

test("the connection is made again when it is lost @stub", async ({ page, open, stub }) => {
    await open("/events");
    await expect.poll(() => stub.sockets.size).toBe(1);
    for (const socket of stub.sockets) socket.destroy();
    await expect(page.getByText("Mistet forbindelsen, prøver igjen")).toBeVisible();
    await expect.poll(() => stub.sockets.size).toBe(1);
    stub.push(1, { name: "after-the-break.example" });
    await expect(rows(page).first()).toContainText("after-the-break.example");
});
