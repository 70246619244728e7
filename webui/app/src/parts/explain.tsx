import { t } from "../lib/i18n";
import { Glyph } from "./marks";

type Word = "leaked" | "prevented" | "contact" | "bypassed" | "allowed" | "company";

/** A word with its meaning behind a "?". */
export function Explain({ word }: { word: Word }) {
    const name = t(`word.${word}`);
    return (
        <details class="explain">
            <summary>
                {(word === "leaked" || word === "prevented") && <Glyph result={word} />}
                <span class="explain-word">{name}</span>
                <span class="explain-mark" role="img"
                      aria-label={t("word.explain", { word: name })}>?</span>
            </summary>
            <p>{t(`word.${word}.meaning`)}</p>
        </details>
    );
}

export function Legend({ words }: { words: Word[] }) {
    return (
        <ul class="legend" aria-label={t("words.title")}>
            {words.map((word) => <li key={word}><Explain word={word} /></li>)}
        </ul>
    );
}
