/** What goes over the wire; see docs/reference/wire.md. Lengths in metres, angles in radians, times in ns since the scene's t0. */

export type ObjId = string;
export type SensorKey = string;
export type AtNs = number;
export type Vec3 = readonly [number, number, number];
export type Quat = readonly [number, number, number, number];
export type Stream = `${string}/${string}`;
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };
export type Attributes = { readonly [key: string]: Json };

export interface Pose {
  readonly translation_m: Vec3;
  readonly quaternion_xyzw: Quat;
}

export interface CameraModel {
  readonly model: "pinhole" | "brown";
  readonly width_px: number;
  readonly height_px: number;
  readonly fx_px: number;
  readonly fy_px: number;
  readonly cx_px: number;
  readonly cy_px: number;
  /** k1 k2 p1 p2 k3 k4 k5 k6; missing ones are 0. */
  readonly distortion: readonly number[];
}

export interface Calibration {
  readonly id: number;
  readonly version: number;
  readonly ego_from_sensor: Pose;
  readonly camera: CameraModel | null;
}

export interface Sensor {
  readonly id: number;
  readonly key: SensorKey;
  readonly label: string;
  readonly modality: string;
  readonly viewer: string;
  readonly calibration: Calibration;
}

export interface LidarCapture {
  readonly id: number;
  readonly at_ns: AtNs;
  readonly asset: string;
  readonly points_url: string;
  readonly point_count: number;
  readonly ground_url: string | null;
}

export interface CameraCapture {
  readonly id: number;
  readonly at_ns: AtNs;
  readonly asset: string;
  readonly image_url: string;
  readonly preview_url: string;
  readonly width_px: number;
  readonly height_px: number;
}

export interface OtherCapture {
  readonly id: number;
  readonly at_ns: AtNs;
  readonly asset: string;
  readonly url: string;
}

export type Capture = LidarCapture | CameraCapture | OtherCapture;

export interface Frame {
  readonly index: number;
  readonly at_ns: AtNs;
  readonly captures: { readonly [sensor: SensorKey]: Capture };
}

export interface EgoPose extends Pose {
  readonly at_ns: AtNs;
}

export type Severity = "info" | "warning" | "error";

export interface LabelClass {
  readonly key: string;
  readonly label: string;
  readonly color: string;
  readonly parent: string | null;
  readonly shapes: readonly string[];
  readonly rigid: boolean;
  readonly grounded: boolean;
  readonly default_size_m: Vec3;
  readonly confusable_with: readonly string[];
  /** The fields of numerics.checks.ClassLimits. */
  readonly limits: { readonly [name: string]: number | readonly number[] | null };
}

export interface AttributeDefinition {
  readonly key: string;
  readonly label: string;
  readonly scope: "object" | "frame" | "sensor";
  readonly type: "enum" | "bool" | "number" | "text";
  readonly options: readonly { readonly key: string; readonly label: string }[];
  readonly required: boolean;
  readonly default: Json;
  /** Class keys it applies to; empty means all. */
  readonly classes: readonly string[];
}

export interface CheckSetting {
  readonly enabled: boolean;
  /** Which severities of this check stop a submit. */
  readonly blocks: readonly Severity[];
  readonly clause: string;
  readonly params: { readonly [name: string]: number };
}

export interface GuidelineDocument {
  readonly taxonomy: {
    readonly classes: readonly LabelClass[];
    readonly attributes: readonly AttributeDefinition[];
  };
  readonly checks: { readonly [check: string]: CheckSetting };
  readonly policy: { readonly [name: string]: Json };
}

export interface Clause {
  readonly number: string;
  readonly title: string;
  readonly body_html: string;
}

export interface Manifest {
  readonly scene: {
    readonly id: number;
    readonly name: string;
    readonly project_id: number;
    readonly project_slug: string;
    readonly project_name: string;
    readonly t0_ns: string;
    readonly duration_ns: number;
    readonly frame_count: number;
  };
  readonly room: string;
  readonly sensors: readonly Sensor[];
  readonly frames: readonly Frame[];
  readonly ego_poses: readonly EgoPose[];
  readonly guideline: {
    readonly version_id: number;
    readonly number: number;
    readonly document: GuidelineDocument;
    readonly clauses: readonly Clause[];
  };
}

export interface Cuboid {
  readonly center_m: Vec3;
  readonly quaternion_xyzw: Quat;
  /** length (x), width (y), height (z) */
  readonly size_m: Vec3;
}

export interface Box {
  /** left, top, right, bottom */
  readonly box_px: readonly [number, number, number, number];
}

export type Geometry = Cuboid | Box;
export type KeyState = "keyed" | "derived" | "adjusted" | "independent" | "not_visible";
export type Origin = "human" | "fit" | "interp" | "track" | "project" | "model" | "import";

