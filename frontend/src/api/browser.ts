/** The client as the browser has it: session cookie, CSRF token from its cookie or the page. */

import { ApiClient, cookie } from "./client";

export const API_BASE = "/api/v1";

/** The page hands the token over where the cookie cannot be read (CSRF_COOKIE_HTTPONLY). */
function csrfToken(): string {
  const onPage = document.querySelector<HTMLElement>("[data-csrf]")?.dataset["csrf"];
  return cookie("csrftoken", document.cookie) || onPage || "";
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
