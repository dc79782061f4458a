/** Fetching files: inflated when the store kept the gzip header to itself, patient when the network stumbles. */

import { backoff_ms } from "../api/client";
import { LinkExpired } from "./assets";

const TRIES = 3;

function isGzip(bytes: ArrayBuffer): boolean {
  const [first, second] = new Uint8Array(bytes, 0, Math.min(bytes.byteLength, 2));
  return first === 0x1f && second === 0x8b;
}

/** A store may hand out gzip without saying so; then it is inflated here. */
export async function inflated(bytes: ArrayBuffer): Promise<ArrayBuffer> {
  if (!isGzip(bytes)) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

export interface ByteParts {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
}

/** A failure that trying again may mend. */
class Stumbled extends Error {
  override readonly name = "Stumbled";
}

async function once({ fetch }: ByteParts, url: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const response = await fetch(url, { signal, credentials: "same-origin" });
  if (response.status === 403) throw new LinkExpired("the link to this file is too old");
  if (response.status >= 500) throw new Stumbled(`the server answered ${response.status}`);
  if (!response.ok) throw new RangeError(`the server answered ${response.status} for this file`);
  return inflated(await response.arrayBuffer());
}

/** Fetches a file's bytes; tries again when the network (TypeError, says fetch) or the server stumbles. */
export async function fetchBytes(
  parts: ByteParts,
  url: string,
  signal: AbortSignal,
): Promise<ArrayBuffer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(parts, url, signal);
    } catch (error) {
      const mendable = error instanceof TypeError || error instanceof Stumbled;
      if (!mendable || attempt === TRIES) throw error;
    }
    await parts.sleep(backoff_ms(attempt, parts.random));
  }
}
