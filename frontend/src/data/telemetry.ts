/** How long gestures take and how many inputs they need; kept here, sent only where the server asks for it. */

import type { ObjId } from "../core/types";
import type { Shelf } from "./shelf";

/** One stretch of work on one object, ended by a change set. */
export interface Span {
  readonly task_id: number;
  readonly object_id: ObjId | null;
  readonly label: string;
  readonly seconds: number;
  readonly pointer_inputs: number;
  readonly key_inputs: number;
  readonly ended_at: string;
}

/** After this long without input a person is taken to be away; the time does not count. */
export const AWAY_AFTER_MS = 60_000;
const MOST_SPANS = 5000;
export const TELEMETRY_URL = "/api/v1/telemetry/";

export interface TelemetryParts {
  readonly task_id: number;
  readonly shelf: Shelf;
  readonly now_ms: () => number;
  /** navigator.sendBeacon; null where the server has not asked for spans. */
  readonly beacon: ((url: string, body: string) => boolean) | null;
}

export class Telemetry {
  private pointers = 0;
  private keys = 0;
  private worked_ms = 0;
  private last_ms: number | null = null;

  constructor(private readonly parts: TelemetryParts) {}

  input(kind: "pointer" | "key"): void {
    const now = this.parts.now_ms();
    const pause = this.last_ms === null ? 0 : now - this.last_ms;
    if (pause < AWAY_AFTER_MS) this.worked_ms += pause;
    this.last_ms = now;
    if (kind === "pointer") this.pointers += 1;
    else this.keys += 1;
  }

  /** A gesture was finished: what led to it becomes one span. */
  async end(label: string, object_id: ObjId | null): Promise<void> {
    const span: Span = {
      task_id: this.parts.task_id,
      object_id,
      label,
      seconds: this.worked_ms / 1000,
      pointer_inputs: this.pointers,
      key_inputs: this.keys,
      ended_at: new Date(this.parts.now_ms()).toISOString(),
    };
    this.pointers = 0;
    this.keys = 0;
    this.worked_ms = 0;
    const { shelf } = this.parts;
    await shelf.add("spans", span);
    const [oldest] = await shelf.getAllKeys("spans", undefined, 1);
    if (oldest !== undefined && (await shelf.count("spans")) > MOST_SPANS) {
      await shelf.delete("spans", oldest);
    }
  }

  /** Sends what is kept where the server asked for it; what was taken is forgotten. */
  async send(): Promise<void> {
    const { beacon, shelf } = this.parts;
    if (!beacon) return;
    const spans = await shelf.getAll("spans");
    if (spans.length > 0 && beacon(TELEMETRY_URL, JSON.stringify({ spans }))) {
      await shelf.clear("spans");
    }
  }
}
