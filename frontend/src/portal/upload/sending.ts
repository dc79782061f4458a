/** Sends one file by tus: resumed where it broke off, tried again while the connection is away. */

import { DetailedError, Upload } from "tus-js-client";
import { type ChosenFile, fingerprint } from "./files";
import type { Memory } from "./memory";
import type { Send, Sending } from "./queue";

const CHUNK_BYTES = 8 * 1024 * 1024;
const RETRY_MS = [0, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000];
const HELD = 423;
const TOO_MANY = 429;

export interface Target {
  readonly endpoint: string;
  readonly project: string;
  readonly batch: string;
  readonly csrf: string;
}

/** Whether an answer may be another one later. */
export function mayRetry(status: number): boolean {
  return status === 0 || status === HELD || status === TOO_MANY || status >= 500;
}

/** What the server said, in its own words where it gave any. */
export function reasonOf(error: Error): string {
  if (!(error instanceof DetailedError) || error.originalResponse === null) {
    return "The connection is away. What has arrived is kept; go on when it is back.";
  }
  try {
    const problem: unknown = JSON.parse(error.originalResponse.getBody());
    if (typeof problem === "object" && problem !== null && "detail" in problem) {
      return String(problem.detail);
    }
  } catch {
    // No problem document: the status has to do.
  }
  return `The server refused it (${error.originalResponse.getStatus()}).`;
}

async function begin(upload: Upload, memory: Memory, key: string): Promise<boolean> {
  const kept = await memory.file(key);
  if (kept?.done === true) return true;
  if (kept !== undefined) upload.url = kept.url;
  upload.start();
  return false;
}

/** Make the function by which the queue sends. */
export function sender(target: Target, memory: Memory): Send {
  return (one: ChosenFile, onBytes): Sending => {
    const key = fingerprint(one);
    let upload: Upload | null = null;
    let refuse: (error: Error) => void = () => undefined;
    const finished = new Promise<void>((resolve, reject) => {
      refuse = reject;
      const made = new Upload(one.file, {
        endpoint: target.endpoint,
        chunkSize: CHUNK_BYTES,
        retryDelays: RETRY_MS,
        storeFingerprintForResuming: false,
        headers: { "X-CSRFToken": target.csrf },
        metadata: {
          project: target.project,
          batch: target.batch,
          relativePath: one.path,
          filename: one.file.name,
        },
        onShouldRetry: (error) => mayRetry(error.originalResponse?.getStatus() ?? 0),
        onUploadUrlAvailable: () => {
          if (made.url !== null) void memory.keepFile(key, made.url, false);
        },
        onProgress: (sent) => onBytes(sent),
        onSuccess: () => {
          void memory.keepFile(key, made.url ?? "", true).then(resolve, reject);
        },
        onError: (error) => reject(new Error(reasonOf(error))),
      });
      upload = made;
      begin(made, memory, key).then((isDone) => {
        if (isDone) resolve();
      }, reject);
    });
    return {
      finished,
      stop: () => {
        void upload?.abort();
        refuse(new Error("paused"));
      },
    };
  };
}
