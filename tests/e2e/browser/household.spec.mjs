// Devices and companies: lists, single ones, names.
import { expect, test, toNumber } from "./fixtures.mjs";
import { HOSTILE_NAMES } from "./stub_data.mjs";

const KARI = "/devices/3c%3A22%3Afb%3A12%3A34%3A01";

test("the list has every device of the API, and sorts", async ({ page, open, url }) => {
    await open("/devices");
    const { devices } = await (await page.request.get(`${url}/api/v1/devices`)).json();
    await expect(page.locator(".rows tbody tr")).toHaveCount(devices.length);
    const leaked = async () => (await page.locator(".rows tbody td:nth-child(3)").allInnerTexts())
        .map(toNumber);
    const down = (numbers) => [...numbers].sort((a, b) => b - a);
    expect(await leaked()).toEqual(down(await leaked()));
    await page.getByRole("columnheader", { name: "Lekket" }).getByRole("button").click();
    await expect(page.getByRole("columnheader", { name: "Lekket" }))
        .toHaveAttribute("aria-sort", "ascending");
    expect(await leaked()).toEqual(down(await leaked()).reverse());
});

test("a device is given a name @stub", async ({ page, open, stub }) => {
    await open(KARI);
    await page.getByRole("button", { name: "Endre navnet" }).click();
    const field = page.getByLabel("Navn", { exact: true });
    await expect(field).toBeFocused();
    await field.fill("  Mammas mobil ");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Mammas mobil");
    await expect(page.getByRole("status").first()).toHaveText("Navnet er lagret");
    await expect(page.getByRole("button", { name: "Endre navnet" })).toBeFocused();
    expect(stub.ordered[0].body).toEqual({ name: "Mammas mobil" });
});

test("giving a name can be given up @stub", async ({ page, open, stub }) => {
    await open(KARI);
    await page.getByRole("button", { name: "Endre navnet" }).click();
    await page.keyboard.press("Escape");
    await expect(page.getByLabel("Navn", { exact: true })).toHaveCount(0);
    expect(stub.ordered).toEqual([]);
});

test("a device page tells what it met and what for @stub", async ({ page, open }) => {
    await open(`${KARI}?range=30d`);
    await expect(page.locator(".sentence")).toContainText("prøvde denne enheten minst");
    await expect(page.getByRole("heading", { name: "Selskaper den møtte" })).toBeVisible();
    await expect(page.getByRole("heading", { name: "Hva kontaktene var til" })).toBeVisible();
    await expect(page.getByText("funnet på av enheten for å skjule seg")).toBeVisible();
    await expect(page.getByText("Sannsynligvis en skriver")).toBeVisible();
    await expect(page.getByText("fordi den tilbyr «_ipp» til andre")).toBeVisible();
    await page.getByRole("link", { name: "Se alle hendelser for denne enheten" }).click();
    await expect(page).toHaveURL(/\/events\?range=30d&device=3c%3A22/);
});

test("a device page tells how it goes around Sporvakt @stub", async ({ page, open }) => {
    await open(KARI);
    await expect(page.getByRole("heading", { name: "Går utenom Sporvakt" })).toBeVisible();
    await expect(page.getByText("en navnetjener ute på Internett (8.8.8.8)")).toBeVisible();
    await expect(page.getByText("redirect_dns")).toBeVisible();
    await expect(page.getByText("en tunnel (vpn.example)")).toBeVisible();
    await open("/devices/192.168.1.77");
    await expect(page.getByRole("heading", { name: "Går utenom Sporvakt" })).toHaveCount(0);
});

test("a device that met nobody says so @stub", async ({ page, open }) => {
    await open("/devices/192.168.1.77");
    await expect(page.locator(".sentence")).toContainText("ingen kontakt");
});

test("a device that is not there is said not to be @stub", async ({ page, open }) => {
    await open("/devices/10.0.0.1");
    await expect(page.getByRole("heading", { name: "Ingen enhet har denne adressen" }))
        .toBeVisible();
});

test("a company has its country as a name and its owner @stub", async ({ page, open }) => {
    await open("/companies/facebook");
    await expect(page.locator(".facts")).toContainText("USA");
    await expect(page.locator(".facts")).toContainText("Meta Platforms");
    await expect(page.getByText("pixel.facebook.example").first()).toBeVisible();
    await page.getByLabel("Periode").selectOption("7d");
    await expect(page.locator(".sentence")).toContainText("De siste 7 dagene");
});

test("companies are found by name @stub", async ({ page, open }) => {
    await open("/companies");
    await page.getByLabel("Finn et selskap").fill("MICRO");
    await expect(page.locator(".rows tbody tr")).toHaveCount(1);
    await page.getByLabel("Finn et selskap").fill("zzz");
    await expect(page.getByText("Ingen selskaper passer med «zzz»")).toBeVisible();
});

test("unknown companies have a page, and a company that is not there has words @stub",
     async ({ page, open }) => {
    await open("/companies/none?range=30d");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ukjent selskap");
    await expect(page.getByText("metrics.unknown.example")).toBeVisible();
    await page.goto(page.url().replace("/none", "/no-such-company"));
    await expect(page.getByRole("heading", { name: "Selskapet finnes ikke" })).toBeVisible();
});

test.describe("hostile names", () => {
    test.use({ hostile: true });
    test("are shown as text everywhere and do nothing @stub", async ({ page, open }) => {
        const paths = ["/", "/devices", "/companies", "/events", KARI, "/companies/google"];
        for (const path of paths) {
            await open(path);
            await expect(page.getByText(HOSTILE_NAMES[path === "/companies/google" ? 1 : 0])
                .or(page.getByText(HOSTILE_NAMES[1])).first()).toBeAttached();
            await expect(page.locator("#app img, #app script, #app iframe")).toHaveCount(0);
            await expect(page).toHaveTitle(/Sporvakt$/);
        }
        await open("/events?range=30d&q=%3Cimg");
        await page.locator(".turn button").first().click();
        await expect(page.locator(".details .why")).toContainText("<img src=x");
    });
});
