// Runs the unit tests of the page: node tests/webui/app/run.mjs BUILD_DIR
// esbuild takes the types away and bundles each test with what it tests; node --test runs them.
import { spawnSync } from "node:child_process";
import { mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? "build", "app-tests");
const tests = (await readdir(HERE)).filter((name) => name.endsWith("_test.ts"));

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
    entryPoints: tests.map((name) => join(HERE, name)),
    outdir: out,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node18",
    jsx: "automatic",
    jsxImportSource: "preact",
    inject: [join(HERE, "texts.ts")],
    define: { TEXT_FILES: "{}" },
    logLevel: "warning",
});
const files = tests.map((name) => join(out, name.replace(/\.ts$/, ".mjs")));
const run = spawnSync(process.execPath, ["--test", ...files],
                      { stdio: "inherit", cwd: join(HERE, "../../.."),
                        env: { ...process.env, TZ: "Europe/Oslo" } });
process.exit(run.status ?? 1);
