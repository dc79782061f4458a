/** Keeps the task's lease alive while its tab is open. */

import { isAway } from "../api/client";
import { Refused, SignedOut } from "../api/problems";
import type { DocumentStore } from "../core/document";
import type { Lease } from "../core/types";

export const HEARTBEAT_MS = 15_000;

export interface LeaseParts {
  readonly store: DocumentStore;
  readonly heartbeat: (lease_token: number) => Promise<Lease>;
  /** The server says that it is no longer ours. */
  readonly onLost: (reason: string) => void;
}

export class LeaseKeeper {
  constructor(private readonly parts: LeaseParts) {}

  /** One heartbeat; call it every `HEARTBEAT_MS`. A server that is away or a session that has ended is no loss yet. */
  async beat(): Promise<void> {
    const lease = this.parts.store.lease.peek();
    // Only its holder is told the token.
    if (!lease?.token || this.parts.store.mode.peek() === "view") return;
    try {
      this.parts.store.lease.value = await this.parts.heartbeat(lease.token);
    } catch (error) {
      if (isAway(error) || error instanceof SignedOut) return;
      if (!(error instanceof Refused)) throw error;
      this.parts.store.lease.value = null;
      this.parts.onLost(error.message);
    }
  }
}
