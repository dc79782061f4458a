/** Two workers that take turns at decoding. */

import type { Answer, Ask } from "./decode.worker";
import DecodeWorker from "./decode.worker?worker";
import type { DecodeRequest, PointCloud } from "./points";

const WORKERS = 2;

interface Waiting {
  readonly resolve: (cloud: PointCloud) => void;
  readonly reject: (error: Error) => void;
}

export class Decoder {
  private readonly workers: readonly Worker[];
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;

  constructor() {
    this.workers = Array.from({ length: WORKERS }, () => {
      const worker = new DecodeWorker();
      worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => this.settle(data));
      return worker;
    });
  }

  /** The buffers given are handed over and empty afterwards. */
  decode(request: DecodeRequest): Promise<PointCloud> {
    this.asked += 1;
    const ask: Ask = { id: this.asked, request };
    const worker = this.workers[this.asked % this.workers.length];
    return new Promise((resolve, reject) => {
      this.waiting.set(ask.id, { resolve, reject });
      const transfer = request.ground ? [request.points, request.ground] : [request.points];
      worker?.postMessage(ask, transfer);
    });
  }

  dispose(): void {
    for (const worker of this.workers) worker.terminate();
  }

  private settle(answer: Answer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if ("cloud" in answer) waiting?.resolve(answer.cloud);
    else waiting?.reject(new RangeError(answer.problem));
  }
}
