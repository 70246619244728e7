import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { chosenLanguage, language, localeFor, rich, t, translate, word } from
    "../../../webui/app/src/lib/i18n";
import { PURPOSES } from "../../../webui/app/src/lib/purposes";
import en from "../../../webui/app/src/text/en.json";
import nb from "../../../webui/app/src/text/nb.json";

const EN: Record<string, string> = en;
const NB: Record<string, string> = nb;
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((hole) => hole[1]).sort();

function sources(folder: string): string[] {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return sources(path);
        return /\.tsx?$/.test(entry.name) ? [readFileSync(path, "utf8")] : [];
    });
}

test("both languages have the same keys", () => {
    assert.deepEqual(Object.keys(NB).sort(), Object.keys(EN).sort());
});

test("no text is empty, and the same holes stand in both languages", () => {
    for (const key of Object.keys(EN)) {
        assert.ok(EN[key] && NB[key], key);
        assert.deepEqual(holes(NB[key] ?? ""), holes(EN[key] ?? ""), key);
    }
});

test("every key that the code names exists, and has both plural forms", () => {
    const code = sources("webui/app/src").join("\n");
    const named = [...code.matchAll(/\b(?:t|rich)\(\s*"([a-z0-9_.]+)"/g)].map((hit) => hit[1]!);
    assert.ok(named.length > 100);
    for (const key of named) {
        const plural = `${key}.one` in EN && `${key}.other` in EN;
        assert.ok(key in EN || plural, `no text for ${key}`);
    }
});

test("no words stand in the pages themselves", () => {
    const code = sources("webui/app/src").filter((text) => text.includes("</"));
    assert.ok(code.length > 15);
    const words = code.flatMap((text) => [...text.matchAll(/>\s*([A-Za-zÆØÅæøå][^<>{}=;()]*)<\//g)])
        .map((hit) => hit[1]!.trim());
    assert.deepEqual([...new Set(words)], ["Sporvakt"]);
});

test("every purpose has a word and a meaning", () => {
    assert.equal(PURPOSES.length, 28);
    for (const id of PURPOSES) {
        assert.ok(NB[`purpose.${id}`] && NB[`purpose.${id}.meaning`], id);
    }
});

test("the words that are never used are not used", () => {
    for (const text of Object.values(EN)) assert.doesNotMatch(text, /\b(attack|threat|anonymous)/i);
    for (const text of Object.values(NB)) assert.doesNotMatch(text, /\b(angrep|trussel|anonym)/i);
});

test("numbers in texts are written as the language writes them", () => {
    assert.equal(translate("en", "count.devices", { count: 1 }), "1 device");
    assert.equal(translate("en", "count.devices", { count: 1200 }), "1,200 devices");
    assert.equal(translate("nb", "count.devices", { count: 1200 }), "1\u00a0200 enheter");
    assert.equal(translate("nb", "count.devices", { count: 1 }), "1 enhet");
});

test("values are put in as text, whatever they hold", () => {
    const name = "<b>{device}</b> $& $1";
    assert.equal(translate("nb", "rule.allow", { name }), `Tillat ${name}`);
});

test("an unknown key or code shows itself", () => {
    assert.equal(t("no.such.key"), "no.such.key");
    assert.equal(word("purpose", "brand-new"), "brand-new");
});

test("rich texts keep the order of the language", () => {
    language.value = "nb";
    const parts = rich("why.bypassed", { device: "D", name: "N" });
    assert.equal(parts.join(""), "D koblet seg til N uten å spørre Sporvakt om adressen, " +
                 "så det kunne ikke stanses.");
});

test("every kind of Norwegian reads bokmål, everybody else English", () => {
    assert.equal(chosenLanguage(null, ["nn-NO", "en"]), "nb");
    assert.equal(chosenLanguage(null, ["no"]), "nb");
    assert.equal(chosenLanguage(null, ["de-DE", "nb-NO", "en"]), "nb");
    assert.equal(chosenLanguage(null, ["de-DE"]), "en");
    assert.equal(chosenLanguage("en", ["nb-NO"]), "en");
    assert.equal(chosenLanguage("xx", ["nb-NO"]), "nb");
});

test("numbers and times follow the reader's own kind of the language", () => {
    assert.equal(localeFor("en", ["nb-NO", "en-GB"]), "en-GB");
    assert.equal(localeFor("nb", ["en-GB"]), "nb");
});
