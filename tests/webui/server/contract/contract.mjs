// Holds a running server to docs/api/openapi.yaml: node contract.mjs SEEDED_SERVER DOCUMENT
// Every answer must be documented, with its status, type, headers and schema; and every documented
// status of every operation must come at least once.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import http from "node:http";
import { createInterface } from "node:readline";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";

const [program, documentPath] = process.argv.slice(2);
const api = parse(readFileSync(documentPath, "utf8"));
const METHODS = ["get", "post", "put", "patch", "delete"];
const PASSWORD = "korrekt hest batteri";

// ---- the document ----------------------------------------------------------------------------

/** Answers must have no member that is not documented, though clients must bear new ones. */
function closeObjects(node) {
    if (Array.isArray(node)) return node.forEach(closeObjects);
    if (node === null || typeof node !== "object") return undefined;
    if (node.type === "object" && node.properties) node.additionalProperties ??= false;
    return Object.values(node).forEach(closeObjects);
}

closeObjects(api.components.schemas);
const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats(ajv);
ajv.addSchema(api, "api");

function resolve(node) {
    if (!node?.$ref) return node;
    return node.$ref.slice(2).split("/").reduce((at, part) => at[part], api);
}

/** JSON pointer parts of a media type's schema, as a reference that Ajv follows. */
function validatorOf(schema) {
    return ajv.compile(schema.$ref ? { $ref: `api${schema.$ref}` } : schema);
}

const operations = Object.entries(api.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({
        path,
        method,
        ...item[method],
        parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map(resolve),
        secured: (item[method].security ?? api.security).length > 0,
        key: `${method.toUpperCase()} ${path}`,
    })));

for (const [name, schema] of Object.entries(api.components.schemas)) {
    const validate = validatorOf({ $ref: `#/components/schemas/${name}` });
    if (schema.example !== undefined) {
        assert(validate(schema.example), `example of ${name}: ${ajv.errorsText(validate.errors)}`);
    }
}

// ---- the server ------------------------------------------------------------------------------

const server = spawn(program, [], { stdio: ["pipe", "pipe", "inherit"] });
const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
const port = Number((await lines.next()).value);
assert(port > 0, "the server did not start");

async function tell(word) {
    server.stdin.write(`${word}\n`);
    assert.equal((await lines.next()).value, word);
}

const agent = new http.Agent({ keepAlive: true });

function send(method, target, { headers = {}, body } = {}) {
    return new Promise((done, failed) => {
        const request = http.request({
            agent, port, host: "127.0.0.1", method: method.toUpperCase(), path: target,
            headers: {
                ...(body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) }),
                ...headers,
            },
        }, (answer) => {
            const parts = [];
            answer.on("data", (part) => parts.push(part));
            answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers,
                text: Buffer.concat(parts).toString() }));
        });
        request.on("upgrade", (answer, socket, head) =>
            done({ status: answer.statusCode, headers: answer.headers, text: "", socket, head }));
        request.on("error", failed);
        request.end(body);
    });
}

// ---- asking ----------------------------------------------------------------------------------

const seen = new Set();
const validators = new Map();
let page = {};  // headers of a logged-in page

function targetOf(operation, query = "") {
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(
        operation.parameters.find((parameter) => parameter.name === name).example));
    return `/api/v1${path}${query}`;
}

function bodyOf(operation) {
    const example = operation.requestBody?.content["application/json"].example;
    return example === undefined ? undefined : JSON.stringify(example);
}

