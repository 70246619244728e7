// Nothing there, nothing answers, something is wrong; and the keyboard.
import { expect, expectAccessible, expectNoSidewaysScroll, keepScreenshot, test } from
    "./fixtures.mjs";

test("when the appliance falls silent, the numbers stay and a banner says so @stub",
     async ({ page, open, stub }) => {
    test.slow();
    await page.clock.install();
    await open("/");
    const before = await page.locator(".sentence").innerText();
    stub.broken = true;
    await page.clock.runFor(31_000);
    await expect(page.locator(".banner.lost")).toContainText("Sporvakt svarer ikke");
    expect(await page.locator(".sentence").innerText()).toBe(before);
    await keepScreenshot(page, "unreachable");
    await expectAccessible(page);
    stub.broken = false;
    await page.clock.runFor(5_000);
    await expect(page.locator(".banner.lost")).toHaveCount(0);
});

test("nothing is asked while the page is not seen @stub", async ({ page, open, stub }) => {
    await page.clock.install();
    await open("/");
    let asked = 0;
    stub.server.on("request", () => { asked += 1; });
    await page.evaluate(() => Object.defineProperty(document, "visibilityState",
                                                    { value: "hidden", configurable: true }));
    await page.clock.runFor(120_000);
    expect(asked).toBe(0);
    await page.evaluate(() => {
        Object.defineProperty(document, "visibilityState", { value: "visible" });
        document.dispatchEvent(new Event("visibilitychange"));
    });
    await expect.poll(() => asked).toBeGreaterThan(0);
});

test("an error says what to do, and trying again works @stub", async ({ page, open, stub }) => {
    const report = stub.report.bind(stub);
    stub.report = (path, query) => {
        if (path === "/devices") throw new Error("on purpose");
        return report(path, query);
    };
    const silence = console.error;
    console.error = () => {};
    await open("/devices");
    await expect(page.getByRole("alert")).toContainText("Fikk ikke hentet tallene");
    await expect(page.getByRole("alert")).toContainText("Kode: internal");
    await keepScreenshot(page, "error");
    stub.report = report;
    console.error = silence;
    await page.getByRole("button", { name: "Prøv igjen" }).click();
    await expect(page.locator(".rows tbody tr").first()).toBeVisible();
});

test.describe("empty", () => {
    test.use({ state: "empty" });
    test("a new household is told what to do @stub", async ({ page, open }) => {
        for (const path of ["/", "/devices", "/companies", "/events"]) {
            await open(path);
            await expect(page.getByRole("heading", { name: "Ingen data ennå" })).toBeVisible();
        }
    });
});

test("the keyboard reaches everything, and the focus is seen", async ({ page, open }) => {
    await open("/");
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Hopp til innholdet" })).toBeFocused();
    await expect(page.getByRole("link", { name: "Hopp til innholdet" })).toBeInViewport();
    await page.keyboard.press("Enter");
    await expect(page.locator("#main")).toBeFocused();
    const reached = new Set();
    for (let step = 0; step < 60; step += 1) {
        await page.keyboard.press("Tab");
        const told = await page.evaluate(() => {
            const at = document.activeElement;
            if (!at || at === document.body) return null;
            const ring = at.matches("svg a") ? at.querySelector(".node-hit")
                : at.matches(".switch input") ? at.nextElementSibling : at;
            const style = getComputedStyle(ring);
            return [at.tagName.toLowerCase(),
                    style.outlineStyle !== "none" || style.stroke !== "none"];
        });
        if (told === null) break;
        expect(told[1], `focus on ${told[0]} is seen`).toBe(true);
        reached.add(told[0]);
    }
    for (const kind of ["select", "a", "input", "summary"]) expect(reached).toContain(kind);
});

test("the settings open, change and close by keyboard", async ({ page, open }) => {
    await open("/");
    const button = page.locator(".settings summary");
    await button.focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("Utseende").selectOption("dark");
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await page.keyboard.press("Escape");
    await expect(page.locator(".settings-box")).toBeHidden();
    await expect(button).toBeFocused();
    await page.reload();
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("headings have an order and landmarks have names", async ({ page, open }) => {
    await open("/");
    await expect(page.locator("h1")).toHaveCount(1);
    await expect(page.getByRole("main")).toHaveCount(1);
    await expect(page.getByRole("navigation", { name: "Hovedmeny" })).toHaveCount(1);
    await expect(page.getByRole("contentinfo")).toHaveCount(1);
});

for (const [zoom, width, height] of [["200 %", 640, 450], ["400 %", 320, 225]]) {
    test(`at ${zoom} everything still fits`, async ({ page, open }) => {
        await page.setViewportSize({ width, height });  // what 1280 × 900 has left at that zoom
        for (const path of ["/", "/devices", "/companies", "/events"]) {
            await open(path);
            await expectNoSidewaysScroll(page);
        }
    });
}

test("who wants no motion gets none", async ({ page, open }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await open("/events");
    const running = await page.evaluate(() => document.getAnimations().length);
    expect(running).toBe(0);
});

test("pointing at everything breaks no rule of the policy", async ({ page, open }) => {
    test.slow();
    for (const path of ["/", "/devices", "/companies", "/events", "/status"]) {
        await open(path);
        const targets = page.locator("main").locator("a, button, summary, label, .bar");
        const count = Math.min(await targets.count(), 40);
        for (let index = 0; index < count; index += 1) {
            await targets.nth(index).hover({ force: true });
        }
    }
});

test("no element carries a style or a handler of its own", async ({ page, open }) => {
    for (const path of ["/", "/devices", "/companies", "/events", "/status"]) {
        await open(path);
        await expect(page.locator("[style], [onclick], [onerror], style")).toHaveCount(0);
    }
});

test("what was missed is told by network card, with the reason @stub", async ({ page, open }) => {
    await open("/");
    await page.getByRole("link", { name: "Slik går det med Sporvakt" }).click();
    await expect(page.locator("h1")).toHaveText("Slik går det med Sporvakt");
    const card = page.getByRole("row", { name: /br-lan/ });
    await expect(card).toContainText("Overvåkes");
    await expect(card.getByRole("cell").last()).toHaveText("120");
    await expect(page.getByRole("row", { name: /wlan1/ })).toContainText("uten kabel");
    const facts = page.locator(".facts").first();
    await expect(facts).toContainText("Forbindelser fra enheter som hadde for mange7");
    await expect(facts).not.toContainText("QUIC");
});

test("the page begins although its texts could not be read at first @stub",
     async ({ page, open }) => {
    let refused = 0;
    await page.route(/\/text-nb-/, (route) => {
        refused += 1;
        return refused === 1 ? route.abort() : route.continue();
    });
    await open("/");
    await expect(page.locator("h1")).toBeVisible();
    expect(refused).toBe(2);
});

test("the language stays while the other one cannot be read @stub", async ({ page, open }) => {
    await open("/status");
    await page.route(/\/text-en-/, (route) => route.abort());
    await page.getByText("Innstillinger").click();
    await page.getByLabel("Språk").selectOption("en");
    await expect(page.locator("h1")).toHaveText("Slik går det med Sporvakt");
    await expect(page.getByLabel("Språk")).toHaveValue("nb");
    await page.unroute(/\/text-en-/);
    await page.getByLabel("Språk").selectOption("en");
    await expect(page.locator("h1")).toHaveText("How Sporvakt is doing");
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
});
