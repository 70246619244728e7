import { useId, useState } from "preact/hooks";
import { t } from "../lib/i18n";
import { remember, remembered } from "../lib/memory";

export type View = "picture" | "table";

export function useView(name: string): [View, (view: View) => void] {
    const key = `view.${name}`;
    const [view, setView] = useState<View>(remembered(key) === "table" ? "table" : "picture");
    const change = (to: View) => {
        setView(to);
        remember(key, to);
    };
    return [view, change];
}

/** Picture or table: two radio buttons, so that arrow keys change between them. */
export function ViewSwitch({ view, change, of }:
                           { view: View; change: (view: View) => void; of: string }) {
    const name = useId();
    return (
        <fieldset class="switch">
            <legend class="unseen">{`${t("view.label")}: ${of}`}</legend>
            {(["picture", "table"] as const).map((choice) => (
                <label key={choice}>
                    <input type="radio" name={name} value={choice} checked={view === choice}
                           onChange={() => change(choice)} />
                    <span>{t(`view.${choice}`)}</span>
                </label>
            ))}
        </fieldset>
    );
}
