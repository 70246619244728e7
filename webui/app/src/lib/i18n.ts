// Texts in the reader's language. A text may name values, {count}, and may have one form a plural
// category: "key.one", "key.other", chosen by the value {count}.
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { remember, remembered } from "./memory";

/** Where each language's texts lie: written by build.mjs. */
declare const TEXT_FILES: Record<Language, string>;

export const LANGUAGES = { nb: "Norsk", en: "English" } as const;
export type Language = keyof typeof LANGUAGES;
export type Texts = Record<string, string>;
export type Values = Record<string, string | number>;

const RETRY_MS = 2000;

/** Those that were read: a reader needs one language, seldom two. */
const ALL: Record<Language, Texts> = { en: {}, nb: {} };

export function keepTexts(tag: Language, texts: Texts): void {
    ALL[tag] = texts;
}

/** False when the appliance has no such file any more: it was updated under this page. */
async function readTexts(tag: Language): Promise<boolean> {
    if (Object.keys(ALL[tag]).length > 0) return true;
    const answer = await fetch(TEXT_FILES[tag]);
    if (answer.ok) keepTexts(tag, await answer.json() as Texts);
    return answer.ok;
}

/** Bokmål for every kind of Norwegian; English for everybody else. */
export function chosenLanguage(saved: string | null, wanted: readonly string[]): Language {
    if (saved === "nb" || saved === "en") return saved;
    const first = wanted.find((tag) => /^(en|nb|nn|no)\b/i.test(tag)) ?? "en";
    return /^en/i.test(first) ? "en" : "nb";
}

export const language = signal<Language>("en");
let wantedLanguages: readonly string[] = [];  // the browser's, best first

/** The reader's own kind of the language, for numbers and times: en-GB, en-US, nb-NO ... */
export function localeFor(tag: Language, wanted: readonly string[]): string {
    const family = tag === "en" ? /^en\b/i : /^(nb|no)\b/i;
    return wanted.find((one) => family.test(one)) ?? tag;
}

export function locale(): string {
    return localeFor(language.value, wantedLanguages);
}

/** Reads the texts of the reader's language; tries until the appliance answers. */
export async function startLanguage(): Promise<void> {
    wantedLanguages = navigator.languages;
    const tag = chosenLanguage(remembered("language"), wantedLanguages);
    while (!await readTexts(tag).catch(() => false)) {
        await new Promise((done) => setTimeout(done, RETRY_MS));
    }
    language.value = tag;
}

/** While the appliance does not answer, the language stays as it is. */
export async function changeLanguage(to: Language): Promise<void> {
    const isThere = await readTexts(to).catch(() => null);
    if (isThere === null) return;
    remember("language", to);
    if (isThere) language.value = to;
    else location.reload();
}

function pattern(texts: Texts, tag: Language, key: string, values: Values): string {
    const plain = texts[key];
    if (plain !== undefined) return plain;
    const count = values["count"];
    if (typeof count === "number") {
        const form = new Intl.PluralRules(tag).select(count);
        return texts[`${key}.${form}`] ?? texts[`${key}.other`] ?? key;
    }
    return key;
}

const HOLE = /\{(\w+)\}/g;

/** The text in a given language; unknown keys come back as they are, so that tests see them. */
export function translate(tag: Language, key: string, values: Values = {}): string {
    const numbers = new Intl.NumberFormat(localeFor(tag, wantedLanguages));
    return pattern(ALL[tag], tag, key, values).replace(HOLE, (hole, name: string) => {
        const value = values[name];
        return value === undefined ? hole
            : typeof value === "number" ? numbers.format(value) : value;
    });
}

export function t(key: string, values: Values = {}): string {
    return translate(language.value, key, values);
}

/** As t(), with elements in the holes. {count} is a number that chooses the plural form. */
export function rich(key: string, parts: Record<string, ComponentChildren>,
                     count?: number): ComponentChildren[] {
    const tag = language.value;
    const text = pattern(ALL[tag], tag, key, count === undefined ? {} : { count });
    return text.split(/(\{\w+\})/).map((piece) => {
        const name = /^\{(\w+)\}$/.exec(piece)?.[1];
        return name !== undefined && name in parts ? parts[name] : piece;
    });
}

/** The word for a code of the API (a purpose, a cause), or the code when it is a new one. */
export function word(group: string, code: string): string {
    const key = `${group}.${code}`;
    return ALL[language.value][key] ?? code;
}
