// An invented household for the stub: events over 30 days, the same in every run. Every sum that
// the stub gives is counted from these events, so that what the page shows must agree.
const DEVICES = [
    ["3c:22:fb:12:34:01", "Telefonen til Kari", "Apple", 9],
    ["3c:22:fb:12:34:02", "TV i stua", "Samsung", 8],
    ["3c:22:fb:12:34:03", "Robotstøvsuger", "Roborock", 5],
    ["3c:22:fb:12:34:04", "Kamera i gangen", "Hikvision", 3],
    ["3c:22:fb:12:34:05", "Høyttaler på kjøkkenet", "Sonos", 3],
    ["3c:22:fb:12:34:06", "Telefonen til Ola", "Google", 6],
    ["3c:22:fb:12:34:07", "Skole-PC", "Lenovo", 4],
    ["3c:22:fb:12:34:08", "Nettbrettet", "Apple", 2],
];

export const HOSTILE_NAMES = [
    "<img src=x onerror=\"document.title='hacked'\">",
    "\"><script>document.title='hacked'</script>",
    "{{constructor.constructor('x')()}}",
];

const meta = { slug: "meta", name: "Meta Platforms" };
const alphabet = { slug: "alphabet", name: "Alphabet" };
// slug, name, country, parent, purpose, domain, share of contacts that leak, weight
const COMPANIES = [
    ["google", "Google", "US", alphabet, "advertising", "ads.google.example", .12, 14],
    ["facebook", "Facebook", "US", meta, "advertising", "pixel.facebook.example", .2, 10],
    ["instagram", "Instagram", "US", meta, "social", "graph.instagram.example", 1, 4],
    ["microsoft", "Microsoft", "US", null, "telemetry", "events.microsoft.example", .45, 9],
    ["samsung", "Samsung", "KR", null, "smart-tv", "logs.samsung.example", .3, 8],
    ["roborock", "Roborock", "CN", null, "telemetry", "eu.roborock.example", .8, 5],
    ["criteo", "Criteo", "FR", null, "advertising", "bidder.criteo.example", .05, 7],
    ["hotjar", "Hotjar", "MT", null, "session-replay", "rec.hotjar.example", .08, 6],
    ["taboola", "Taboola", "US", null, "advertising", "cdn.taboola.example", .1, 5],
    ["adobe", "Adobe", "US", null, "analytics", "metrics.adobe.example", .25, 4],
    ["snap", "Snap", "US", null, "advertising", "tr.snap.example", .15, 4],
    ["tiktok", "TikTok", "CN", null, "social", "log.tiktok.example", 1, 3],
    ["amazon", "Amazon", "US", null, "advertising", "aax.amazon.example", .1, 3],
    ["kantar", "Kantar", "GB", null, "audience-measurement", "tns.kantar.example", .05, 2],
    ["schibsted", "Schibsted", "NO", null, "analytics", "collector.schibsted.example", .2, 2],
];

export const EVENTS_LONGEST = 2400;
const DAYS = 30;

