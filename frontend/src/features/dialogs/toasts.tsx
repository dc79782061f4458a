/** Short messages that go by themselves; a screen reader hears them. */

import { useEffect, useState } from "preact/hooks";
import { useDesk } from "../../views/desk";

const SHOWN_MS = 4500;
const MOST_SHOWN = 3;

export function Toasts() {
  const { bench } = useDesk();
  const notices = bench.editor.notices.value;
  const newest = notices.at(-1)?.id ?? 0;
  const [gone, setGone] = useState(0);
  useEffect(() => {
    const timer = window.setTimeout(() => setGone(newest), SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [newest]);
  const shown = notices.filter(({ id }) => id > gone).slice(-MOST_SHOWN);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown.map((notice) => (
        <p key={notice.id} class={`toast ${notice.kind}`}>
          {notice.text}
        </p>
      ))}
    </div>
  );
}
