/** Who else has the task open. */

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Workspace } from "../../data/session";

export interface Person {
  readonly id: number;
  readonly name: string;
  readonly initials: string;
}

export class Presence {
  readonly others: ReadonlySignal<readonly Person[]>;
  private readonly othersSignal: Signal<readonly Person[]> = signal([]);
  private readonly stop: () => void;

  constructor(workspace: Workspace, self_id: number | null) {
    this.others = this.othersSignal;
    this.stop = workspace.socket.onEvent((event) => {
      if (event.event !== "presence.changed" || event.task_id !== workspace.taskId) return;
      const others = event.people.filter((id) => id !== self_id);
      this.othersSignal.value = others.map((id) => ({
        id,
        name: `person ${id}`,
        initials: String(id),
      }));
    });
  }

  dispose(): void {
    this.stop();
  }
}
