import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../..");
export const CHROMIUM = process.env.SPORVAKT_CHROMIUM ?? "/usr/bin/chromium";
export const PAGE = join(ROOT, "test-results/page");
export const SCREENSHOTS = join(
    ROOT, "test-results", process.env.SPORVAKT_URL ? "screenshots-appliance" : "screenshots");

export default defineConfig({
    testDir: ".",
    testMatch: "*.spec.mjs",
    outputDir: join(ROOT, "test-results/browser"),
    fullyParallel: true,
    workers: 2,
    timeout: 60_000,
    expect: { timeout: 10_000 },
    reporter: [["list"]],
    forbidOnly: true,
    // What needs the stand-in's invented household or its faults is marked @stub.
    ...(process.env.SPORVAKT_URL ? { grepInvert: /@stub/ } : {}),
    use: {
        browserName: "chromium",
        locale: "nb-NO",
        timezoneId: "Europe/Oslo",
        viewport: { width: 1280, height: 900 },
        screenshot: "only-on-failure",
        launchOptions: {
            executablePath: CHROMIUM,
            args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking",
                   "--no-first-run", "--disable-component-update"],
        },
    },
});