function checkAnswer(operation, answer) {
    const where = `${operation.key} ${answer.status}`;
    const documented = resolve(operation.responses[answer.status]);
    assert(documented, `${where} is not documented: ${answer.text}`);
    for (const [name, header] of Object.entries(documented.headers ?? {})) {
        assert(answer.headers[name.toLowerCase()] !== undefined, `${where} lacks ${name}`);
        assert(resolve(header).schema, `${where}: ${name} has no schema`);
    }
    seen.add(where);
    if (!documented.content) {
        assert.equal(answer.text, "", `${where} has a body`);
        return undefined;
    }
    const type = answer.headers["content-type"];
    const media = documented.content[type];
    assert(media, `${where} came as ${type}`);
    const form = `${where} ${type}`;
    if (!validators.has(form)) validators.set(form, validatorOf(media.schema));
    const validate = validators.get(form);
    const value = type.endsWith("json") ? JSON.parse(answer.text) : answer.text;
    assert(validate(value), `${where}: ${ajv.errorsText(validate.errors)} in ${answer.text}`);
    if (answer.status >= 400) assert.equal(value.status, answer.status, where);
    return value;
}

async function ask(operation, wanted, options = {}) {
    const target = options.target ?? targetOf(operation, options.query);
    const answer = await send(operation.method, target, {
        headers: { ...(operation.requestBody ? { "Content-Type": "application/json" } : {}),
            ...(options.stranger ? {} : page), ...options.headers },
        body: "body" in options ? options.body : bodyOf(operation),
    });
    const value = checkAnswer(operation, answer);
    const shown = `${operation.key} with ${JSON.stringify(options)}`;
    assert.equal(answer.status, wanted.status ?? wanted, `${shown}: ${answer.text}`);
    if (wanted.code) assert.equal(value.code, wanted.code, shown);
    return { value, answer };
}

const operation = (id) => operations.find((candidate) => candidate.operationId === id);

/** The operations that answer plain GETs: all but the live feed. */
const readers = operations.filter((candidate) => candidate.method === "get" &&
    candidate.operationId !== "openLive");

// ---- what is asked ---------------------------------------------------------------------------

/** Numbers alone tell a stranger when somebody is at home. */
async function healthTellsNoNumbers() {
    const { value } = await ask(operation("getHealth"), 200, { stranger: true });
    assert.deepEqual(value, { status: "ok" });
}

async function beforeSetup() {
    for (const each of operations.filter((candidate) => candidate.secured)) {
        await ask(each, { status: 403, code: "setup_needed" });
    }
    const { value } = await ask(operation("getSession"), 200);
    assert.deepEqual([value.authenticated, value.setup_needed], [false, true]);
    await ask(operation("logIn"), { status: 403, code: "setup_needed" });
    await healthTellsNoNumbers();
    await ask(operation("setUp"), { status: 400, code: "invalid_body" },
        { body: '{"password":"short"}' });
    await ask(operation("setUp"), 201);
    await ask(operation("setUp"), { status: 409, code: "already_set_up" });
}

async function strangers() {
    for (const each of operations) {
        await ask(each, { status: 421, code: "unknown_host" },
            { headers: { Host: "evil.example" } });
        if (each.secured) await ask(each, { status: 401, code: "login_needed" });
        if (each.method !== "get") {
            await ask(each, { status: 403, code: "wrong_origin" },
                { headers: { Origin: "http://evil.example" } });
        }
    }
}

async function logIn() {
    await ask(operation("logIn"), { status: 401, code: "wrong_password" },
        { body: '{"password":"not the password"}' });
    const { value, answer } = await ask(operation("logIn"), 200);
    page = { Cookie: answer.headers["set-cookie"][0].split(";")[0],
        "X-CSRF-Token": value.csrf_token, Origin: `http://127.0.0.1:${port}` };
}

/** Each documented parameter alone, by its example or each value of its enum, and a wrong one. */
async function everyParameter(each) {
    await ask(each, { status: 400, code: "unknown_parameter" }, { query: "?compnay=meta" });
    for (const parameter of each.parameters.filter((candidate) => candidate.in === "query")) {
        const values = resolve(parameter.schema).enum ?? [parameter.example ?? ""];
        for (const value of values) {
            const pair = `${parameter.name}=${encodeURIComponent(value)}`;
            // A month in steps of ten minutes is refused.
            const step = each.operationId === "getSeries" && value === "30d" ? "&step=1d" : "";
            await ask(each, 200, { query: `?${pair}${step}` });
            await ask(each, { status: 400, code: "unknown_parameter" },
                { query: `?${pair}&${pair}` });
        }
    }
}

