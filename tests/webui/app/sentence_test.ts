import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cause } from "../../../webui/app/src/lib/api";
import { EVERYTHING } from "../../../webui/app/src/lib/filter";
import { language } from "../../../webui/app/src/lib/i18n";
import { emptyKind, faultWords, whenWords, whySentences } from
    "../../../webui/app/src/lib/sentence";
import { sample } from "./samples";

const LEAK = { result: "leaked", source: "tls", bytes_up: 1500, bytes_down: 20_000 } as const;

test("what a list prevented: who asked, why no, whose it is, that nothing left", () => {
    language.value = "en";
    assert.equal(whySentences(sample()).join(" "),
        "Kari sin telefon asked for the address of connect.facebook.net. The name is on the list " +
        "“built-in”, so Sporvakt answered no. The address belongs to Meta Platforms. " +
        "It tried 4 times within ten minutes. No connection was seen.");
});

test("the same in bokmål", () => {
    language.value = "nb";
    assert.match(whySentences(sample()).join(" "),
        /^Kari sin telefon spurte etter adressen til connect\.facebook\.net\. .*«built-in».*nei\./);
});

test("what leaked tells the amounts and that the content is not seen", () => {
    language.value = "en";
    const told = whySentences(sample({ ...LEAK, cause: "reported" })).join(" ");
    assert.match(told, /Contacts for this purpose \(Advertising\) are shown, but not prevented/);
    assert.match(told, /At least 1\.5 kB went out and 20 kB came in\. We do not see the content\./);
    assert.doesNotMatch(told, /No connection was seen/);
});

test("a connection that was cut is not said to be unseen", () => {
    language.value = "en";
    const told = whySentences(sample({ source: "quic" })).join(" ");
    assert.match(told, /began to connect .* cut the connection/);
    assert.doesNotMatch(told, /No connection was seen/);
});

test("every cause has its own sentence in both languages, without holes", () => {
    const causes: Cause[] =
        ["list", "household", "cloaked", "reported", "allowed_by_you", "bypassed"];
    for (const tag of ["en", "nb"] as const) {
        language.value = tag;
        const told = causes.map((cause) => whySentences(sample({ cause, detail: "x.example" }))[0]);
        assert.equal(new Set(told).size, causes.length);
        for (const sentence of told) assert.doesNotMatch(sentence ?? "why.", /why\.|[{}]/);
    }
});

test("missing members never leave gaps in a sentence", () => {
    language.value = "en";
    const bare = sample({ list: null, rule: null, company: null, attempts: 1 });
    assert.doesNotMatch(whySentences(bare).join(" "), /“”|null|undefined|\{/);
    assert.doesNotMatch(whySentences({ ...bare, cause: "cloaked" }).join(" "), /null|to ,/);
});

test("the owner's owner is named", () => {
    language.value = "en";
    const company = { slug: "instagram", name: "Instagram", country: "US",
                      parent: { slug: "meta", name: "Meta Platforms" } };
    assert.ok(whySentences(sample({ company })).includes(
        "The address belongs to Instagram, which Meta Platforms owns."));
});

test("an empty screen knows whether there is nothing at all or only nothing here", () => {
    assert.equal(emptyKind({ devices_known: 0 }, EVERYTHING), "empty");
    assert.equal(emptyKind({ devices_known: 3 }, EVERYTHING), "empty_range");
    assert.equal(emptyKind({ devices_known: 3 }, { ...EVERYTHING, q: "x" }), "empty_filter");
});

test("a period begins the sentence", () => {
    language.value = "nb";
    assert.equal(whenWords({ ...EVERYTHING, range: "7d" }), "De siste 7 dagene");
});

test("faults say what to do; unknown ones as well", () => {
    language.value = "en";
    assert.equal(faultWords({ code: "too_many_tries", retryAfterS: 12 }),
                 "Too many tries. Wait 12 seconds and try again.");
    assert.equal(faultWords({ code: "brand_new", retryAfterS: 0 }),
                 faultWords({ code: "internal", retryAfterS: 0 }));
});
