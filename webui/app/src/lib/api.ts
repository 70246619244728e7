// The appliance's API (docs/api/openapi.yaml), as far as the page uses it.
export interface DeviceRef { id: string; name: string }
export interface Company {
    slug: string;
    name: string;
    country: string | null;
    parent: { slug: string; name: string } | null;
}
interface Span { from: string; to: string }
export interface Sums {
    leaked: number;
    prevented: number;
    leaked_flows: number;
    prevented_attempts: number;
    bytes_up: number;
    bytes_down: number;
    last_contact: string | null;
}
export interface Summary extends Span, Sums {
    devices: number;
    devices_leaking: number;
    devices_known: number;
    companies: number;
    companies_reached: number;
    protection: "on" | "off";
    demonstration: boolean;
    catalogue_date: string | null;
    rules: number;
    capture_drops: number;
    sightings_dropped: number;
    version: string;
}
export interface DeviceRow extends DeviceRef, Sums {
    given_name: string | null;
    announced_name: string | null;
    host_name: string | null;
    vendor_class: string | null;
    vendor: string | null;
    model: string | null;
    services: string[];
    kind: { guess: string; evidence: string; words: string };
    bypass: { kind: string; server: string; last_seen: string }[];
    group: string | null;
    mac: string | null;
    mac_is_private: boolean;
    addresses: string[];
    first_seen: string | null;
    last_seen: string | null;
    companies: number;
    companies_reached: number;
}
export interface DeviceList extends Span { devices: DeviceRow[] }
export interface PurposeSum { id: string; leaked: number; prevented: number }
export interface CompanyRow extends Sums {
    company: Company | null;
    purposes: PurposeSum[];
    devices: number;
    devices_leaking: number;
}
export interface CompanyList extends Span { companies: CompanyRow[] }
export interface ContactRow {
    device: DeviceRef;
    name: string;
    company: Company | null;
    purpose: { id: string };
    leaked: number;
    prevented: number;
    attempts: number;
    bytes_up: number;
    bytes_down: number;
    first: string;
    last: string;
}
export interface ContactList extends Span { contacts: ContactRow[]; complete: boolean }
export interface MatrixCell {
    device: string;
    company: string | null;
    leaked: number;
    prevented: number;
}
export interface MatrixAnswer extends Span {
    devices: DeviceRef[];
    companies: Company[];
    cells: MatrixCell[];
}
export interface SeriesPoint { start: string; leaked: number; prevented: number }
export interface Series extends Span { step: "10m" | "1h" | "1d"; points: SeriesPoint[] }
export type Cause =
    "list" | "household" | "cloaked" | "reported" | "allowed_by_you" | "bypassed";
export interface Event {
    id: string;
    first: string;
    last: string;
    device: DeviceRef;
    company: Company | null;
    purpose: { id: string };
    name: string;
    result: "leaked" | "prevented";
    source: "query" | "tls" | "quic" | "http" | "inferred";
    cause: Cause;
    attempts: number;
    bytes_up: number;
    bytes_down: number;
    rule: string | null;
    list: string | null;
    detail: string | null;
}
export interface EventList extends Span { events: Event[]; next: string | null }
export interface LiveMessage { v: number; seq: number; events: Event[]; missed?: boolean }
export interface Session {
    authenticated: boolean;
    setup_needed: boolean;
    demonstration: boolean;
    csrf_token: string | null;
    expires_at: string | null;
}
export interface WatchedInterface {
    name: string;
    state: "watched" | "without_link" | "missing" | "refused";
    received: number;
    dropped: number;
}
export interface SnifferFigures {
    interfaces: WatchedInterface[];
    counts: Record<string, number>;
}
export interface ResolverFigures {
    answered: number;
    stopped: number;
    from_memory: number;
    waits: { median_ms: number | null; p99_ms: number | null };
}
/** The figures are there for those who may read reports. */
export interface Health {
    status: "ok" | "degraded";
    resolver?: ResolverFigures;
    sniffer?: SnifferFigures;
}
export type RuleWord = "allow" | "block";

/** Why a request gave nothing. `unreachable`: no answer at all came. */
export class ApiFault extends Error {
    constructor(readonly code: string, readonly status: number, message: string,
                readonly retryAfterS = 0) {
        super(message);
    }
}

export const API = "/api/v1";
let csrfToken: string | null = null;
let loginNeeded: () => void = () => {};

export function keepToken(token: string | null): void {
    csrfToken = token;
}

/** Called when an answer says that the session has ended. */
export function onLoginNeeded(then: () => void): void {
    loginNeeded = then;
}

async function faultOf(answer: Response): Promise<ApiFault> {
    let code = "internal";
    let detail = answer.statusText;
    try {
        const problem = await answer.json() as { code?: unknown; detail?: unknown };
        if (typeof problem.code === "string") code = problem.code;
        if (typeof problem.detail === "string") detail = problem.detail;
    } catch {
        // not from our server's own handlers; the status must do
    }
    const wait = Number(answer.headers.get("Retry-After") ?? 0);
    return new ApiFault(code, answer.status, detail, wait);
}

async function ask(method: string, path: string, body?: unknown, signal?: AbortSignal) {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (method !== "GET" && csrfToken) headers["X-CSRF-Token"] = csrfToken;
    let answer: Response;
    try {
        answer = await fetch(API + path, {
            method, headers, credentials: "same-origin", cache: "no-store",
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
            ...(signal ? { signal } : {}),
        });
    } catch (fault) {
        if (signal?.aborted) throw fault;
        throw new ApiFault("unreachable", 0, String(fault));
    }
    if (answer.ok) return answer;
    const fault = await faultOf(answer);
    if (fault.code === "login_needed" || fault.code === "setup_needed") loginNeeded();
    throw fault;
}

export async function get<T>(path: string, query?: URLSearchParams,
                             signal?: AbortSignal): Promise<T> {
    const search = query && query.size > 0 ? `?${query.toString()}` : "";
    const answer = await ask("GET", path + search, undefined, signal);
    return await answer.json() as T;
}

export async function readSession(): Promise<Session> {
    const session = await get<Session>("/session");
    keepToken(session.csrf_token);
    return session;
}

async function enter(path: "/setup" | "/session", password: string): Promise<Session> {
    const session = await (await ask("POST", path, { password })).json() as Session;
    keepToken(session.csrf_token);
    return session;
}

export const setUp = (password: string): Promise<Session> => enter("/setup", password);
export const logIn = (password: string): Promise<Session> => enter("/session", password);

export async function logOut(): Promise<void> {
    await ask("DELETE", "/session");
    keepToken(null);
}

export async function renameDevice(id: string, name: string): Promise<DeviceRef> {
    const path = `/devices/${encodeURIComponent(id)}`;
    return await (await ask("PATCH", path, { name })).json() as DeviceRef;
}

/** The household's word about a name; null takes it back. */
export async function setRule(name: string, rule: RuleWord | null): Promise<void> {
    const path = `/rules/${encodeURIComponent(name)}`;
    await (rule === null ? ask("DELETE", path) : ask("PUT", path, { rule }));
}
