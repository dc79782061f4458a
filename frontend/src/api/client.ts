/** Requests to the server: CSRF, errors by kind, patience when it is away. */

import { Refused, refusalOf, Unreachable } from "./problems";

export interface ClientParts {
  /** "/api/v1". */
  readonly base: string;
  readonly csrfToken: () => string;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** How often to try again when the server is away; 3 for reads, 0 for writes when left out. */
  readonly retries?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly keepalive?: boolean;
}

const READ_RETRIES = 3;
const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 10_000;
const AWAY = new Set([429, 502, 503, 504]);

/** Waits double from 0.3 s to 10 s, each spread between half and all of it so that clients do not come back together. */
export function backoff_ms(attempt: number, random: () => number): number {
  const full = Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS);
  return full * (0.5 + random() / 2);
}

/** The value of a cookie, "" when it is not set. */
export function cookie(name: string, cookies: string): string {
  const pair = cookies.split("; ").find((each) => each.startsWith(`${name}=`));
  return pair ? decodeURIComponent(pair.slice(name.length + 1)) : "";
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

export class ApiClient {
  constructor(private readonly parts: ClientParts) {}

  get<T>(path: string, options: CallOptions = {}): Promise<T> {
    return this.call<T>("GET", path, undefined, { retries: READ_RETRIES, ...options });
  }

  post<T>(path: string, body: unknown, options: CallOptions = {}): Promise<T> {
    return this.call<T>("POST", path, body, options);
  }

  patch<T>(path: string, body: unknown, options: CallOptions = {}): Promise<T> {
    return this.call<T>("PATCH", path, body, options);
  }

  private async call<T>(
    method: string,
    path: string,
    body: unknown,
    options: CallOptions,
  ): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        const response = await this.send(method, path, body, options);
        return await contentOf<T>(response);
      } catch (error) {
        const again = attempt < (options.retries ?? 0) && isAway(error);
        if (!again || options.signal?.aborted) throw error;
        await this.parts.sleep(backoff_ms(attempt, this.parts.random));
      }
    }
  }

  private async send(
    method: string,
    path: string,
    body: unknown,
    options: CallOptions,
  ): Promise<Response> {
    const response = await this.reach(method, path, body, options);
    if (!response.ok) throw await refusalOf(response);
    return response;
  }

  private async reach(
    method: string,
    path: string,
    body: unknown,
    options: CallOptions,
  ): Promise<Response> {
    const writes = method !== "GET";
    const init: RequestInit = {
      method,
      credentials: "same-origin",
      headers: {
        Accept: "application/json",
        ...(writes ? { "X-CSRFToken": this.parts.csrfToken() } : {}),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.keepalive ? { keepalive: true } : {}),
    };
    try {
      return await this.parts.fetch(`${this.parts.base}${path}`, init);
    } catch (error) {
      if (isAbort(error)) throw error;
      throw new Unreachable("The server cannot be reached.", { cause: error });
    }
  }
}

/** Whether trying again later can help. */
export function isAway(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Refused && AWAY.has(error.status));
}

async function contentOf<T>(response: Response): Promise<T> {
  // 204 has no content; callers that may get one ask for `T | null`.
  return response.status === 204 ? JSON.parse("null") : response.json();
}