/** mulberry32: small, seeded, the same everywhere. */
function randomFrom(seed) {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let t = Math.imul(state ^ (state >>> 15), 1 | state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
}

function pick(random, rows, weightAt) {
    let point = random() * rows.reduce((sum, row) => sum + row[weightAt], 0);
    for (const row of rows) {
        point -= row[weightAt];
        if (point <= 0) return row;
    }
    return rows[0];
}

export function companyOf([slug, name, country, parent]) {
    return { slug, name, country, parent };
}

function prevented(random, domain) {
    const cloaked = random() < .05;
    return {
        source: "query", cause: cloaked ? "cloaked" : random() < .04 ? "household" : "list",
        contacts: 1, attempts: 1 + Math.floor(random() * 9), bytes_up: 0, bytes_down: 0,
        rule: `||${domain}^`, list: "built-in", detail: cloaked ? `real.${domain}` : null,
    };
}

function leaked(random) {
    const chance = random();
    return {
        source: chance < .5 ? "tls" : chance < .8 ? "quic" : chance < .9 ? "http" : "inferred",
        cause: chance < .25 ? "bypassed" : chance < .3 ? "allowed_by_you" : "reported",
        contacts: 1, attempts: 1 + Math.floor(random() * 3),
        bytes_up: 400 + Math.floor(random() * 9000),
        bytes_down: 2000 + Math.floor(random() * 90000), rule: null, list: null, detail: null,
    };
}

export function eventAt(time, random, number) {
    const device = pick(random, DEVICES, 3);
    const company = pick(random, COMPANIES, 7);
    const domain = company[5];
    const known = random() > .03;
    const result = random() < company[6] ? "leaked" : "prevented";
    return {
        id: number.toString(16).padStart(16, "0"),
        first: new Date(time - 90_000 * random()).toISOString(),
        last: new Date(time).toISOString(),
        device: { id: device[0], name: device[1] },
        company: known ? companyOf(company) : null,
        purpose: { id: known ? company[4] : "unknown" },
        name: known ? `${["a", "b", "www", "sdk"][Math.floor(random() * 4)]}.${domain}`
            : "metrics.unknown.example",
        result,
        ...(result === "leaked" ? leaked(random) : prevented(random, domain)),
    };
}

/** Half of the events lie in the last day, the rest over the month; more by day than by night. */
export function makeEvents(now, { hostile = false } = {}) {
    const random = randomFrom(20261121);
    const events = [];
    while (events.length < EVENTS_LONGEST) {
        const span = events.length % 2 === 0 ? 1 : DAYS;
        const time = now - random() * span * 86_400_000;
        const hour = new Date(time).getUTCHours();
        const awake = Math.max(0, Math.sin((hour - 5) / 24 * Math.PI * 1.25));
        if (random() > .15 + .85 * awake) continue;
        events.push(eventAt(time, random, events.length + 1));
    }
    if (hostile) makeHostile(events);
    return events.sort((a, b) => a.last < b.last ? 1 : -1);
}

function makeHostile(events) {
    HOSTILE_NAMES.forEach((name, index) => {
        for (const event of events) {
            if (event.device.id === DEVICES[index][0]) event.device.name = name;
        }
    });
    for (const event of events.slice(0, 600)) event.name = `${HOSTILE_NAMES[0]}.example`;
    for (const event of events) {
        if (event.company?.slug === "google") event.company.name = HOSTILE_NAMES[1];
    }
}

export function makeDevices(now, events) {
    const names = new Map(events.map((event) => [event.device.id, event.device.name]));
    const rows = DEVICES.map(([id, name, vendor], index) => ({
        id, name: names.get(id) ?? name, given_name: index < 5 ? name : null,
        announced_name: index % 2 ? `${vendor}-${index}` : null, host_name: `${vendor}-host`,
        vendor_class: null, vendor, model: null, services: index % 2 ? [] : ["_ipp"],
        kind: index % 2 ? { guess: "unknown", evidence: "none", words: "" }
            : { guess: "printer", evidence: "service", words: "_ipp" },
        bypass: index === 0 ? [
            { kind: "dns", server: "8.8.8.8", last_seen: new Date(now - 3_600_000).toISOString() },
            { kind: "vpn", server: "vpn.example", last_seen: new Date(now).toISOString() },
        ] : [],
        group: null, mac: id, mac_is_private: index === 0,
        addresses: [`192.168.1.${20 + index}`, `fd00::${20 + index}`],
        first_seen: new Date(now - 25 * 86_400_000).toISOString(),
        last_seen: new Date(now - index * 120_000).toISOString(),
    }));
    rows.push({ ...rows[0], id: "192.168.1.77", name: "192.168.1.77", given_name: null,
                announced_name: null, host_name: null, vendor: null, mac: null,
                mac_is_private: false, bypass: [], addresses: ["192.168.1.77"] });
    return rows;
}
