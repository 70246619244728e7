// The rows of the Events page: pages by cursor, news by WebSocket or by asking again.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiFault, get, type Event, type EventList } from "./api";
import { accepts, type Filter } from "./filter";
import { Live, withNew } from "./live";
import { noteAnswer, REFETCH_MS } from "./resource";

const LIVE_ROWS_MAX = 50;
const PAGE = "50";

interface Rows {
    key: string;
    events: Event[];
    from: string;
    to: string;
    next: string | null;
}

const NONE: Rows = { key: "", events: [], from: "", to: "", next: null };

export interface EventRows {
    rows: Event[];
    ready: boolean;
    fault: ApiFault | null;
    hasMore: boolean;
    more: () => void;
    again: () => void;
}

function asFault(thrown: unknown): ApiFault {
    return thrown instanceof ApiFault ? thrown : new ApiFault("internal", 0, String(thrown));
}

function olderQuery(query: string, rows: Rows): URLSearchParams {
    const asked = new URLSearchParams(query);
    asked.delete("range");  // it moves with the clock; the first page told its span
    asked.set("from", rows.from);
    asked.set("to", rows.to);
    asked.set("limit", PAGE);
    asked.set("cursor", rows.next ?? "");
    return asked;
}

/** `held` keeps the rows still while somebody reads in them. */
export function useEventRows(query: string, held: () => boolean): EventRows {
    const [state, setState] = useState<Rows>(NONE);
    const [fault, setFault] = useState<ApiFault | null>(null);
    const [round, setRound] = useState(0);
    useEffect(() => {
        const stop = new AbortController();
        const load = async (first: boolean) => {
            try {
                const asked = new URLSearchParams(query);
                asked.set("limit", PAGE);
                const page = await get<EventList>("/events", asked, stop.signal);
                noteAnswer(null);
                setFault(null);
                setState((old) => first || old.key !== query || old.events.length === 0
                    ? { ...page, key: query }
                    : { ...old, events: withNew(old.events, [...page.events].reverse(), 5000) });
            } catch (thrown) {
                if (stop.signal.aborted) return;
                noteAnswer(asFault(thrown));
                setFault(asFault(thrown));
            }
        };
        void load(true);
        const timer = setInterval(() => {
            if (document.visibilityState === "visible" && !held()) void load(false);
        }, REFETCH_MS);
        return () => {
            stop.abort();
            clearInterval(timer);
        };
    }, [query, round]);

    const more = useCallback(() => {
        if (state.next === null) return;
        get<EventList>("/events", olderQuery(query, state)).then((page) => {
            setState((old) => old.key !== state.key ? old
                : { ...old, events: [...old.events, ...page.events], next: page.next });
        }, (thrown: unknown) => setFault(asFault(thrown)));
    }, [query, state]);
    const again = useCallback(() => setRound((count) => count + 1), []);
    return { rows: state.key === query ? state.events : [], ready: state.key === query, fault,
             hasMore: state.next !== null, more, again };
}

export interface LiveRows {
    rows: Event[];
    /** How many wait until nobody reads in the table. */
    waiting: number;
    isOpen: boolean;
    /** How many came in all. */
    seen: number;
    show: () => void;
}

/** Live events of the view, on top of `base`; nothing moves while `held`. */
export function useLiveRows(on: boolean, filter: Filter, held: () => boolean,
                            missed: () => void): LiveRows {
    const [rows, setRows] = useState<Event[]>([]);
    const [waiting, setWaiting] = useState<Event[]>([]);
    const [isOpen, setOpen] = useState(true);
    const [seen, setSeen] = useState(0);
    const current = useRef({ filter, held });
    current.current = { filter, held };
    const place = useRef<Event[]>([]);
    const flush = useCallback(() => {
        const news = place.current;
        place.current = [];
        setWaiting([]);
        if (news.length > 0) setRows((old) => withNew(old, news, LIVE_ROWS_MAX));
    }, []);
    const key = JSON.stringify(filter);
    useEffect(() => {
        setRows([]);
        setWaiting([]);
        setSeen(0);
        place.current = [];
        if (!on) return undefined;
        const live = new Live({
            events: (events) => {
                const mine = events.filter((one) => accepts(current.current.filter, one));
                if (mine.length === 0) return;
                place.current = withNew(place.current, mine, LIVE_ROWS_MAX).reverse();
                setSeen((count) => count + mine.length);
                if (current.current.held()) setWaiting(place.current);
                else flush();
            },
            missed,
            open: setOpen,
        });
        return () => live.stop();
    }, [on, key]);
    return { rows, waiting: waiting.length, isOpen, seen, show: flush };
}
