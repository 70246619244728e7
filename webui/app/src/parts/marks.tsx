// The two meanings, told by shape, pattern and colour together.
import type { Result } from "../lib/filter";
import { number } from "../lib/format";
import { t } from "../lib/i18n";

/** Patterns that every picture uses; once in the page. */
export function Patterns() {
    return (
        <svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false">
            <defs>
                <pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse"
                         patternTransform="rotate(45)">
                    <rect class="hatch-ground" width="7" height="7" />
                    <path class="hatch-line" d="M1.5 0V7" />
                </pattern>
            </defs>
        </svg>
    );
}

/** An arrow that goes through, or one that ends at a wall. */
export function Glyph({ result }: { result: Result }) {
    return (
        <svg class={`glyph ${result}`} viewBox="0 0 16 16" width="16" height="16"
             aria-hidden="true" focusable="false">
            {result === "leaked"
                ? <path d="M1 8H14M9 3L14 8L9 13" />
                : <path d="M1 8H8M12 2V14" />}
        </svg>
    );
}

export function ResultMark({ result }: { result: Result }) {
    return (
        <span class={`result ${result}`}>
            <Glyph result={result} />{t(`word.${result}`)}
        </span>
    );
}

export function Amount({ result, count }: { result: Result; count: number }) {
    return <span class={count > 0 ? `amount ${result}` : "amount none"}>{number(count)}</span>;
}

/** How much of the largest: leaked solid, prevented hatched. The numbers stand beside it. */
export function ShareBar({ leaked, prevented, most }:
                         { leaked: number; prevented: number; most: number }) {
    const scale = most > 0 ? 160 / most : 0;
    const solid = leaked > 0 ? Math.max(2, leaked * scale) : 0;
    const hatched = prevented > 0 ? Math.max(2, prevented * scale) : 0;
    return (
        <svg class="share" viewBox="0 0 164 10" width="164" height="10" aria-hidden="true"
             focusable="false">
            <rect class="bar-leaked" x="0" y="0" width={solid} height="10" />
            <rect class="bar-wall" x={solid + (solid > 0 ? 1 : 0)} y="0.5" width={hatched}
                  height="9" />
        </svg>
    );
}
