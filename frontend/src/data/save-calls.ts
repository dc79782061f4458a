/** What of the server saving needs. */

import type { CaughtUp } from "../api/calls";
import type { LabelDocument, SaveAnswer, SaveRequest } from "../core/types";

export interface SaveCalls {
  save(taskId: number, request: SaveRequest): Promise<SaveAnswer>;
  changesSince(taskId: number, version: number): Promise<CaughtUp>;
  document(taskId: number): Promise<LabelDocument>;
}
