import { useEffect, useRef } from "preact/hooks";
import { logOut } from "../lib/api";
import { changeLanguage, language, LANGUAGES, t, type Language } from "../lib/i18n";
import { refreshSession, session } from "../lib/session";
import { changeTheme, theme, THEMES, type Theme } from "../lib/theme";

export function LanguageSelect() {
    const change = async (select: HTMLSelectElement) => {
        await changeLanguage(select.value as Language);
        select.value = language.value;  // where the texts could not be read
    };
    return (
        <label class="field">
            <span>{t("app.language")}</span>
            <select value={language.value}
                    onChange={(event) => void change(event.currentTarget)}>
                {Object.entries(LANGUAGES).map(([tag, name]) => (
                    <option key={tag} value={tag} lang={tag}>{name}</option>
                ))}
            </select>
        </label>
    );
}

function ThemeSelect() {
    return (
        <label class="field">
            <span>{t("app.theme")}</span>
            <select value={theme.value}
                    onChange={(event) => changeTheme(event.currentTarget.value as Theme)}>
                {THEMES.map((name) => (
                    <option key={name} value={name}>{t(`theme.${name}`)}</option>
                ))}
            </select>
        </label>
    );
}

function Access() {
    const now = session.value;
    if (!now) return null;
    if (now.authenticated) {
        const leave = () => void logOut().catch(() => undefined).then(refreshSession);
        return <button type="button" onClick={leave}>{t("app.log_out")}</button>;
    }
    return <a href="/login">{t(now.setup_needed ? "app.set_password" : "app.log_in")}</a>;
}

/** Language, appearance, log out: behind one button, closed by Escape or a press outside. */
export function Settings() {
    const ref = useRef<HTMLDetailsElement>(null);
    useEffect(() => {
        const close = (event: Event) => {
            const menu = ref.current;
            if (!menu?.open) return;
            const outside = event.target instanceof Node && !menu.contains(event.target);
            if (event instanceof KeyboardEvent) {
                if (event.key !== "Escape") return;
                menu.open = false;
                menu.querySelector("summary")?.focus();
            } else if (outside) menu.open = false;
        };
        document.addEventListener("click", close);
        document.addEventListener("keydown", close);
        return () => {
            document.removeEventListener("click", close);
            document.removeEventListener("keydown", close);
        };
    }, []);
    return (
        <details ref={ref} class="settings">
            <summary>{t("app.menu")}</summary>
            <div class="settings-box">
                <LanguageSelect />
                <ThemeSelect />
                <Access />
            </div>
        </details>
    );
}
