import type { MatrixAnswer } from "../lib/api";
import type { Filter } from "../lib/filter";
import { t } from "../lib/i18n";
import { Legend } from "./explain";
import { GatePicture } from "./gate";
import { MatrixTable } from "./matrix_table";
import { cellsOf, namesOf } from "./names";
import { useView, ViewSwitch } from "./view_switch";

export function GateFigure({ answer, filter }: { answer: MatrixAnswer; filter: Filter }) {
    const [view, change] = useView("gate");
    const cells = cellsOf(answer);
    const names = namesOf(answer);
    const title = t("overview.gate");
    return (
        <section class="panel">
            <header class="panel-head">
                <h2 id="gate-title">{title}</h2>
                <ViewSwitch view={view} change={change} of={title} />
            </header>
            <p class="help">{t("overview.gate_help")}</p>
            <figure aria-labelledby="gate-title">
                {view === "picture"
                    ? <GatePicture cells={cells} names={names} filter={filter} />
                    : <MatrixTable cells={cells} names={names} filter={filter} />}
            </figure>
            <Legend words={["leaked", "prevented", "contact", "company"]} />
        </section>
    );
}
