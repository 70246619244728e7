// Mirrored bars over time: what leaked stands up, what was prevented hangs down, on one scale.
export interface Moment {
    start: string;
    leaked: number;
    prevented: number;
}

export interface Bar extends Moment {
    x: number;
    width: number;
    leakedHeight: number;
    preventedHeight: number;
}

export interface BarsLayout {
    bars: Bar[];
    /** Height of the line between the two halves. */
    middle: number;
    height: number;
    /** Indexes of the bars that get a time under them. */
    ticks: number[];
}

export interface BarsMeasures {
    left: number;
    width: number;
    /** At most, for both halves together, without the space for the times. */
    height: number;
    tickWidth: number;
}

const CONTACT_HEIGHT_MAX = 12;  // one single contact does not fill the picture
const HEIGHT_MIN = 60;
const SMALLEST = 1.5;  // a bar of one contact beside one of a thousand can still be seen

export function layoutBars(moments: Moment[], measures: BarsMeasures): BarsLayout {
    const most = (side: "leaked" | "prevented") =>
        moments.reduce((max, moment) => Math.max(max, moment[side]), 0);
    const leakedMax = most("leaked");
    const preventedMax = most("prevented");
    const both = leakedMax + preventedMax;
    const scale = both > 0 ? Math.min(measures.height / both, CONTACT_HEIGHT_MAX) : 0;
    const tall = (count: number) => count > 0 ? Math.max(count * scale, SMALLEST) : 0;
    const step = moments.length > 0 ? measures.width / moments.length : 0;
    const bars = moments.map((moment, index) => ({
        ...moment,
        x: measures.left + index * step,
        width: Math.max(step - (step > 4 ? 1.5 : 0.5), 0.5),
        leakedHeight: tall(moment.leaked),
        preventedHeight: tall(moment.prevented),
    }));
    const height = Math.max(both * scale, HEIGHT_MIN);
    const middle = both > 0 ? height * leakedMax / both : height / 2;
    return { bars, middle, height, ticks: ticksOf(moments, measures) };
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
const ROUND_MINUTES = [10, 20, 30, 60, 120, 180, 240, 360, 720, DAY_MINUTES, 2 * DAY_MINUTES,
                       7 * DAY_MINUTES, 14 * DAY_MINUTES, 28 * DAY_MINUTES];

/** Minutes of the reader's own clock since some midnight, so that midnights are whole days. */
export function localMinutes(time: string): number {
    const at = new Date(time);
    return Math.floor(at.getTime() / MINUTE_MS) - at.getTimezoneOffset();
}

function spanMinutes(moments: Moment[]): number {
    const first = moments[0];
    const last = moments.at(-1);
    return first && last ? (Date.parse(last.start) - Date.parse(first.start)) / MINUTE_MS : 0;
}

/** Whether times under the bars are days; else they are clocks. */
export function ticksAreDays(moments: Moment[]): boolean {
    return spanMinutes(moments) > 1.5 * DAY_MINUTES;
}

/** Whether a new hour, half day, day ... has begun since the bar before. */
function beginsUnit(moments: Moment[], index: number, minutes: number): boolean {
    const start = localMinutes(moments[index]!.start);
    const before = moments[index - 1];
    if (!before) return start % minutes === 0;
    return Math.floor(start / minutes) !== Math.floor(localMinutes(before.start) / minutes);
}

/** The bars that start at a round time, so far apart that their labels do not touch. */
function ticksOf(moments: Moment[], measures: BarsMeasures): number[] {
    const least = ticksAreDays(moments) ? DAY_MINUTES : 0;
    const room = measures.width / measures.tickWidth;
    for (const unit of ROUND_MINUTES) {
        if (unit < least) continue;
        const ticks = [...moments.keys()].filter((index) => beginsUnit(moments, index, unit));
        if (ticks.length <= room) return ticks.filter((index) =>
            measures.width * (1 - index / moments.length) >= measures.tickWidth * .7);
    }
    return [];
}

/** Joins neighbours into rows of a round length, so that at most about `barsMax` stay. */
export function joined(moments: Moment[], barsMax: number): Moment[] {
    const span = spanMinutes(moments);
    const length = ROUND_MINUTES.find((minutes) => span / minutes < barsMax) ?? 28 * DAY_MINUTES;
    const result: Moment[] = [];
    let group = Number.NaN;
    for (const moment of moments) {
        const mine = Math.floor(localMinutes(moment.start) / length);
        const last = result.at(-1);
        if (mine === group && last) {
            last.leaked += moment.leaked;
            last.prevented += moment.prevented;
        } else {
            result.push({ ...moment });
            group = mine;
        }
    }
    return result;
}