async function reading() {
    await healthTellsNoNumbers();
    const { value: health } = await ask(operation("getHealth"), 200);
    assert.equal(health.resolver.answered, 9);
    for (const each of readers) {
        const { answer } = await ask(each, 200);
        const head = await send("head", targetOf(each), { headers: page });
        assert.equal(head.status, 200, `HEAD of ${each.key}`);
        assert.equal(head.text, "");
        assert.equal(head.headers["content-length"], answer.headers["content-length"], each.key);
        await everyParameter(each);
    }
    await ask(operation("getEvents"), { status: 400, code: "unknown_company" },
        { query: "?company=nobody-knows" });
    await ask(operation("getEvents"), { status: 400, code: "invalid_parameter" },
        { query: "?cursor=made-up" });
    await ask(operation("getCompany"), { status: 404, code: "not_found" },
        { target: "/api/v1/companies/nobody-knows" });
    const { value: first } = await ask(operation("getEvents"), 200, { query: "?limit=2" });
    assert.equal(first.events.length, 2);
    const { value: second } = await ask(operation("getEvents"), 200,
        { query: `?limit=2&cursor=${encodeURIComponent(first.next)}` });
    assert.notEqual(second.events[0].id, first.events[0].id);
}

async function changing() {
    const changes = operations.filter((candidate) => candidate.method !== "get");
    for (const each of changes.filter((candidate) => candidate.requestBody)) {
        await ask(each, { status: 415, code: "not_json" },
            { headers: { "Content-Type": "text/plain" } });
        await ask(each, { status: 413, code: "too_large" }, { body: " ".repeat(65537) });
        for (const body of ["", "[]", "{}", "{", '{"more":1}']) {
            await ask(each, { status: 400, code: "invalid_body" }, { body });
        }
    }
    for (const each of changes.filter((candidate) => candidate.secured)) {
        await ask(each, { status: 403, code: "wrong_csrf_token" },
            { headers: { "X-CSRF-Token": "guessed" } });
    }
    for (const each of changes) {
        await ask(each, { status: 400, code: "unknown_parameter" }, { query: "?x=1" });
    }
    await ask(operation("renameDevice"), 200);
    await ask(operation("renameDevice"), { status: 404, code: "unknown_device" },
        { target: "/api/v1/devices/3c%3A22%3Afb%3A00%3A00%3A00" });
    await ask(operation("forgetDevice"), 204);
    await ask(operation("forgetDevice"), { status: 404, code: "unknown_device" },
        { target: "/api/v1/devices/3c%3A22%3Afb%3A00%3A00%3A00" });
    for (const query of ["", "?device=3c%3A22%3Afb%3A12%3A34%3A01&from=2026-11-20T00:00:00Z"]) {
        await ask(operation("eraseHistory"), 204, { query });
    }
    await ask(operation("eraseHistory"), { status: 400, code: "invalid_parameter" },
        { query: "?from=yesterday" });
    await ask(operation("putRule"), 200);
    await ask(operation("putRule"), { status: 400, code: "invalid_parameter" },
        { target: "/api/v1/rules/a..b" });
    await ask(operation("deleteRule"), 204);
    await ask(operation("putGroup"), 200);
    await ask(operation("putGroup"), { status: 400, code: "invalid_body" },
        { target: "/api/v1/groups/No%20Id" });
    await ask(operation("deleteGroup"), 204);
    await ask(operation("putPolicy"), 200);
    const { answer: kept } = await ask(operation("getPolicy"), 200, { query: "?format=toml" });
    const { value: taken } = await ask(operation("putPolicy"), 200, { query: "?dry_run=true",
        body: kept.text, headers: { "Content-Type": "application/toml" } });
    assert.equal(taken.is_made, false);
    await ask(operation("pause"), 200);
    await ask(operation("endPause"), 204, { query: "?what=children" });
}

