/** The size of an element, told whenever it changes. */

import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Size } from "./lens";

export function useSize(element: RefObject<HTMLElement | null>, tell: (size: Size) => void): void {
  const listener = useRef(tell);
  listener.current = tell;
  useEffect(() => {
    const box = element.current;
    if (!box) return;
    const read = () => listener.current({ width: box.clientWidth, height: box.clientHeight });
    const observer = new ResizeObserver(read);
    observer.observe(box);
    read();
    return () => observer.disconnect();
  }, [element]);
}
