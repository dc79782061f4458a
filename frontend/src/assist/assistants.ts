/** The assistants' worker, seen from the page. Every answer is a proposal: the last question counts. */

import { type Remote, transfer, wrap } from "comlink";
import type { Assistants } from "./assist.worker";
import AssistWorker from "./assist.worker?worker";
import type { ClickRequest, Proposal } from "./one-click";

export class AssistDesk {
  private readonly worker = new AssistWorker();
  private readonly remote: Remote<Assistants> = wrap<Assistants>(this.worker);
  private asked = 0;

  /** The proposal, or null when another question was asked in the meantime. The points are handed over. */
  async oneClick(request: ClickRequest): Promise<Proposal | null> {
    this.asked += 1;
    const question = this.asked;
    const answer = await this.remote.oneClick(transfer(request, [request.points.buffer]));
    return question === this.asked ? answer : null;
  }

  /** Lets the answer on its way come to nothing: Escape. */
  cancel(): void {
    this.asked += 1;
  }

  dispose(): void {
    this.worker.terminate();
  }
}
