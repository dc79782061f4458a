/** A small server for the specs: journal, versions, idempotency and conflicts as docs/reference/wire.md has them. */

import type { CaughtUp } from "../api/calls";
import { Conflicted, Invalid, Locked, Unreachable } from "../api/problems";
import { footprintOf, meets } from "../core/footprint";
import { applied, type Objects } from "../core/ops";
import { labelDocument } from "../core/samples";
import type {
  CommittedChangeSet,
  Conflict,
  LabelDocument,
  LabelledObject,
  SaveAnswer,
  SaveRequest,
} from "../core/types";
import type { SaveCalls } from "./save-calls";

export class FakeServer {
  readonly journal: CommittedChangeSet[] = [];
  readonly drafts: SaveRequest[] = [];
  lease_token = 7;
  private objects: Objects;

  constructor(objects: readonly LabelledObject[] = []) {
    this.objects = new Map(objects.map((each) => [each.id, each]));
  }

  get version(): number {
    return 1 + this.journal.length;
  }

  get state(): Objects {
    return this.objects;
  }

  document(): LabelDocument {
    return { ...labelDocument([...this.objects.values()]), version: this.version };
  }

  since(version: number): readonly CommittedChangeSet[] {
    return this.journal.filter((each) => each.version > version);
  }

  save(request: SaveRequest): SaveAnswer {
    const known = new Map(this.journal.map((each) => [each.id, each.version]));
    const fresh = request.changesets.filter((each) => !known.has(each.id));
    if (fresh.length > 0) this.check(request, fresh);
    const since = this.since(request.base_version);
    for (const changeset of fresh) this.commit(changeset, request.session);
    return {
      version: this.version,
      accepted: request.changesets.map(({ id }) => ({
        id,
        version: this.journal.find((each) => each.id === id)?.version ?? 0,
      })),
      since,
      findings: { opened: [], updated: [], closed: [] },
      residuals: [],
    };
  }

  private check(request: SaveRequest, fresh: SaveRequest["changesets"]): void {
    const ops = fresh.flatMap((each) => each.ops);
    if (ops.length > 200)
      throw new Invalid(422, { code: "invalid", detail: "Too many operations." });
    if (request.lease_token !== this.lease_token) {
      this.drafts.push(request);
      throw new Locked(
        { code: "stale_lease", detail: "The lease has ended." },
        this.drafts.length,
      );
    }
    const own = new Set(request.changesets.map((each) => each.id));
    const theirs = this.since(request.base_version).filter((each) => !own.has(each.id));
    const conflicts: Conflict[] = ops.flatMap((mine) => {
      const met = theirs
        .flatMap((each) => each.ops)
        .find((op) => meets(footprintOf(op), footprintOf(mine)));
      const { obj, stream, at_ns } = footprintOf(mine);
      return met ? [{ mine, theirs: met, footprint: { obj, stream, at_ns } }] : [];
    });
    if (conflicts.length === 0) return;
    throw new Conflicted({
      code: "conflict",
      version: this.version,
      since: this.since(request.base_version),
      conflicts,
    });
  }

  private commit(changeset: SaveRequest["changesets"][number], session: string): void {
    this.objects = applied(this.objects, changeset.ops);
    this.journal.push({
      ...changeset,
      version: this.version + 1,
      author_id: Number.parseInt(session.slice(0, 6), 16),
    });
  }
}

/** How a network may fail: the request gets lost, or the answer does. */
export type Weather = () => "fine" | "request-lost" | "answer-lost";

export class FakeCalls implements SaveCalls {
  saves = 0;

  constructor(
    readonly server: FakeServer,
    private readonly weather: Weather = () => "fine",
  ) {}

  save(_taskId: number, request: SaveRequest): Promise<SaveAnswer> {
    this.saves += 1;
    return this.through(() => this.server.save(request));
  }

  changesSince(_taskId: number, version: number): Promise<CaughtUp> {
    return this.through(() => ({
      version: this.server.version,
      changesets: this.server.since(version),
    }));
  }

  document(): Promise<LabelDocument> {
    return this.through(() => this.server.document());
  }

  private async through<T>(work: () => T): Promise<T> {
    const weather = this.weather();
    if (weather === "request-lost") throw new Unreachable("no way out");
    // What crosses the wire is a copy, as JSON would make it.
    const answer = structuredClone(work());
    if (weather === "answer-lost") throw new Unreachable("no way back");
    return answer;
  }
}
