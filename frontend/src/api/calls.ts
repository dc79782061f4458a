/** The calls of docs/reference/wire.md that the workspace makes. */

import type {
  ChangeSet,
  CommittedChangeSet,
  Finding,
  LabelDocument,
  Lease,
  Manifest,
  ObjId,
  SaveAnswer,
  SaveRequest,
  SensorKey,
  Severity,
  Task,
} from "../core/types";
import type { ApiClient, CallOptions } from "./client";

/** Where on the object or picture a comment points. */
export interface Anchor {
  readonly point_m?: readonly [number, number, number];
  readonly pixel_px?: readonly [number, number];
}

export interface Comment {
  readonly object_id: ObjId | null;
  readonly sensor_key: SensorKey | null;
  readonly at_ns: number | null;
  readonly message: string;
  readonly severity: Severity;
  readonly blocking: boolean;
  readonly anchor: Anchor;
}

export type FindingAction = "waive" | "reopen" | "resolve";

export interface CaughtUp {
  readonly version: number;
  readonly changesets: readonly CommittedChangeSet[];
  /** There are more than one answer holds: ask again from this version. */
  readonly more?: boolean;
}

const PAGE_SIZE = 200;

interface Page<T> {
  readonly results: readonly T[];
  readonly next: string | null;
}

/** Edits that came too late, without the edits. */
export interface DraftRow {
  readonly id: number;
  readonly reason: string;
  readonly change_set_count: number;
  readonly created_at: string;
}

export interface Draft extends DraftRow {
  readonly changesets: readonly ChangeSet[];
}

export class Calls {
  constructor(private readonly client: ApiClient) {}

  manifest(sceneId: number, options?: CallOptions): Promise<Manifest> {
    return this.client.get(`/scenes/${sceneId}/manifest/`, options);
  }

  document(taskId: number, options?: CallOptions): Promise<LabelDocument> {
    return this.client.get(`/tasks/${taskId}/doc/`, options);
  }

  /** Safe to repeat: each change set's id is an idempotency key. */
  save(taskId: number, request: SaveRequest, options?: CallOptions): Promise<SaveAnswer> {
    return this.client.post(`/tasks/${taskId}/ops/`, request, options);
  }

  changesSince(taskId: number, version: number): Promise<CaughtUp> {
    return this.client.get(`/tasks/${taskId}/ops/?since=${version}`);
  }

  heartbeat(taskId: number, lease_token: number): Promise<Lease> {
    return this.client.post(`/tasks/${taskId}/lease/`, { lease_token });
  }

  claim(taskId: number): Promise<{ readonly task: Task; readonly lease: Lease }> {
    return this.client.post(`/tasks/${taskId}/claim/`, {});
  }

  /** Takes whatever waits first; null where nothing does. */
  next(kind: Task["kind"]): Promise<{ readonly task: Task; readonly lease: Lease } | null> {
    return this.client.post("/tasks/next/", { kind });
  }

  release(taskId: number, lease_token: number): Promise<Task> {
    return this.client.post(`/tasks/${taskId}/release/`, { lease_token });
  }

  submit(taskId: number, lease_token: number, version: number): Promise<Task> {
    return this.client.post(`/tasks/${taskId}/submit/`, { lease_token, version });
  }

  accept(taskId: number, lease_token: number, version: number, note: string): Promise<Task> {
    return this.client.post(`/tasks/${taskId}/accept/`, { lease_token, version, note });
  }

  returnToAuthor(
    taskId: number,
    lease_token: number,
    version: number,
    note: string,
  ): Promise<Task> {
    return this.client.post(`/tasks/${taskId}/return/`, { lease_token, version, note });
  }

  judgeFinding(id: Finding["id"], action: FindingAction, reason: string): Promise<Finding> {
    return this.client.patch(`/findings/${id}/`, { action, reason });
  }

  /** The scene's living findings, all pages of them. */
  async findings(taskId: number): Promise<readonly Finding[]> {
    const found: Finding[] = [];
    for (let page = 1; ; page++) {
      const path = `/tasks/${taskId}/findings/?page=${page}&page_size=${PAGE_SIZE}`;
      const { results, next } = await this.client.get<Page<Finding>>(path);
      found.push(...results);
      if (next === null) return found;
    }
  }

  comment(taskId: number, comment: Comment): Promise<Finding> {
    return this.client.post(`/tasks/${taskId}/findings/`, comment);
  }

  async drafts(taskId: number): Promise<readonly DraftRow[]> {
    const page: { readonly results: readonly DraftRow[] } = await this.client.get(
      `/tasks/${taskId}/drafts/`,
    );
    return page.results;
  }

  draft(taskId: number, draftId: number): Promise<Draft> {
    return this.client.get(`/tasks/${taskId}/drafts/${draftId}/`);
  }
}
