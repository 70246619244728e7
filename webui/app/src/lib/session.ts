import { signal } from "@preact/signals";
import { readSession, type ApiFault, type Session } from "./api";
import { noteAnswer } from "./resource";

/** Null until the first answer. */
export const session = signal<Session | null>(null);
export const sessionFault = signal<ApiFault | null>(null);

export async function refreshSession(): Promise<void> {
    try {
        session.value = await readSession();
        sessionFault.value = null;
        noteAnswer(null);
    } catch (fault) {
        sessionFault.value = fault as ApiFault;
        noteAnswer(fault as ApiFault);
    }
}
