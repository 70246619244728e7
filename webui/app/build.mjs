// Builds the page: node webui/app/build.mjs --out DIR
// DIR gets index.html, app-HASH.js, app-HASH.css, icon-HASH.svg and a text-LANGUAGE-HASH.json for
// each language, and nothing else: names with a hash may be cached for ever, index.html never.
// Fails when a file is over its budget.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const BUDGET_BYTES = { js: 40 * 1024, css: 15 * 1024, text: 15 * 1024 };  // gzip -9
const OURS = /^(index\.html|(app|icon|text-[a-z]{2})-[0-9a-f]{12}\.(js|css|svg|json))$/;

async function bundle(entry, extra) {
    const result = await build({
        entryPoints: [join(HERE, entry)],
        bundle: true,
        minify: true,
        write: false,
        charset: "utf8",
        target: ["es2022", "chrome109", "firefox115", "safari16"],
        logLevel: "warning",
        legalComments: "none",
        ...extra,
    });
    return result.outputFiles[0].contents;
}

function hashed(stem, extension, contents) {
    const hash = createHash("sha256").update(contents).digest("hex").slice(0, 12);
    return { name: `${stem}-${hash}.${extension}`, contents };
}

function check(kind, contents) {
    const size = gzipSync(contents, { level: 9 }).length;
    if (size > BUDGET_BYTES[kind]) {
        throw new Error(`The page's ${kind} is ${size} bytes as gzip, over its budget of ` +
                        `${BUDGET_BYTES[kind]}: make it smaller.`);
    }
    return `${kind} ${(size / 1024).toFixed(1)} kB gz`;
}

/** The languages, each in a file of its own: a reader needs one. */
async function textFiles() {
    const folder = join(HERE, "src/text");
    const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
    return Promise.all(names.map(async (name) => {
        const language = name.replace(".json", "");
        const contents = JSON.stringify(JSON.parse(await readFile(join(folder, name), "utf8")));
        check("text", contents);
        return { language, ...hashed(`text-${language}`, "json", contents) };
    }));
}

export async function buildPage(out) {
    const texts = await textFiles();
    const places = Object.fromEntries(texts.map(({ language, name }) => [language, `/${name}`]));
    const [script, style, icon, page] = await Promise.all([
        bundle("src/main.tsx", {
            format: "iife",
            jsx: "automatic",
            jsxImportSource: "preact",
            define: {
                "process.env.NODE_ENV": '"production"',
                TEXT_FILES: JSON.stringify(places),
            },
        }),
        bundle("src/style/app.css", { loader: { ".css": "css" } }),
        readFile(join(HERE, "src/icon.svg")),
        readFile(join(HERE, "src/index.html"), "utf8"),
    ]);
    const sizes = [check("js", script), check("css", style)];
    const files = [hashed("app", "js", script), hashed("app", "css", style),
                   hashed("icon", "svg", icon)];
    const html = page.replace("{{script}}", files[0].name).replace("{{style}}", files[1].name)
        .replaceAll("{{icon}}", files[2].name);
    await mkdir(out, { recursive: true });
    for (const old of await readdir(out)) {
        if (OURS.test(old)) await rm(join(out, old));
    }
    for (const file of [...files, ...texts, { name: "index.html", contents: html }]) {
        await writeFile(join(out, file.name), file.contents);
    }
    return sizes.join(", ");
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
    const { values } = parseArgs({ options: { out: { type: "string" } } });
    if (!values.out) {
        console.error("usage: node build.mjs --out DIR");
        process.exit(64);
    }
    try {
        console.log(`page: ${await buildPage(resolve(values.out))}`);
    } catch (fault) {
        console.error(fault.message);
        process.exit(1);
    }
}
