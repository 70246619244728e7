// What this browser remembers between visits: language, theme. Never personal data.
const PREFIX = "sporvakt.";

export function remembered(key: string): string | null {
    try {
        return localStorage.getItem(PREFIX + key);
    } catch {
        return null;  // storage is switched off: everything works, nothing is remembered
    }
}

export function remember(key: string, value: string): void {
    try {
        localStorage.setItem(PREFIX + key, value);
    } catch {
        // as above
    }
}
