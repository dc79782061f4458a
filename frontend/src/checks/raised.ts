/** What a run of the checks brings, as findings that the panel can show beside the server's. */

import type { CheckStandard } from "../core/limits";
import type { AtNs, Finding, Fix, ObjId, Op, SensorKey, Severity } from "../core/types";
import { type Draft, type DraftFix, messageOf, sentence } from "./draft";

/** What a finding is about; there is one living finding a cause. */
export interface Cause {
  readonly check: string;
  readonly object_id: ObjId;
  /** The other object, where it takes two. */
  readonly other_id?: ObjId;
  readonly sensor_key?: SensorKey;
  /** Null where it is about the track as a whole. */
  readonly at_ns: AtNs | null;
}

/** Checks that say one thing about a whole track. */
const OF_THE_TRACK = new Set(["size.prior", "size.track"]);

/** The same for the server's finding and for ours on one cause; pairs of objects share it. */
export function placeOf(finding: {
  readonly check: string;
  readonly object_id: ObjId | null;
  readonly sensor_key?: SensorKey | null;
  readonly at_ns: AtNs | null;
}): string {
  const at = OF_THE_TRACK.has(finding.check) ? "" : (finding.at_ns ?? "");
  return [finding.check, finding.object_id ?? "", finding.sensor_key ?? "", at].join(" ");
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

export function fixOf(fix: DraftFix, ops: readonly Op[]): Fix {
  return { label: capital(sentence(fix.words, fix.parts)), ops };
}

export interface RaisedArgs {
  readonly cause: Cause;
  readonly draft: Draft;
  /** Where to look at it, also where it is about the whole track. */
  readonly at_ns: AtNs;
  readonly standard: CheckStandard;
  readonly fixes?: readonly Fix[];
}

/** A finding of the browser's own; its id says so and stays the same while the cause does. */
export function raised({ cause, draft, at_ns, standard, fixes = [] }: RaisedArgs): Finding {
  const blocking = standard.blocks.includes(draft.severity);
  return {
    id: `local ${placeOf({ ...cause, at_ns: cause.at_ns })} ${cause.other_id ?? ""}`.trim(),
    check: cause.check,
    severity: draft.severity,
    blocking,
    state: "open",
    source: "check",
    object_id: cause.object_id,
    sensor_key: cause.sensor_key ?? null,
    at_ns,
    message: messageOf(draft),
    measured: draft.measured,
    threshold: draft.threshold,
    unit: draft.unit,
    clause: standard.clause,
    fixes: fixes.filter((fix) => fix.ops.length > 0),
    waiver_reason: "",
    author_name: "",
    created_at: "",
  };
}

/** Whether a finding is the browser's own, not stored yet. */
export function isLocal(finding: Finding): boolean {
  return typeof finding.id === "string" && finding.id.startsWith("local ");
}

export type Was = (cause: Cause) => Severity | null;
