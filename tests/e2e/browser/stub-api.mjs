// A stand-in for the appliance, for tests of the page: serves the built page with the real headers
// and answers the API from an invented household, in the shape of docs/api/openapi.yaml.
//
//   node tests/e2e/browser/stub-api.mjs --page build/page --port 8090      to look at it by hand
import { createServer } from "node:http";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { eventAt, makeDevices, makeEvents } from "./stub_data.mjs";
import { companyRows, contactRows, deviceRows, eventPage, eventsOf, matrix, series, spanOf,
         summary } from "./stub_reports.mjs";
import { acceptSocket, sendText } from "./stub_socket.mjs";

export const CSP = [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
    "connect-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
].join("; ");
export const PASSWORD = "korrekt hest batteri";
const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8",
                css: "text/css; charset=utf-8", svg: "image/svg+xml",
                json: "application/json" };
const FILTER = ["range", "from", "to", "device", "company", "result", "purpose", "q"];
const COOKIE = "sporvakt_session=stub";

const HEALTH = {
    status: "degraded",
    sniffer: {
        interfaces: [
            { name: "br-lan", state: "watched", received: 1_203_311, dropped: 120 },
            { name: "wlan1", state: "without_link", received: 0, dropped: 0 },
        ],
        counts: { packets: 1_203_191, malformed: 2, malformed_names: 0, flows: 4210,
                  flows_pushed_out: 0, flows_refused: 7, datagrams_lost: 1, names_given_up: 0,
                  quic_left_shut: 0, clues_held_back: 0 },
    },
    resolver: {
        answered: 1200, stopped: 180, from_memory: 700,
        waits: { median_ms: 24.576, p99_ms: 393.216,
                 ranges: [{ under_ms: 0.128, clients: 0 }, { under_ms: null, clients: 2 }] },
        questions: { A: 600, AAAA: 400, HTTPS: 150, PTR: 20, SRV: 5, TXT: 5, other: 20 },
        counts: { received: 1203, blocked: 180, by_list: 171, by_household: 4, cloaked: 5,
                  answered_here: 20, cached: 700 },
    },
};

class Refusal extends Error {
    constructor(status, code, headers = {}) {
        super(code);
        Object.assign(this, { status, code, headers });
    }
}

/** One invented appliance. `state` may be: "ready", "setup", "login", "demo", "empty". */
export class Stub {
    constructor(files, { state = "ready", hostile = false } = {}) {
        this.files = files;
        this.now = Date.now();
        this.state = state;
        this.broken = false;
        this.password = state === "setup" ? null : PASSWORD;
        const events = makeEvents(this.now, { hostile });
        this.events = state === "empty" ? [] : events;
        this.household = {
            devices: state === "empty" ? [] : makeDevices(this.now, events),
            demonstration: state === "demo",
        };
        this.rules = new Map();
        this.ordered = [];
        this.sockets = new Set();
        this.seq = 0;
        this.open = state === "ready" || state === "empty";  // everybody counts as logged in
    }

    async listen(port = 0) {
        this.server = createServer((request, response) => void this.answer(request, response));
        this.server.on("upgrade", (request, socket) => {
            if (this.broken) return socket.destroy();
            acceptSocket(request, socket);
            this.sockets.add(socket);
            socket.on("close", () => this.sockets.delete(socket));
            return sendText(socket, JSON.stringify({ v: 1, seq: this.seq, events: [] }));
        });
        await new Promise((done) => this.server.listen(port, "127.0.0.1", done));
        this.url = `http://127.0.0.1:${this.server.address().port}`;
        return this;
    }

    async close() {
        for (const socket of this.sockets) socket.destroy();
        this.server.closeAllConnections();
        await new Promise((done) => this.server.close(done));
    }

    /** Makes new events and sends them to every open socket, as one message. */
    push(count, changes = {}) {
        const random = Math.random;
        const news = Array.from({ length: count }, () => {
            this.seq += 1;
            return { ...eventAt(Date.now(), random, 0xabcdef000000 + this.seq), ...changes };
        });
        this.events.unshift(...[...news].reverse());
        this.now = Date.now() + 1;
        const text = JSON.stringify({ v: 1, seq: this.seq, events: news });
        for (const socket of this.sockets) sendText(socket, text);
        return news;
    }

    async answer(request, response) {
        if (this.broken) return request.socket.destroy();
        const { pathname, searchParams } = new URL(request.url, this.url);
        try {
            if (!pathname.startsWith("/api/")) return this.page(pathname, response);
            const { status = 200, body = null, headers = {} } =
                await this.api(request, pathname.slice("/api/v1".length), searchParams);
            response.writeHead(status, { "Content-Type": "application/json", ...headers });
            return response.end(body === null ? "" : JSON.stringify(body));
        } catch (fault) {
            return this.refuse(response, fault);
        }
    }

    refuse(response, fault) {
        const known = fault instanceof Refusal;
        const { status, code, headers } = known ? fault
            : { status: 500, code: "internal", headers: {} };
        if (!known) console.error(fault);
        response.writeHead(status, { "Content-Type": "application/problem+json", ...headers });
        response.end(JSON.stringify({ type: "about:blank", title: code, status, code,
                                      detail: String(fault.message) }));
    }

