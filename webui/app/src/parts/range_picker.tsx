import { filterFrom, RANGES, searchFrom, type Filter, type Range } from "../lib/filter";
import { moment } from "../lib/format";
import { t } from "../lib/i18n";
import { go, path, search } from "../lib/router";

export function useFilter(): Filter {
    return filterFrom(search.value);
}

/** Changes part of the filter in the address bar. */
export function refine(part: Partial<Filter>): void {
    go(path.value + searchFrom({ ...filterFrom(search.value), ...part }), "replace");
}

const OWN = "own";

/** The last hour, day, week or month; an own period from the address is shown as well. */
export function RangePicker({ filter }: { filter: Filter }) {
    const own = filter.from !== "";
    const choose = (value: string) => {
        if (value !== OWN) refine({ range: value as Range, from: "", to: "" });
    };
    return (
        <label class="range">
            <span>{t("range.label")}</span>
            <select value={own ? OWN : filter.range}
                    onChange={(event) => choose(event.currentTarget.value)}>
                {own && <option value={OWN}>
                    {t("range.own", { from: moment(filter.from), to: moment(filter.to) })}
                </option>}
                {Object.keys(RANGES).map((range) => (
                    <option key={range} value={range}>{t(`range.${range}`)}</option>
                ))}
            </select>
        </label>
    );
}
