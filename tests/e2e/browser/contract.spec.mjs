// The stand-in must speak as docs/api/openapi.yaml says, or the other specs prove nothing.
import { existsSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import { expect, test } from "./fixtures.mjs";

const DOCUMENT = new URL("../../../docs/api/openapi.yaml", import.meta.url);

function validators() {
    const document = parse(readFileSync(DOCUMENT, "utf8"));
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addSchema({ $id: "api", components: document.components });
    return (name) => ajv.compile({ $ref: `api#/components/schemas/${name}` });
}

const ANSWERS = {
    Summary: "/summary", DeviceList: "/devices", CompanyList: "/companies",
    ContactList: "/contacts", Matrix: "/matrix", Series: "/series?step=1h",
    EventList: "/events?limit=100", Session: "/session", Health: "/health",
};

for (const [schema, path] of Object.entries(ANSWERS)) {
    test(`${path} answers in the shape of ${schema} @stub`, async ({ request, stub }) => {
        test.skip(!existsSync(DOCUMENT), "docs/api/openapi.yaml is not there");
        const check = validators()(schema);
        const answer = await (await request.get(`${stub.url}/api/v1${path}`)).json();
        expect(check(answer), JSON.stringify(check.errors?.slice(0, 3))).toBe(true);
    });
}
