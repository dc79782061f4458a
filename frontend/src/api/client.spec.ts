import { describe, expect, it } from "vitest";
import { Calls } from "./calls";
import { ApiClient, backoff_ms, cookie } from "./client";
import { Conflicted, Invalid, Locked, Refused, SignedOut, Unreachable } from "./problems";

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
}

function clientOn(...answers: readonly (Response | Error)[]) {
  const sent: Sent[] = [];
  const waits: number[] = [];
  const client = new ApiClient({
    base: "/api/v1",
    csrfToken: () => "t0ken",
    fetch: (url, init) => {
      sent.push({ url, init });
      const answer = answers[Math.min(sent.length, answers.length) - 1];
      return answer instanceof Response ? Promise.resolve(answer.clone()) : Promise.reject(answer);
    },
    sleep: async (ms) => {
      waits.push(ms);
    },
    random: () => 1,
  });
  return { client, calls: new Calls(client), sent, waits };
}

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status });
}

describe("the client", () => {
  it("sends the CSRF token with writes, and not with reads", async () => {
    const { client, sent } = clientOn(json(200, { a: 1 }), json(200, { b: 2 }));

    const read = await client.get("/tasks/");
    await client.post("/tasks/next/", { kind: "label" });
    const headers = sent.map(({ init }) => new Headers(init.headers).get("X-CSRFToken"));

    expect(read).toEqual({ a: 1 });
    expect(headers).toEqual([null, "t0ken"]);
    expect(sent[1]).toMatchObject({
      url: "/api/v1/tasks/next/",
      init: { method: "POST", body: '{"kind":"label"}', credentials: "same-origin" },
    });
  });

  it("tries reads again when the server is away, writes never by itself", async () => {
    const away = new TypeError("failed to fetch");
    const reading = clientOn(away, json(503, {}), json(200, "there"));
    const writing = clientOn(away, json(200, "there"));

    expect(await reading.client.get("/x/")).toBe("there");
    expect(reading.waits).toEqual([300, 600]);
    await expect(writing.client.post("/x/", {})).rejects.toThrow(Unreachable);
    expect(writing.sent).toHaveLength(1);
  });

  it("gives up in time", async () => {
    const { client, sent } = clientOn(new TypeError("failed to fetch"));

    await expect(client.get("/x/")).rejects.toThrow("cannot be reached");
    expect(sent).toHaveLength(4);
  });

  it.each([
    [401, {}, SignedOut],
    [404, { detail: "There is no such task." }, Refused],
    [409, { code: "conflict", version: 3, since: [], conflicts: [] }, Conflicted],
    [422, { code: "invalid", fields: { a: "b" } }, Invalid],
    [423, { code: "stale_lease", draft_id: 5 }, Locked],
  ])("tells %i apart", async (status, body, kind) => {
    const { client } = clientOn(json(status, body));

    await expect(client.post("/x/", {})).rejects.toBeInstanceOf(kind);
  });

  it("has words for an answer that has none", async () => {
    const { client } = clientOn(new Response("<html>", { status: 500, statusText: "Oh no" }));

    await expect(client.post("/x/", {})).rejects.toThrow("Oh no");
  });

  it("takes no content for nothing", async () => {
    const { client } = clientOn(new Response(null, { status: 204 }));

    expect(await client.post("/tasks/next/", {})).toBe(null);
  });

  it("waits double each time, within bounds, spread out", () => {
    expect([0, 1, 2, 9].map((attempt) => backoff_ms(attempt, () => 1))).toEqual([
      300, 600, 1200, 10_000,
    ]);
    expect(backoff_ms(0, () => 0)).toBe(150);
  });

  it("reads cookies by their whole name", () => {
    expect(cookie("csrftoken", "xcsrftoken=no; csrftoken=a%3Db; other=1")).toBe("a=b");
    expect(cookie("csrftoken", "")).toBe("");
  });

  it("reads lists page by page", async () => {
    const { calls, sent } = clientOn(
      json(200, { results: [{ id: 1 }], next: "…page=2" }),
      json(200, { results: [{ id: 2 }], next: null }),
    );

    const found = await calls.findings(88);

    expect(found.map(({ id }) => id)).toEqual([1, 2]);
    expect(sent.map(({ url }) => url)).toEqual([
      "/api/v1/tasks/88/findings/?page=1&page_size=200",
      "/api/v1/tasks/88/findings/?page=2&page_size=200",
    ]);
  });

  it("asks as the wire's reference has it", async () => {
    const { calls, sent } = clientOn(json(200, {}));

    await calls.manifest(12);
    await calls.document(88);
    await calls.changesSince(88, 512);
    await calls.returnToAuthor(88, 7, 512, "see the comments");
    await calls.judgeFinding(9, "waive", "it is a toy car");

    expect(sent.map(({ url, init }) => `${init.method} ${url}`)).toEqual([
      "GET /api/v1/scenes/12/manifest/",
      "GET /api/v1/tasks/88/doc/",
      "GET /api/v1/tasks/88/ops/?since=512",
      "POST /api/v1/tasks/88/return/",
      "PATCH /api/v1/findings/9/",
    ]);
  });
});