export interface KeyValue {
  readonly geometry: Geometry | null;
  readonly state: KeyState;
  readonly origin: Origin;
  readonly confirmed: boolean;
  readonly absent: boolean;
  readonly reason: string;
  readonly attributes: Attributes;
}

export interface Key extends KeyValue {
  readonly at_ns: AtNs;
  readonly author_id?: number | null;
  readonly guideline_number?: number | null;
}

export interface ObjectFields {
  readonly class: string;
  readonly attributes: Attributes;
  readonly motion: "dynamic" | "static";
  readonly size_locked: boolean;
}

export interface LabelledObject extends ObjectFields {
  readonly id: ObjId;
  /** Keys of each stream, sorted by time. */
  readonly streams: { readonly [stream: string]: readonly Key[] };
}

export type Op =
  | { readonly k: "obj.add"; readonly obj: ObjId; readonly next: ObjectFields }
  | {
      readonly k: "obj.set";
      readonly obj: ObjId;
      readonly prev: Partial<ObjectFields>;
      readonly next: Partial<ObjectFields>;
    }
  | {
      readonly k: "obj.del";
      readonly obj: ObjId;
      readonly prev: ObjectFields & { readonly streams: LabelledObject["streams"] };
    }
  | {
      readonly k: "key.put";
      readonly obj: ObjId;
      readonly stream: Stream;
      readonly at_ns: AtNs;
      readonly prev: KeyValue | null;
      readonly next: KeyValue;
    }
  | {
      readonly k: "key.del";
      readonly obj: ObjId;
      readonly stream: Stream;
      readonly at_ns: AtNs;
      readonly prev: KeyValue;
    };

/** One saved gesture. */
export interface ChangeSet {
  readonly id: string;
  readonly label: string;
  readonly made_at: string;
  readonly ops: readonly Op[];
}

export interface CommittedChangeSet extends ChangeSet {
  readonly version: number;
  readonly author_id: number | null;
}

export interface Fix {
  readonly label: string;
  readonly ops: readonly Op[];
}

export interface Finding {
  readonly id: number | string;
  readonly check: string;
  readonly severity: Severity;
  readonly blocking: boolean;
  readonly state: "open" | "waived" | "closed";
  readonly source: "check" | "person";
  readonly object_id: ObjId | null;
  readonly sensor_key: SensorKey | null;
  readonly at_ns: AtNs | null;
  readonly message: string;
  readonly measured: number | null;
  readonly threshold: number | null;
  readonly unit: string;
  readonly clause: string;
  readonly fixes: readonly Fix[];
  /** Where a person's comment points. */
  readonly anchor?: {
    readonly point_m?: Vec3;
    readonly pixel_px?: readonly [number, number];
  } | null;
  readonly waiver_reason: string;
  readonly author_name: string;
  readonly created_at: string;
}

export interface Residual {
  readonly object_id: ObjId;
  readonly sensor_key: SensorKey;
  readonly at_ns: AtNs;
  readonly edges_px: readonly [number, number, number, number] | null;
  readonly iou: number | null;
  readonly center_ratio: number | null;
  readonly points_inside: number | null;
  readonly points_outside?: number | null;
  readonly ground_gap_m?: number | null;
}

export interface Task {
  readonly id: number;
  readonly kind: "label" | "review" | "adjudicate" | "relabel" | "probe";
  readonly state: string;
  readonly scene_id: number;
  readonly scene_name: string;
  readonly project_id: number;
  readonly project_name: string;
  readonly author_id: number | null;
  readonly assignee_id: number | null;
  readonly priority: number;
  readonly due_on: string | null;
}

export interface Lease {
  readonly token: number;
  readonly expires_at: string;
  readonly holder_id: number;
}

export type Mode = "label" | "review" | "view";

export interface LabelDocument {
  readonly task: Task;
  readonly mode: Mode;
  readonly lease: Lease | null;
  readonly scene_id: number;
  readonly version: number;
  readonly objects: readonly LabelledObject[];
  readonly findings: readonly Finding[];
  readonly residuals: readonly Residual[];
}

export interface SaveRequest {
  readonly base_version: number;
  readonly lease_token: number;
  readonly session: string;
  readonly changesets: readonly ChangeSet[];
}

export interface SaveAnswer {
  readonly version: number;
  readonly accepted: readonly { readonly id: string; readonly version: number }[];
  readonly since: readonly CommittedChangeSet[];
  readonly findings: {
    readonly opened: readonly Finding[];
    readonly updated: readonly Finding[];
    readonly closed: readonly (number | string)[];
  };
  readonly residuals: readonly Residual[];
}

export interface Conflict {
  readonly mine: Op;
  /** Null where the object that mine is about is not there at all. */
  readonly theirs: Op | null;
  readonly footprint: {
    readonly obj: ObjId;
    readonly stream: string;
    readonly at_ns: AtNs | null;
  };
}
