// Written by `manage.py event_types` from apps/live/events.py; do not edit.

/** A scene's labels were saved under a new version. */
export interface SceneChanged {
  readonly event: "scene.changed";
  readonly room: string;
  readonly scene_id: number;
  readonly version: number;
  readonly author_id: number | null;
}

/** A scene's findings were computed again. */
export interface FindingsChanged {
  readonly event: "findings.changed";
  readonly room: string;
  readonly scene_id: number;
  readonly open_findings: number;
  readonly blocking_findings: number;
}

/** A task was opened, taken, handed in, returned or closed. */
export interface TaskChanged {
  readonly event: "task.changed";
  readonly room: string;
  readonly task_id: number;
  readonly project_id: number;
  readonly state: string;
  readonly assignee_id: number | null;
}

/** An import moved on, or ended. */
export interface ImportProgress {
  readonly event: "import.progress";
  readonly room: string;
  readonly import_id: number;
  readonly project_id: number;
  readonly done: number;
  readonly total: number;
  readonly state: string;
}

/** A delivery is being made, is ready, or was judged. */
export interface DeliveryChanged {
  readonly event: "delivery.changed";
  readonly room: string;
  readonly delivery_id: number;
  readonly project_id: number;
  readonly state: string;
}

/** Something about a project as a whole changed. */
export interface ProjectChanged {
  readonly event: "project.changed";
  readonly room: string;
  readonly project_id: number;
}

/** Who has a task open changed. */
export interface PresenceChanged {
  readonly event: "presence.changed";
  readonly room: string;
  readonly task_id: number;
  readonly scene_id: number;
  readonly people: readonly number[];
}

export type LiveEvent =
  | SceneChanged
  | FindingsChanged
  | TaskChanged
  | ImportProgress
  | DeliveryChanged
  | ProjectChanged
  | PresenceChanged;
