import { signal } from "@preact/signals";
import { remember, remembered } from "./memory";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export const theme = signal<Theme>("auto");

function show(chosen: Theme): void {
    const root = document.documentElement;
    if (chosen === "auto") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", chosen);
}

export function startTheme(): void {
    const saved = remembered("theme");
    theme.value = THEMES.find((known) => known === saved) ?? "auto";
    show(theme.value);
}

export function changeTheme(to: Theme): void {
    theme.value = to;
    remember("theme", to);
    show(to);
}
