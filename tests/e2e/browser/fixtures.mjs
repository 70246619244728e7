// Every test gets an appliance and a page, and every page is watched: no script error, no violation
// of the content security policy, no request to anywhere else.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test as base } from "@playwright/test";
import { PAGE, SCREENSHOTS } from "./playwright.config.mjs";
import { readPage, Stub } from "./stub-api.mjs";

export { expect };

async function watch(page, origin, seen) {
    await page.exposeFunction("tellViolation", (told) => seen.push(`policy: ${told}`));
    await page.addInitScript(() => {
        addEventListener("securitypolicyviolation", (event) => {
            window.tellViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
        });
    });
    page.on("pageerror", (fault) => seen.push(`error: ${fault.message}`));
    page.on("console", (message) => {
        // A refused request is the browser's own line; tests of refusals expect it.
        const ours = !/Failed to load resource|WebSocket connection to/.test(message.text());
        if (message.type() === "error" && ours) seen.push(`console: ${message.text()}`);
    });
    page.on("request", (request) => {
        const url = new URL(request.url());
        if (url.protocol !== "data:" && url.origin !== origin) seen.push(`request: ${url}`);
    });
    page.on("websocket", (socket) => {
        const ours = new URL(socket.url()).host === new URL(origin).host;
        if (!ours) seen.push(`socket: ${socket.url()}`);
    });
}

async function logInto(url, page) {
    const { SPORVAKT_PASSWORD: password } = process.env;
    if (!password) return;
    const answer = await page.request.post(`${url}/api/v1/session`, { data: { password } });
    expect(answer.ok(), "log in with SPORVAKT_PASSWORD").toBeTruthy();
}

export const test = base.extend({
    state: ["ready", { option: true }],
    hostile: [false, { option: true }],

    /** The stand-in; null when the tests look at a running appliance. */
    stub: async ({ state, hostile }, use) => {
        if (process.env.SPORVAKT_URL) return use(null);
        const stub = await new Stub(await readPage(PAGE), { state, hostile }).listen();
        await use(stub);
        return stub.close();
    },

    url: async ({ stub }, use) => use(stub ? stub.url : process.env.SPORVAKT_URL),

    page: async ({ page, url, stub }, use) => {
        const seen = [];
        await watch(page, new URL(url).origin, seen);
        if (!stub) await logInto(url, page);
        await use(page);
        expect(seen, "errors, policy violations and foreign requests").toEqual([]);
    },

    /** Opens an address and waits until the numbers are there. */
    open: async ({ page, url }, use) => use(async (path) => {
        await page.goto(url + path);
        await page.locator("h1").waitFor();
        await expect(page.locator(".state.loading")).toHaveCount(0);
        await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    }),
});

export async function expectAccessible(page) {
    const { violations } = await new AxeBuilder({ page })
        .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
        .analyze();
    const told = violations.map(({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html).join(" | ")}`);
    expect(told).toEqual([]);
}

/** Nothing but tables in their own scrolling box may be wider than the window. */
export async function expectNoSidewaysScroll(page) {
    const [width, window] = await page.evaluate(
        () => [document.documentElement.scrollWidth, innerWidth]);
    expect(width).toBeLessThanOrEqual(window);
}

export async function keepScreenshot(page, name) {
    await mkdir(SCREENSHOTS, { recursive: true });
    await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true,
                            animations: "disabled" });
}

/** "1 241" or "1,241" → 1241 */
export function toNumber(text) {
    return Number(text.replace(/[^\d]/g, ""));
}
