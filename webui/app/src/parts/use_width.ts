import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { RefObject } from "preact";

const GUESS = 960;

/** The width that an element has got, so that a picture is laid out in real pixels. */
export function useWidth<T extends Element>(): [RefObject<T | null>, number] {
    const ref = useRef<T | null>(null);
    const [width, setWidth] = useState(GUESS);
    useLayoutEffect(() => {
        const element = ref.current;
        if (!element) return undefined;
        const measure = () => setWidth(Math.max(240, Math.floor(element.clientWidth)));
        measure();
        const observer = new ResizeObserver(measure);
        observer.observe(element);
        return () => observer.disconnect();
    }, []);
    return [ref, width];
}
