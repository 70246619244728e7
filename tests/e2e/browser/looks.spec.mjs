// Every screen, in light and dark, English and bokmål, narrow and wide: accessible by axe, nothing
// wider than the window, and a picture kept for people to look at.
import { expectAccessible, expectNoSidewaysScroll, keepScreenshot, test } from "./fixtures.mjs";

// Every pair of language, colours and width meets once.
const LOOKS = [
    { locale: "nb-NO", colorScheme: "light", width: 1280 },
    { locale: "en-GB", colorScheme: "dark", width: 1280 },
    { locale: "nb-NO", colorScheme: "dark", width: 320 },
    { locale: "en-GB", colorScheme: "light", width: 320 },
];

async function showTables(page) {
    for (const choice of await page.getByRole("radio", { name: /^(Tabell|Table)$/ }).all()) {
        await choice.check({ force: true });
    }
}

async function openRow(page) {
    await page.locator(".turn button").first().click();
    await page.locator(".details").first().waitFor();
}

async function explainWords(page) {
    await page.locator(".explain summary").first().click();
}

async function firstLink(page, folder) {
    await page.locator(`.rows a[href^="/${folder}/"]`).first().click();
    await page.locator(".back").waitFor();
    await page.locator(".rows").first().waitFor();
}

const SCREENS = [
    { name: "overview", path: "/", then: explainWords },
    { name: "overview-tables", path: "/?range=7d", then: showTables },
    { name: "devices", path: "/devices" },
    { name: "device", path: "/devices", then: (page) => firstLink(page, "devices") },
    { name: "companies", path: "/companies" },
    { name: "company", path: "/companies", then: (page) => firstLink(page, "companies") },
    { name: "events", path: "/events", then: openRow },
    { name: "status", path: "/status" },
];

const STATES = [
    { name: "missing", state: "ready", path: "/nowhere" },
    { name: "setup", state: "setup", path: "/" },
    { name: "login", state: "login", path: "/" },
    { name: "demonstration", state: "demo", path: "/" },
    { name: "empty", state: "empty", path: "/" },
    { name: "empty-events", state: "empty", path: "/events" },
];

async function look(page, open, screen, name) {
    await open(screen.path);
    await screen.then?.(page);
    await expectNoSidewaysScroll(page);
    await keepScreenshot(page, name);
    await expectAccessible(page);
}

function describeLook({ locale, colorScheme, width }, declare) {
    const name = `${locale.slice(0, 2)}-${colorScheme}-${width}`;
    test.describe(name, () => {
        test.use({ locale, colorScheme, viewport: { width, height: 900 } });
        declare(name);
    });
}

for (const how of LOOKS) {
    describeLook(how, (name) => {
        for (const screen of SCREENS) {
            test(`${screen.name} looks right`, async ({ page, open }) => {
                await look(page, open, screen, `${screen.name}-${name}`);
            });
        }
    });
}

for (const how of [LOOKS[0], { locale: "en-GB", colorScheme: "dark", width: 320 }]) {
    describeLook(how, (name) => {
        for (const screen of STATES) {
            test.describe(screen.name, () => {
                test.use({ state: screen.state });
                test(`${screen.name} looks right @stub`, async ({ page, open }) => {
                    await look(page, open, screen, `${screen.name}-${name}`);
                });
            });
        }
    });
}

for (const path of ["/", "/events"]) {
    test(`${path} keeps its meaning in the reader's own colours`, async ({ page, open }) => {
        await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
        await open(path);
        await keepScreenshot(page, `forced-colors-${path === "/" ? "overview" : "events"}`);
        await expectAccessible(page);
    });
}