/** The messages of the live feed from a raw socket: small, unmasked frames (RFC 6455 §5.2). */
async function* messagesOf({ socket, head }) {
    async function* parts() {
        yield head; // the first message may have come with the handshake's answer
        yield* socket;
    }
    let bytes = Buffer.alloc(0);
    for await (const part of parts()) {
        bytes = Buffer.concat([bytes, part]);
        for (;;) {
            const start = bytes[1] === 126 ? 4 : 2;
            if (bytes.length < start) break;
            const length = start === 4 ? bytes.readUInt16BE(2) : bytes[1];
            if (bytes.length < start + length) break;
            const payload = bytes.subarray(start, start + length).toString();
            if (bytes[0] === 0x81) yield JSON.parse(payload);
            bytes = bytes.subarray(start + length);
        }
    }
}

async function live() {
    const each = operation("openLive");
    const upgrade = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==" };
    await ask(each, { status: 426, code: "upgrade_needed" });
    await ask(each, { status: 400, code: "invalid_parameter" },
        { query: "?since=x", headers: upgrade });
    await ask(each, { status: 403, code: "wrong_origin" },
        { headers: { ...upgrade, Origin: "http://evil.example" } });
    await ask(each, { status: 401, code: "login_needed" }, { stranger: true, headers: upgrade });
    await ask(each, { status: 421, code: "unknown_host" },
        { headers: { ...upgrade, Host: "evil.example" } });
    const { answer } = await ask(each, 101, { headers: upgrade });
    const messages = messagesOf(answer);
    const validate = validatorOf({ $ref: "#/components/schemas/LiveMessage" });
    const first = (await messages.next()).value;
    await tell("publish");
    const second = (await messages.next()).value;
    for (const message of [first, second]) {
        assert(validate(message), `LiveMessage: ${ajv.errorsText(validate.errors)}`);
    }
    assert.equal(second.events[0].name, "live.example");
    assert.equal(second.seq, first.seq + 1);
    answer.socket.destroy();
}

async function otherAddresses() {
    const problem = validatorOf({ $ref: "#/components/schemas/Problem" });
    for (const [method, target, status, code] of [
        ["get", "/api/v1/nothing", 404, "not_found"], ["get", "/api", 404, "not_found"],
        ["post", "/api/v1/summary", 405, "method_not_allowed"],
        ["get", "/api/v1/%zz", 400, "bad_request"], ["get", "/nothing.js", 404, "not_found"],
        ["get", `/${"a".repeat(20000)}`, 400, "bad_request"],
    ]) {
        const answer = await send(method, target, { headers: page });
        assert.equal(answer.status, status, `${method} ${target.slice(0, 40)}: ${answer.text}`);
        assert.equal(answer.headers["content-type"], "application/problem+json");
        const value = JSON.parse(answer.text);
        assert(problem(value), ajv.errorsText(problem.errors));
        assert.equal(value.code, code);
    }
}

async function tooManyTries() {
    const body = '{"password":"not the password"}';
    for (let i = 0; i < 5; ++i) await ask(operation("logIn"), 401, { body });
    const { answer } = await ask(operation("logIn"), { status: 429, code: "too_many_tries" });
    assert.equal(answer.headers["retry-after"], "900");
    await tell("turn");
    await logIn();
}

async function failing() {
    await tell("fail");
    for (const each of operations.filter((candidate) => candidate.operationId !== "getHealth")) {
        await ask(each, { status: 503, code: "unavailable" });
    }
}

try {
    await beforeSetup();
    await strangers();
    await logIn();
    await reading();
    await changing();
    await live();
    await otherAddresses();
    await tooManyTries();
    await ask(operation("logOut"), 204);
    await ask(operation("getSummary"), { status: 401, code: "login_needed" });
    await logIn();
    await failing();
    const missing = operations.flatMap((each) => Object.keys(each.responses)
        .map((status) => `${each.key} ${status}`)).filter((answer) => !seen.has(answer));
    assert.deepEqual(missing, [], "documented, but never seen");
    console.log(`api contract: ${operations.length} operations, ${seen.size} answers as written`);
} finally {
    agent.destroy();
    server.stdin.end();
}
