/** Hears what changed in the page's rooms, and lets the parts that show it fetch themselves again. */

interface Heard {
  readonly event: string;
  readonly room: string;
}

const QUIET_MS = 250;
const FIRST_RETRY_MS = 800;
const LAST_RETRY_MS = 20_000;
const CLOSED_FOR_GOOD = 4401;

function isHeard(message: unknown): message is Heard {
  return (
    typeof message === "object" &&
    message !== null &&
    "event" in message &&
    typeof message.event === "string"
  );
}

/** Whether a part that listens for some events (a list, or all by `*`) hears this one. */
export function listensFor(wanted: string | undefined, event: string): boolean {
  const names = (wanted ?? "*").split(/\s+/);
  return names.includes("*") || names.includes(event);
}

/** How long to wait before the next try to connect. */
export function retryAfterMs(tries: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** tries, LAST_RETRY_MS);
}

class Rooms {
  private tries = 0;
  private readonly due = new Map<Element, number>();

  constructor(private readonly names: readonly string[]) {}

  connect(): void {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/ws/`);
    socket.addEventListener("open", () => this.opened(socket));
    socket.addEventListener("message", (message) => this.hear(String(message.data)));
    socket.addEventListener("close", (closing) => this.closed(closing.code));
  }

  private opened(socket: WebSocket): void {
    for (const name of this.names) socket.send(JSON.stringify({ join: name }));
    document.body.dataset["liveState"] = "on";
    // What was said while nobody listened is made up for by fetching once.
    if (this.tries > 0) this.refresh("*");
    this.tries = 0;
  }

  private closed(code: number): void {
    document.body.dataset["liveState"] = "off";
    if (code === CLOSED_FOR_GOOD) return;
    setTimeout(() => this.connect(), retryAfterMs(this.tries));
    this.tries += 1;
  }

  private hear(text: string): void {
    const message: unknown = JSON.parse(text);
    if (isHeard(message)) this.refresh(message.event);
  }

  private refresh(event: string): void {
    for (const part of document.querySelectorAll<HTMLElement>("[data-live]")) {
      if (event === "*" || listensFor(part.dataset["live"], event)) this.soon(part);
    }
  }

  /** Many events in a row cost one fetch. */
  private soon(part: Element): void {
    if (this.due.has(part)) return;
    const fetchAgain = () => {
      this.due.delete(part);
      if (part.contains(document.activeElement) && isTyping(document.activeElement)) {
        this.soon(part);
        return;
      }
      part.dispatchEvent(new CustomEvent("live", { bubbles: false }));
    };
    this.due.set(part, window.setTimeout(fetchAgain, QUIET_MS));
  }
}

const POINTED_AT = new Set(["checkbox", "radio", "button", "submit", "file"]);

/** Whether somebody is in the middle of an entry that a fresh part would take away. */
function isTyping(focused: Element | null): boolean {
  if (focused instanceof HTMLInputElement) return !POINTED_AT.has(focused.type);
  return focused instanceof HTMLTextAreaElement || focused instanceof HTMLSelectElement;
}

/** A part that is answered with the sign-in page would vanish; whoever was signed out is shown the door. */
function watchTheDoor(): void {
  document.addEventListener("htmx:beforeSwap", (event) => {
    const detail: unknown = event instanceof CustomEvent ? event.detail : null;
    if (typeof detail !== "object" || detail === null || !("xhr" in detail)) return;
    const { xhr } = detail;
    if (xhr instanceof XMLHttpRequest && xhr.responseURL.includes("/accounts/login/")) {
      event.preventDefault();
      location.reload();
    }
  });
}

/** Join the rooms that the page names, if it names any. */
export function listen(): void {
  const names = (document.body.dataset["liveRooms"] ?? "").split(/\s+/).filter(Boolean);
  if (names.length > 0) new Rooms(names).connect();
  watchTheDoor();
}