    page(pathname, response) {
        const name = this.files.has(pathname.slice(1)) ? pathname.slice(1) : "index.html";
        if (name === "index.html" && /\.\w+$/.test(pathname) && !pathname.startsWith("/devices/")) {
            response.writeHead(404);
            return response.end();
        }
        response.writeHead(200, {
            "Content-Type": TYPES[name.split(".").pop()], "Content-Security-Policy": CSP,
            "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
        });
        return response.end(this.files.get(name));
    }

    isIn(request) {
        return this.open || (request.headers.cookie ?? "").includes(COOKIE);
    }

    session(request) {
        const inside = this.isIn(request);
        return {
            authenticated: inside, setup_needed: this.password === null,
            demonstration: this.household.demonstration,
            csrf_token: inside ? "stub-token" : null,
            expires_at: inside ? new Date(this.now + 1_800_000).toISOString() : null,
        };
    }

    async api(request, path, query) {
        const body = await bodyOf(request);
        if (path === "/health") return { body: this.isIn(request) ? HEALTH : { status: "ok" } };
        if (path === "/session" || path === "/setup") return this.access(request, path, body);
        const reads = request.method === "GET";
        if (!this.isIn(request) && !(reads && this.household.demonstration)) {
            throw this.password === null ? new Refusal(403, "setup_needed")
                : new Refusal(401, "login_needed");
        }
        if (!reads) return this.change(request, path, body);
        return { body: this.report(path, query) };
    }

    access(request, path, body) {
        const entered = { "Set-Cookie": `${COOKIE}; HttpOnly; SameSite=Strict; Path=/` };
        if (request.method === "GET") return { body: this.session(request) };
        if (request.method === "DELETE") {
            this.open = false;
            const gone = { "Set-Cookie": "sporvakt_session=; Max-Age=0; Path=/" };
            return { status: 204, headers: gone };
        }
        if (path === "/setup") {
            if (this.password !== null) throw new Refusal(409, "already_set_up");
            this.password = body.password;
        } else if (body.password !== this.password) {
            this.tries = (this.tries ?? 0) + 1;
            if (this.tries > 4) throw new Refusal(429, "too_many_tries", { "Retry-After": "12" });
            throw new Refusal(401, "wrong_password");
        }
        const inside = { ...this.session({ headers: { cookie: COOKIE } }) };
        return { status: path === "/setup" ? 201 : 200, headers: entered, body: inside };
    }

    change(request, path, body) {
        if (request.headers["x-csrf-token"] !== "stub-token") {
            throw new Refusal(403, "wrong_csrf_token");
        }
        const [, folder, id] = path.split("/").map(decodeURIComponent);
        this.ordered.push({ method: request.method, folder, id, body });
        if (folder === "devices") return { body: this.rename(id, body.name) };
        if (folder !== "rules") throw new Refusal(404, "not_found");
        if (request.method === "DELETE") {
            this.rules.delete(id);
            return { status: 204 };
        }
        this.rules.set(id, body.rule);
        return { body: { name: id, rule: body.rule } };
    }

    rename(id, name) {
        const device = this.household.devices.find((one) => one.id === id);
        if (!device) throw new Refusal(404, "unknown_device");
        device.given_name = name || null;
        device.name = name || device.announced_name || device.host_name || id;
        for (const event of this.events) {
            if (event.device.id === id) event.device.name = device.name;
        }
        return { id, name: device.name };
    }

    report(path, query) {
        const extra = { "/series": ["step"], "/contacts": ["limit"],
                        "/events": ["limit", "cursor"] };
        for (const name of query.keys()) {
            if (![...FILTER, ...(extra[path] ?? [])].includes(name) ||
                query.getAll(name).length > 1) throw new Refusal(400, "unknown_parameter");
        }
        const slug = query.get("company");
        if (slug && slug !== "none" && !this.events.some((one) => one.company?.slug === slug)) {
            throw new Refusal(400, "unknown_company");
        }
        const span = spanOf(query, this.now);
        const events = eventsOf(this.events, query, span);
        const said = { from: span.from.toISOString(), to: span.to.toISOString() };
        switch (path) {
            case "/summary": return { ...said, ...summary(events, this.household) };
            case "/devices":
                return { ...said, devices: deviceRows(events, this.household, query) };
            case "/companies": return { ...said, companies: companyRows(events) };
            case "/contacts":
                return { ...said, contacts: contactRows(events).slice(0, query.get("limit") ?? 100),
                         complete: true };
            case "/matrix": return { ...said, ...matrix(events) };
            case "/series":
                return { ...said, ...series(events, span, query.get("step") ?? "10m") };
            case "/events": return { ...said, ...eventPage(events, query) };
            default: throw new Refusal(404, "not_found");
        }
    }
}

async function bodyOf(request) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const text = Buffer.concat(parts).toString();
    return text === "" ? {} : JSON.parse(text);
}

export async function readPage(folder) {
    const names = await readdir(folder);
    return new Map(await Promise.all(
        names.map(async (name) => [name, await readFile(join(folder, name))])));
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
    const { values } = parseArgs({ options: {
        page: { type: "string", default: "build/page" }, port: { type: "string", default: "8090" },
        state: { type: "string", default: "demo" },
    } });
    const stub = await new Stub(await readPage(values.page), values).listen(Number(values.port));
    setInterval(() => stub.push(1 + Math.floor(Math.random() * 3)), 1500);
    console.log(stub.url);
}
