import { useState } from "preact/hooks";
import type { Series } from "../lib/api";
import { joined, layoutBars, ticksAreDays, type Bar, type BarsLayout,
         type Moment } from "../lib/bars_layout";
import { clock, dayAndClock, moment, number, shortDay } from "../lib/format";
import { t } from "../lib/i18n";
import { Amount } from "./marks";
import { useWidth } from "./use_width";
import { useView, ViewSwitch } from "./view_switch";

const HEIGHT = 150;
const TOP = 22;
const TICK_HEIGHT = 26;
const ROWS_MAX = 24;

interface BarProps {
    bar: Bar;
    layout: BarsLayout;
    chosen: boolean;
    choose: () => void;
}

function OneBar({ bar, layout: { middle, height }, chosen, choose }: BarProps) {
    return (
        <g class={chosen ? "bar chosen" : "bar"} onMouseEnter={choose}>
            <rect class="bar-hit" x={bar.x} y={TOP - 6} width={bar.width + 1.5}
                  height={height + 12} />
            <rect class="bar-leaked" x={bar.x} y={TOP + middle - bar.leakedHeight}
                  width={bar.width} height={bar.leakedHeight} />
            <rect class="bar-wall" x={bar.x} y={TOP + middle + 2} width={bar.width}
                  height={bar.preventedHeight} />
        </g>
    );
}

function BarsPicture({ moments }: { moments: Moment[] }) {
    const [ref, width] = useWidth<HTMLDivElement>();
    const [chosen, choose] = useState<number | null>(null);
    const left = width < 560 ? 0 : 92;
    const few = joined(moments, Math.max(24, Math.floor((width - left) / 11)));
    const measures = { left, width: width - left, height: HEIGHT, tickWidth: 60 };
    const layout = layoutBars(few, measures);
    const sums = few.reduce((sum, one) => ({ leaked: sum.leaked + one.leaked,
                                             prevented: sum.prevented + one.prevented }),
                            { leaked: 0, prevented: 0 });
    const shown = chosen === null ? undefined : few[chosen];
    const days = ticksAreDays(few);
    const bottom = TOP + layout.height + TICK_HEIGHT;
    return (
        <div ref={ref} class="picture" onMouseLeave={() => choose(null)}>
            <svg class="bars" width={width} height={bottom} viewBox={`0 0 ${width} ${bottom}`}
                 role="img" aria-label={t("bars.label", sums)}>
                <text class="axis leaked" x="0" y={left > 0 ? TOP + layout.middle - 8 : 14}>
                    {t("word.leaked")}
                </text>
                {left > 0 && <text class="axis prevented" x="0" y={TOP + layout.middle + 20}>
                    {t("word.prevented")}
                </text>}
                {layout.bars.map((bar, index) => (
                    <OneBar key={bar.start} bar={bar} layout={layout}
                            chosen={index === chosen} choose={() => choose(index)} />
                ))}
                <path class="axis-line"
                      d={`M${left} ${TOP + layout.middle + 1}H${width}`} />
                {layout.ticks.map((index) => {
                    const bar = layout.bars[index];
                    return bar && <text key={bar.start} class="tick" x={bar.x} y={bottom - 6}>
                        {days ? shortDay(new Date(bar.start)) : clock(new Date(bar.start))}
                    </text>;
                })}
            </svg>
            <p class="readout" aria-hidden="true">
                {shown ? t("bars.readout", { time: moment(shown.start), leaked: shown.leaked,
                                             prevented: shown.prevented })
                    : t("bars.hint")}
            </p>
        </div>
    );
}

function BarsTable({ moments }: { moments: Moment[] }) {
    const rows = joined(moments, ROWS_MAX);
    const time = ticksAreDays(rows) ? dayAndClock : clock;
    const sum = (side: "leaked" | "prevented") => rows.reduce((all, row) => all + row[side], 0);
    return (
        <div class="scroll" tabIndex={0} role="region" aria-label={t("bars.table")}>
            <table class="numbers">
                <caption>{t("bars.table")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t("bars.from")}</th>
                        <th scope="col" class="number">{t("table.leaked")}</th>
                        <th scope="col" class="number">{t("table.prevented")}</th>
                    </tr>
                </thead>
                <tbody>
                    {rows.map((row) => (
                        <tr key={row.start}>
                            <th scope="row">{time(new Date(row.start))}</th>
                            <td class="number"><Amount result="leaked" count={row.leaked} /></td>
                            <td class="number">
                                <Amount result="prevented" count={row.prevented} />
                            </td>
                        </tr>
                    ))}
                </tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{t("gate.sum")}</th>
                        <td class="number">{number(sum("leaked"))}</td>
                        <td class="number">{number(sum("prevented"))}</td>
                    </tr>
                </tfoot>
            </table>
        </div>
    );
}

export function BarsFigure({ series }: { series: Series }) {
    const [view, change] = useView("bars");
    const title = t("overview.when");
    return (
        <section class="panel">
            <header class="panel-head">
                <h2 id="bars-title">{title}</h2>
                <ViewSwitch view={view} change={change} of={title} />
            </header>
            <figure aria-labelledby="bars-title">
                {view === "picture"
                    ? <BarsPicture moments={series.points} />
                    : <BarsTable moments={series.points} />}
            </figure>
        </section>
    );
}
