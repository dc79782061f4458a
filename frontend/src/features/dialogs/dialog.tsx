/** A dialog of the browser's own: it holds the focus, Escape closes it, and the page behind waits. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useDesk } from "../../views/desk";

interface Props {
  readonly title: string;
  readonly class?: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Dialog({ title, class: name = "", onClose, children }: Props) {
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
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === element.current) onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}
