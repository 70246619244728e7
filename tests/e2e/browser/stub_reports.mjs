// The reports of the API, counted from the stub's events.
const SPAN_MINUTES = { "1h": 60, "24h": 1440, "7d": 10080, "30d": 43200 };
const STEP_MINUTES = { "10m": 10, "1h": 60, "1d": 1440 };

export function spanOf(query, now) {
    if (query.has("from")) {
        return { from: new Date(query.get("from")), to: new Date(query.get("to")) };
    }
    const minutes = SPAN_MINUTES[query.get("range") ?? "24h"];
    return { from: new Date(now - minutes * 60_000), to: new Date(now) };
}

export function eventsOf(all, query, { from, to }) {
    const wants = (name, value) => !query.has(name) || query.get(name) === value;
    return all.filter((event) => {
        const at = Date.parse(event.last);
        return at >= from.getTime() && at < to.getTime() && wants("device", event.device.id) &&
            wants("company", event.company?.slug ?? "none") &&
            wants("purpose", event.purpose.id) && wants("result", event.result) &&
            event.name.includes((query.get("q") ?? "").toLowerCase());
    });
}

export function sumsOf(events) {
    const sums = { leaked: 0, prevented: 0, leaked_flows: 0, prevented_attempts: 0, bytes_up: 0,
                   bytes_down: 0, last_contact: null };
    for (const event of events) {
        sums[event.result] += 1;
        sums[event.result === "leaked" ? "leaked_flows" : "prevented_attempts"] += event.attempts;
        sums.bytes_up += event.bytes_up;
        sums.bytes_down += event.bytes_down;
        if (!sums.last_contact || event.last > sums.last_contact) sums.last_contact = event.last;
    }
    return sums;
}

function grouped(events, keyOf) {
    const groups = new Map();
    for (const event of events) {
        const key = keyOf(event);
        groups.set(key, [...(groups.get(key) ?? []), event]);
    }
    return groups;
}

const slugOf = (event) => event.company?.slug ?? "none";
const kinds = (events, keyOf) => new Set(events.map(keyOf)).size;
const mostLeaked = (a, b) => b.leaked - a.leaked || b.prevented - a.prevented;
const known = (events) => events.filter((event) => event.company);
const leaks = (events) => events.filter((event) => event.result === "leaked");

export function summary(events, household) {
    return {
        ...sumsOf(events),
        devices: kinds(events, (event) => event.device.id),
        devices_leaking: kinds(leaks(events), (event) => event.device.id),
        devices_known: household.devices.length,
        companies: kinds(known(events), slugOf),
        companies_reached: kinds(known(leaks(events)), slugOf),
        protection: "on", demonstration: household.demonstration,
        catalogue_date: "2026-11-21T00:00:00Z", rules: 120345, capture_drops: 0,
        sightings_dropped: 0, version: "0.1.0",
    };
}

export function deviceRows(events, household, query) {
    const narrowed = ["company", "result", "purpose", "q"].some((name) => query.has(name));
    const groups = grouped(events, (event) => event.device.id);
    return household.devices
        .filter((device) => !query.has("device") || query.get("device") === device.id)
        .filter((device) => !narrowed || groups.has(device.id))
        .map((device) => {
            const mine = groups.get(device.id) ?? [];
            return { ...device, ...sumsOf(mine), companies: kinds(known(mine), slugOf),
                     companies_reached: kinds(known(leaks(mine)), slugOf) };
        })
        .sort(mostLeaked);
}

export function companyRows(events) {
    return [...grouped(events, slugOf).values()].map((mine) => ({
        company: mine[0].company,
        purposes: [...grouped(mine, (event) => event.purpose.id)].map(([id, some]) => {
            const { leaked, prevented } = sumsOf(some);
            return { id, leaked, prevented };
        }),
        devices: kinds(mine, (event) => event.device.id),
        devices_leaking: kinds(leaks(mine), (event) => event.device.id),
        ...sumsOf(mine),
    })).sort(mostLeaked);
}

export function contactRows(events) {
    return [...grouped(events, (event) => `${event.device.id} ${event.name}`).values()]
        .map((mine) => {
            const { leaked, prevented, bytes_up, bytes_down } = sumsOf(mine);
            const { device, name, company, purpose } = mine[0];
            return { device, name, company, purpose, leaked, prevented, bytes_up, bytes_down,
                     attempts: mine.reduce((sum, event) => sum + event.attempts, 0),
                     first: mine.at(-1).first, last: mine[0].last };
        })
        .sort(mostLeaked);
}

export function matrix(events) {
    const cells = [...grouped(events, (event) => `${event.device.id} ${slugOf(event)}`).values()]
        .map((mine) => {
            const { leaked, prevented, bytes_up, bytes_down } = sumsOf(mine);
            return { device: mine[0].device.id, company: mine[0].company?.slug ?? null, leaked,
                     prevented, bytes_up, bytes_down };
        });
    const devices = new Map(events.map((event) => [event.device.id, event.device]));
    const companies = new Map(known(events).map((event) => [event.company.slug, event.company]));
    return { devices: [...devices.values()], companies: [...companies.values()], cells };
}

export function series(events, { from, to }, step) {
    const length = STEP_MINUTES[step] * 60_000;
    const points = [];
    for (let at = Math.floor(from.getTime() / length) * length; at < to.getTime(); at += length) {
        const mine = events.filter((event) => {
            const time = Date.parse(event.last);
            return time >= at && time < at + length;
        });
        const { leaked, prevented, bytes_up, bytes_down } = sumsOf(mine);
        points.push({ start: new Date(at).toISOString(), leaked, prevented, bytes_up, bytes_down });
    }
    const undated = { leaked: 0, prevented: 0, bytes_up: 0, bytes_down: 0 };
    return { step, points, undated };
}

export function eventPage(events, query) {
    const limit = Number(query.get("limit") ?? 100);
    const start = Number(query.get("cursor") ?? 0);
    const next = start + limit < events.length ? String(start + limit) : null;
    return { events: events.slice(start, start + limit), next };
}
