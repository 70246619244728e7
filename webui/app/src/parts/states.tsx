// What a screen shows when it has no numbers to show.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ApiFault } from "../lib/api";
import { t } from "../lib/i18n";
import type { Resource } from "../lib/resource";
import { faultWords } from "../lib/sentence";

const PATIENCE_MS = 300;  // an answer that comes at once needs no word about waiting

export function Loading() {
    const [late, setLate] = useState(false);
    useEffect(() => {
        const timer = setTimeout(() => setLate(true), PATIENCE_MS);
        return () => clearTimeout(timer);
    }, []);
    return <p class="state loading" role="status">{late ? t("state.loading") : ""}</p>;
}

export function Problem({ fault, again }: { fault: ApiFault; again: () => void }) {
    return (
        <div class="state problem" role="alert">
            <h2>{t("state.error")}</h2>
            <p>{faultWords(fault)}</p>
            <p class="code">{t("state.code", { code: fault.code })}</p>
            <button type="button" onClick={again}>{t("state.again")}</button>
        </div>
    );
}

export function Empty({ kind }: { kind: "empty" | "empty_range" | "empty_filter" }) {
    return (
        <div class="state empty">
            <svg class="empty-gate" viewBox="0 0 64 40" width="96" height="60" aria-hidden="true"
                 focusable="false">
                <path d="M4 20H22M42 20H60" />
                <path d="M32 4V36" />
            </svg>
            <h2>{t(`state.${kind}`)}</h2>
            <p>{t(`state.${kind}_help`)}</p>
        </div>
    );
}

/** Loading, error or the data. Old data stays while new data comes. */
export function Ready<T>({ of, children }:
                         { of: Resource<T>; children: (data: T) => ComponentChildren }) {
    const { data, fault, waiting, again } = of;
    if (fault && (data === null || fault.code !== "unreachable")) {
        return <Problem fault={fault} again={again} />;
    }
    if (data === null) return <Loading />;
    return <div class="ready" aria-busy={waiting}>{children(data)}</div>;
}
