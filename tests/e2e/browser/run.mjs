// Tests the page in Chromium: node tests/e2e/browser/run.mjs [what to pass on to Playwright]
// Builds the page and serves it from a stand-in; with SPORVAKT_URL it looks at that appliance
// instead (and logs in with SPORVAKT_PASSWORD, when it is set).
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPage } from "../../../webui/app/build.mjs";
import { CHROMIUM, PAGE } from "./playwright.config.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, "../../..");
const SKIPPED = 77;

if (!existsSync(CHROMIUM)) {
    console.log(`SKIPPED: no Chromium at ${CHROMIUM}; install the package chromium, or set ` +
                "SPORVAKT_CHROMIUM.");
    process.exit(SKIPPED);
}
if (!process.env.SPORVAKT_URL) console.log(`page: ${await buildPage(PAGE)}`);

const playwright = join(ROOT, "node_modules/@playwright/test/cli.js");
const config = join(HERE, "playwright.config.mjs");
const run = spawnSync(process.execPath,
                      [playwright, "test", "-c", config, ...process.argv.slice(2)],
                      { stdio: "inherit", cwd: ROOT });
process.exit(run.status ?? 1);
