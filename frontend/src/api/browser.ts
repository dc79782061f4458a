/** The client as the browser has it: session cookie, CSRF token from its cookie or the page. */

import { ApiClient, cookie } from "./client";

export const API_BASE = "/api/v1";

/** A page with CSRF_COOKIE_HTTPONLY puts the token in a meta tag instead. */
function csrfToken(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]');
  return meta?.content || cookie("csrftoken", document.cookie);
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export function browserClient(): ApiClient {
  return new ApiClient({
    base: API_BASE,
    csrfToken,
    fetch: (url, init) => fetch(url, init),
    sleep,
    random: Math.random,
  });
}
