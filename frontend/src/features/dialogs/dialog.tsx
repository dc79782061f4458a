/** A dialog of the browser's own: it holds the focus, Escape closes it, and the page behind waits. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useDesk } from "../../views/desk";
import type { Screen } from "../../views/lens";

interface Props {
  readonly title: string;
  readonly class?: string;
  /** Where on the page; in the middle when left out. */
  readonly place?: Screen | null;
  readonly onClose: () => void;
  /** Keys pressed anywhere in it, also while nothing in it has the focus. */
  readonly onKey?: (event: KeyboardEvent) => void;
  readonly children: ComponentChildren;
}

const ROOM_PX = { width: 400, height: 300 };

/** Beside a place of the page, as far as there is room. */
function placed([x, y]: Screen): Record<string, string> {
  const left = Math.max(Math.min(x + 12, window.innerWidth - ROOM_PX.width), 8);
  const top = Math.max(Math.min(y + 12, window.innerHeight - ROOM_PX.height), 8);
  return { margin: "0", left: `${left}px`, top: `${top}px` };
}

export function Dialog({
  title,
  class: name = "",
  place = null,
  onClose,
  onKey,
  children,
}: Props) {
  const desk = useDesk();
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    const before = desk.view.pane.peek();
    desk.view.pane.value = "dialog";
    dialog?.showModal();
    return () => {
      desk.view.pane.value = before;
      dialog?.close();
    };
  }, [desk]);
  return (
    <dialog
      ref={element}
      class={`dialog ${name}`}
      aria-label={title}
      style={place ? placed(place) : {}}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === element.current) onClose();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        onKey?.(event);
      }}
    >
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}
