import { expect, test } from "./fixtures.mjs";
import { PASSWORD } from "./stub-api.mjs";

test.describe("first run", () => {
    test.use({ state: "setup" });

    test("a password is chosen, and the overview opens @stub", async ({ page, open, stub }) => {
        await open("/");
        await expect(page.getByRole("heading", { name: "Velkommen til Sporvakt" })).toBeVisible();
        await page.getByLabel("Velg et passord").fill("fire ord jeg husker");
        await page.getByLabel("Samme passord en gang til").fill("fire ord jeg husker");
        await page.getByRole("button", { name: "Lagre passordet" }).click();
        await expect(page.locator(".sentence")).toBeVisible();
        expect(stub.password).toBe("fire ord jeg husker");
    });

    test("what is wrong is said, and nothing is sent @stub", async ({ page, open, stub }) => {
        await open("/");
        const send = page.getByRole("button", { name: "Lagre passordet" });
        await page.getByLabel("Velg et passord").fill("kort");
        await send.click();
        await expect(page.getByRole("alert")).toContainText("minst 10 tegn");
        await page.getByLabel("Velg et passord").fill("fire ord jeg husker");
        await page.getByLabel("Samme passord en gang til").fill("fire ord jeg glemmer");
        await send.click();
        await expect(page.getByRole("alert")).toContainText("ikke like");
        expect(stub.password).toBe(null);
    });

    test("the language is chosen and remembered @stub", async ({ page, open }) => {
        await open("/");
        await page.getByLabel("Språk").selectOption("en");
        await expect(page.getByRole("heading", { name: "Welcome to Sporvakt" })).toBeVisible();
        await expect(page.locator("html")).toHaveAttribute("lang", "en");
        await page.reload();
        await expect(page.getByRole("heading", { name: "Welcome to Sporvakt" })).toBeVisible();
    });
});

test.describe("login", () => {
    test.use({ state: "login" });

    test("the right password opens the page that was asked for @stub", async ({ page, open }) => {
        await open("/devices?range=7d");
        await page.getByLabel("Passord", { exact: true }).fill(PASSWORD);
        await page.keyboard.press("Enter");
        await expect(page.getByRole("heading", { name: "Enheter", level: 1 })).toBeVisible();
        await expect(page).toHaveURL(/\/devices\?range=7d$/);
    });

    test("a wrong password is said, too many tries as well @stub", async ({ page, open }) => {
        await open("/");
        const field = page.getByLabel("Passord", { exact: true });
        const enter = async () => {  // until it is answered: what was said before stands till then
            const answered = page.waitForResponse("**/api/v1/session");
            await page.keyboard.press("Enter");
            await answered;
        };
        for (let tries = 0; tries < 4; tries += 1) {
            await field.fill("feil passord her");
            await enter();
            await expect(page.getByRole("alert")).toContainText("stemmer ikke");
            await expect(field).toBeFocused();
        }
        await enter();
        await expect(page.getByRole("alert")).toContainText("Vent 12 sekunder");
    });

    test("the password can be shown @stub", async ({ page, open }) => {
        await open("/");
        await page.getByLabel("Passord", { exact: true }).fill("hemmelig nok");
        await page.getByLabel("Vis passordet").check();
        await expect(page.getByLabel("Passord", { exact: true })).toHaveAttribute("type", "text");
        await expect(page.getByLabel("Passord", { exact: true })).toHaveValue("hemmelig nok");
    });

    test("logging out leads back to the password @stub", async ({ page, open }) => {
        await open("/");
        await page.getByLabel("Passord", { exact: true }).fill(PASSWORD);
        await page.keyboard.press("Enter");
        await page.getByText("Innstillinger").click();
        await page.getByRole("button", { name: "Logg ut" }).click();
        await expect(page.getByRole("heading", { name: "Logg inn" })).toBeVisible();
    });
});

test("a session that ends leads to the password @stub", async ({ page, open, stub }) => {
    await open("/");
    stub.open = false;
    await page.getByRole("link", { name: "Enheter" }).click();
    await expect(page.getByRole("heading", { name: "Logg inn" })).toBeVisible();
});
