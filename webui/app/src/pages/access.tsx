// The first password, and logging in with it.
import type { ComponentChildren } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { ApiFault, logIn, setUp, type Session } from "../lib/api";
import { t } from "../lib/i18n";
import { go, path } from "../lib/router";
import { faultWords } from "../lib/sentence";
import { session } from "../lib/session";
import { Heading } from "../parts/heading";
import { Mark } from "../parts/logo";
import { LanguageSelect } from "../parts/settings";

const BYTES_MIN = 10;
const BYTES_MAX = 256;

/** What is wrong with a new password; "" when it will do. */
export function passwordFault(password: string, repeated: string): string {
    const bytes = new TextEncoder().encode(password).length;
    if (bytes < BYTES_MIN) return "setup.too_short";
    if (bytes > BYTES_MAX) return "setup.too_long";
    return password === repeated ? "" : "setup.differ";
}

function entered(now: Session): void {
    session.value = now;
    if (path.value === "/login") go("/", "replace");
}

interface PasswordProps {
    label: string;
    help?: string;
    shown: boolean;
    kind: "new-password" | "current-password";
    value: string;
    change: (value: string) => void;
}

function Password({ label, help, shown, kind, value, change }: PasswordProps) {
    const id = useId();
    const field = {
        id, autocomplete: kind, required: true, value,
        "aria-describedby": help ? `${id}-help` : undefined,
        onInput: (event: { currentTarget: HTMLInputElement }) => change(event.currentTarget.value),
    };
    return (
        <div class="field">
            <label for={id}>{label}</label>
            {help && <p id={`${id}-help`} class="help">{help}</p>}
            {shown ? <input key="input" type="text" {...field} />
                : <input key="input" type="password" {...field} />}
        </div>
    );
}

interface AccessProps {
    title: string;
    lead: string;
    submit: string;
    fields: (shown: boolean) => ComponentChildren;
    /** Does it; gives what is wrong in words, or "". */
    enter: () => Promise<string>;
}

function AccessForm({ title, lead, submit, fields, enter }: AccessProps) {
    const [shown, setShown] = useState(false);
    const [fault, setFault] = useState("");
    const [busy, setBusy] = useState(false);
    const form = useRef<HTMLFormElement>(null);
    const send = async (event: Event) => {
        event.preventDefault();
        setBusy(true);
        setFault("");  // so that the same fault is read aloud again
        setFault(await enter());
        setBusy(false);
        form.current?.querySelector<HTMLInputElement>("input:not([hidden])")?.focus();
    };
    return (
        <main id="main" class="access">
            <p class="access-mark"><Mark /><span>Sporvakt</span></p>
            <Heading title={title} />
            <p class="lead">{lead}</p>
            <form ref={form} onSubmit={(event) => void send(event)} noValidate>
                {/* For password managers, which keep a password under a name. */}
                <input type="text" autocomplete="username" value="sporvakt" readOnly hidden />
                {fields(shown)}
                <label class="check">
                    <input type="checkbox" checked={shown}
                           onChange={(event) => setShown(event.currentTarget.checked)} />
                    <span>{t("login.show")}</span>
                </label>
                {fault && <p class="fault" role="alert">{fault}</p>}
                <button type="submit" class="main" disabled={busy}>{submit}</button>
            </form>
            {session.value?.demonstration && <p><a href="/">{t("login.back")}</a></p>}
            <div class="access-language"><LanguageSelect /></div>
        </main>
    );
}

async function tried(enter: () => Promise<Session>): Promise<string> {
    try {
        entered(await enter());
        return "";
    } catch (thrown) {
        return faultWords(thrown instanceof ApiFault ? thrown
            : new ApiFault("internal", 0, String(thrown)));
    }
}

export function SetUp() {
    const [password, setPassword] = useState("");
    const [repeated, setRepeated] = useState("");
    const enter = async () => {
        const fault = passwordFault(password, repeated);
        return fault ? t(fault) : tried(() => setUp(password));
    };
    return (
        <AccessForm title={t("setup.title")} lead={t("setup.lead")} submit={t("setup.submit")}
                    enter={enter} fields={(shown) => (
            <>
                <Password label={t("setup.password")} help={t("setup.password_help")} shown={shown}
                          kind="new-password" value={password} change={setPassword} />
                <Password label={t("setup.repeat")} help={t("setup.forgotten")} shown={shown}
                          kind="new-password" value={repeated} change={setRepeated} />
            </>
        )} />
    );
}

export function LogIn() {
    const [password, setPassword] = useState("");
    return (
        <AccessForm title={t("login.title")} lead={t("login.lead")} submit={t("login.submit")}
                    enter={() => tried(() => logIn(password))} fields={(shown) => (
            <Password label={t("login.password")} shown={shown} kind="current-password"
                      value={password} change={setPassword} />
        )} />
    );
}
