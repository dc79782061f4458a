/** What can go wrong between here and the server, each as its own kind. */

import type { ChangeSet, CommittedChangeSet, Conflict } from "../core/types";

/** RFC 9457, with what the server adds. */
export interface Problem {
  readonly title?: string;
  readonly status?: number;
  readonly detail?: string;
  readonly code?: string;
  readonly fields?: { readonly [path: string]: string | readonly string[] };
}

/** The server could not be reached. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** The server answered, and said no. `message` is for a person. */
export class Refused extends Error {
  override readonly name: string = "Refused";
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}.`);
  }

  get code(): string {
    return this.problem.code ?? "";
  }
}

/** 401: the session has ended; what is in the outbox waits for the next sign-in. */
export class SignedOut extends Refused {
  override readonly name = "SignedOut";
}

export interface ConflictProblem extends Problem {
  readonly version: number;
  readonly since: readonly CommittedChangeSet[];
  readonly conflicts: readonly Conflict[];
}

/** 409: others changed the same things. */
export class Conflicted extends Refused {
  override readonly name = "Conflicted";
  constructor(readonly conflict: ConflictProblem) {
    super(409, conflict);
  }
}

/** 422: the server will not have these contents; `fields` names each. */
export class Invalid extends Refused {
  override readonly name = "Invalid";
}

/** 423: the lease is lost or the task handed in; the edits were kept as a draft. */
export class Locked extends Refused {
  override readonly name = "Locked";
  constructor(
    problem: Problem,
    readonly draft_id: number | string | null,
  ) {
    super(423, problem);
  }
}

/** A submit that open findings stop. */
export interface BlockingProblem extends Problem {
  readonly findings?: readonly unknown[];
}

function isConflict(problem: object): problem is ConflictProblem {
  return "version" in problem && "since" in problem && "conflicts" in problem;
}

function draftOf(problem: object): number | string | null {
  if (!("draft_id" in problem)) return null;
  const id = problem.draft_id;
  return typeof id === "number" || typeof id === "string" ? id : null;
}

/** Reads an answer that is not a success. */
export async function refusalOf(response: Response): Promise<Refused> {
  const problem = await problemOf(response);
  switch (response.status) {
    case 401:
      return new SignedOut(401, problem);
    case 409:
      return isConflict(problem) ? new Conflicted(problem) : new Refused(409, problem);
    case 422:
      return new Invalid(422, problem);
    case 423:
      return new Locked(problem, draftOf(problem));
    default:
      return new Refused(response.status, problem);
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null) return body;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { title: response.statusText, status: response.status };
}

export type { ChangeSet };
