/** The socket: joins rooms, hears what changed, comes back by itself. It only tells; who hears fetches. */

import { backoff_ms } from "../api/client";
import { type ReadonlySignal, type Signal, signal } from "../core/signals";
import type { LiveEvent } from "../live/events";

/** An open connection; a WebSocket in the browser. */
export interface Wire {
  send(text: string): void;
  close(): void;
}

export interface WireEvents {
  readonly opened: () => void;
  readonly closed: (code: number) => void;
  readonly heard: (data: unknown) => void;
}

export interface SocketParts {
  readonly open: (events: WireEvents) => Wire;
  readonly later: (run: () => void, ms: number) => void;
  readonly random: () => number;
}

export type SocketState = "connecting" | "open" | "closed" | "signed-out";
export type EventListener = (event: LiveEvent) => void;

const SIGN_IN_FIRST = 4401;

function isEvent(message: unknown): message is LiveEvent {
  return typeof message === "object" && message !== null && "event" in message;
}

export class LiveSocket {
  readonly state: ReadonlySignal<SocketState>;
  private readonly stateSignal: Signal<SocketState> = signal("connecting");
  private readonly rooms = new Set<string>();
  private readonly listeners = new Set<EventListener>();
  private readonly reopened = new Set<() => void>();
  private wire: Wire | null = null;
  private failures = 0;
  private wasOpen = false;
  private ended = false;

  constructor(private readonly parts: SocketParts) {
    this.state = this.stateSignal;
    this.connect();
  }

  join(room: string): void {
    this.rooms.add(room);
    this.say({ join: room });
  }

  leave(room: string): void {
    this.rooms.delete(room);
    this.say({ leave: room });
  }

  /** Returns what stops listening. */
  onEvent(listener: EventListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Called after a gap: something may have been missed. */
  onReopened(listener: () => void): () => void {
    this.reopened.add(listener);
    return () => this.reopened.delete(listener);
  }

  close(): void {
    this.ended = true;
    this.wire?.close();
  }

  private connect(): void {
    this.stateSignal.value = "connecting";
    this.wire = this.parts.open({
      opened: () => this.opened(),
      closed: (code) => this.closed(code),
      heard: (data) => this.hear(data),
    });
  }

  private opened(): void {
    this.failures = 0;
    this.stateSignal.value = "open";
    for (const room of this.rooms) this.say({ join: room });
    if (this.wasOpen) for (const listener of this.reopened) listener();
    this.wasOpen = true;
  }

  private closed(code: number): void {
    this.wire = null;
    this.stateSignal.value = code === SIGN_IN_FIRST ? "signed-out" : "closed";
    if (this.ended || code === SIGN_IN_FIRST) return;
    this.parts.later(
      () => {
        if (!this.ended) this.connect();
      },
      backoff_ms(this.failures, this.parts.random),
    );
    this.failures += 1;
  }

  private hear(data: unknown): void {
    if (typeof data !== "string") return;
    const message: unknown = JSON.parse(data);
    if (!isEvent(message)) return;
    for (const listener of this.listeners) listener(message);
  }

  private say(message: { readonly join: string } | { readonly leave: string }): void {
    if (this.stateSignal.peek() === "open") this.wire?.send(JSON.stringify(message));
  }
}
