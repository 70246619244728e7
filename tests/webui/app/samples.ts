import type { Event } from "../../../webui/app/src/lib/api";

/** The example of docs/api/openapi.yaml, changed where a test needs it. */
export function sample(changes: Partial<Event> = {}): Event {
    return {
        id: "1f0c83a5b2d4e697",
        first: "2026-11-21T14:00:12.000Z",
        last: "2026-11-21T14:03:07.250Z",
        device: { id: "3c:22:fb:12:34:01", name: "Kari sin telefon" },
        company: { slug: "meta", name: "Meta Platforms", country: "US", parent: null },
        purpose: { id: "advertising" },
        name: "connect.facebook.net",
        result: "prevented",
        source: "query",
        cause: "list",
        attempts: 4,
        bytes_up: 0,
        bytes_down: 0,
        rule: "||facebook.net^",
        list: "built-in",
        detail: null,
        ...changes,
    };
}
