/** Decodes point frames away from the page. */

import { buffersOf, type DecodeRequest, makeCloud, type PointCloud } from "./points";

export interface Ask {
  readonly id: number;
  readonly request: DecodeRequest;
}

export type Answer =
  | { readonly id: number; readonly cloud: PointCloud }
  | { readonly id: number; readonly problem: string };

self.addEventListener("message", ({ data }: MessageEvent<Ask>) => {
  try {
    const cloud = makeCloud(data.request);
    const answer: Answer = { id: data.id, cloud };
    self.postMessage(answer, { transfer: buffersOf(cloud) });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    const answer: Answer = { id: data.id, problem };
    self.postMessage(answer);
  }
});
