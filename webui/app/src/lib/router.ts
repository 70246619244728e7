// The address bar is the state: path and search are signals, links are plain <a href>.
import { signal } from "@preact/signals";

export interface Route {
    page: "overview" | "devices" | "device" | "companies" | "company" | "events" | "status" |
        "missing";
    id: string;
}

const PATTERNS: [RegExp, Route["page"]][] = [
    [/^\/(login)?$/, "overview"],  // who is logged in already has nothing to do at /login
    [/^\/devices$/, "devices"],
    [/^\/devices\/([^/]+)$/, "device"],
    [/^\/companies$/, "companies"],
    [/^\/companies\/([^/]+)$/, "company"],
    [/^\/events$/, "events"],
    [/^\/status$/, "status"],
];

export function routeOf(path: string): Route {
    const trimmed = path.length > 1 ? path.replace(/\/+$/, "") : path;
    for (const [pattern, page] of PATTERNS) {
        const match = pattern.exec(trimmed);
        if (!match) continue;
        try {
            return { page, id: decodeURIComponent(match[1] ?? "") };
        } catch {
            break;  // a broken %-escape
        }
    }
    return { page: "missing", id: "" };
}

export const path = signal("/");
export const search = signal("");

function read(): void {
    path.value = location.pathname;
    search.value = location.search;
}

/** Goes to an address of this page. A replaced address leaves no step for the Back button. */
export function go(address: string, how: "push" | "replace" = "push"): void {
    if (how === "push") history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    read();
}

function isOurs(event: MouseEvent, link: Element): boolean {
    const href = link.getAttribute("href") ?? "";
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey &&
        !event.altKey && !event.defaultPrevented;
    return plain && /^\/(?!\/|api\/)/.test(href) && !link.hasAttribute("download");
}

export function startRouter(): void {
    read();
    addEventListener("popstate", read);
    document.addEventListener("click", (event) => {
        const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
        if (!link || !isOurs(event, link)) return;
        event.preventDefault();
        const before = path.value;
        go(link.getAttribute("href") ?? "/");
        if (path.value !== before) scrollTo(0, 0);
    });
}
