// Events as they come, by WebSocket. The server sends at most one message a second.
import { API, type Event, type LiveMessage } from "./api";

const RETRY_FIRST_MS = 1000;
const RETRY_MAX_MS = 30_000;

export interface LiveListener {
    events: (events: Event[]) => void;
    /** Events were lost on the way: fetch the list again. */
    missed: () => void;
    open: (isOpen: boolean) => void;
}

export class Live {
    private socket: WebSocket | null = null;
    private seq: number | null = null;
    private retryMs = RETRY_FIRST_MS;
    private timer: ReturnType<typeof setTimeout> | undefined;
    private stopped = false;

    constructor(private readonly listener: LiveListener) {
        this.connect();
    }

    stop(): void {
        this.stopped = true;
        clearTimeout(this.timer);
        this.socket?.close();
    }

    private connect(): void {
        const since = this.seq === null ? "" : `?since=${this.seq}`;
        const address = new URL(`${API}/live${since}`, location.href);
        address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
        const socket = new WebSocket(address);
        this.socket = socket;
        socket.onopen = () => {
            this.retryMs = RETRY_FIRST_MS;
            this.listener.open(true);
        };
        socket.onmessage = (message) => this.read(String(message.data));
        socket.onclose = () => {
            if (this.stopped) return;
            this.listener.open(false);
            this.timer = setTimeout(() => this.connect(), this.retryMs);
            this.retryMs = Math.min(this.retryMs * 2, RETRY_MAX_MS);
        };
    }

    private read(text: string): void {
        let message: LiveMessage;
        try {
            message = JSON.parse(text) as LiveMessage;
        } catch {
            return;
        }
        if (this.stopped || message.v !== 1 || !Array.isArray(message.events)) return;
        this.seq = message.seq;
        if (message.missed) this.listener.missed();
        if (message.events.length > 0) this.listener.events(message.events);
    }
}

/** New events on top of older ones: newest first, one row an id, at most `max`. */
export function withNew(rows: Event[], news: Event[], max: number): Event[] {
    const fresh = new Map<string, Event>();
    for (const event of news) fresh.set(event.id, event);  // oldest first: the last one stays
    const kept = rows.filter((row) => !fresh.has(row.id));
    return [...fresh.values(), ...kept]
        .sort((a, b) => a.last < b.last ? 1 : a.last > b.last ? -1 : 0)
        .slice(0, max);
}
