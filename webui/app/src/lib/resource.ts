// Data that a screen shows: fetched, refetched every 30 s while the page is visible, and kept when
// the appliance does not answer.
import { signal } from "@preact/signals";
import { useCallback, useEffect, useState } from "preact/hooks";
import { ApiFault, get } from "./api";

export const REFETCH_MS = 30_000;

export interface Resource<T> {
    data: T | null;
    fault: ApiFault | null;
    /** True from the start of the first request until its answer. */
    waiting: boolean;
    again: () => void;
}

/** Since when the appliance has not answered; null while it does. */
export const unreachableSince = signal<Date | null>(null);
/** When an answer last came. */
export const answeredAt = signal<Date | null>(null);

/** Counts the times that the appliance came back: everything on screen is fetched again. */
const recoveries = signal(0);

export function noteAnswer(fault: ApiFault | null): void {
    if (fault?.code === "unreachable") unreachableSince.value ??= new Date();
    else {
        if (unreachableSince.value !== null) recoveries.value += 1;
        unreachableSince.value = null;
        answeredAt.value = new Date();
    }
}

function asFault(thrown: unknown): ApiFault {
    return thrown instanceof ApiFault ? thrown : new ApiFault("internal", 0, String(thrown));
}

/** The answer to GET path?query; a null path asks for nothing. */
export function useResource<T>(path: string | null, query: string): Resource<T> {
    const [state, setState] = useState<{ key: string; data: T | null; fault: ApiFault | null }>(
        { key: "", data: null, fault: null });
    const [round, setRound] = useState(0);
    const key = `${path ?? ""}?${query}`;

    useEffect(() => {
        if (path === null) return undefined;
        const stop = new AbortController();
        const load = async () => {
            try {
                const data = await get<T>(path, new URLSearchParams(query), stop.signal);
                noteAnswer(null);
                setState({ key, data, fault: null });
            } catch (thrown) {
                if (stop.signal.aborted) return;
                const fault = asFault(thrown);
                noteAnswer(fault);
                setState((old) => ({ key, data: old.key === key ? old.data : null, fault }));
            }
        };
        const loadIfVisible = () => {
            if (document.visibilityState === "visible") void load();
        };
        void load();
        const timer = setInterval(loadIfVisible, REFETCH_MS);
        document.addEventListener("visibilitychange", loadIfVisible);
        return () => {
            stop.abort();
            clearInterval(timer);
            document.removeEventListener("visibilitychange", loadIfVisible);
        };
    }, [key, round, recoveries.value]);

    const again = useCallback(() => setRound((count) => count + 1), []);
    const current = state.key === key;
    // While another filter loads, the numbers of the last one stay, marked as busy.
    return { data: state.data, fault: current ? state.fault : null,
             waiting: !current && path !== null, again };
}
