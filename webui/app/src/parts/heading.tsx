import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { ready } from "../lib/started";

/** The page's one h1. It takes the focus when the reader comes from another page of ours. */
export function Heading({ title, children }: { title: string; children?: ComponentChildren }) {
    const ref = useRef<HTMLHeadingElement>(null);
    useEffect(() => {
        if (ready.done) ref.current?.focus({ preventScroll: true });
        ready.done = true;
    }, []);
    useEffect(() => {
        document.title = `${title} – Sporvakt`;
    }, [title]);
    return <h1 ref={ref} tabIndex={-1}>{children ?? title}</h1>;
}
