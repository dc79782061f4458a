/** Going to a finding, mending it, dismissing it. */

import type { Finding } from "../../core/types";
import type { Desk } from "../../views/desk";
import type { Screen } from "../../views/lens";
import type { Chrome } from "../chrome";
import { frameChosen } from "../editing/framing";
import { alikeFixes } from "./alike";
import type { FindingDesk } from "./finding-desk";
import { nextFinding } from "./finding-order";

export const WAIVER_REASONS: readonly string[] = [
  "The sensor shows it so",
  "Hidden by another object",
  "Beyond what the guideline asks",
  "Reviewed and right",
];

export function goToFinding(desk: Desk, chrome: Chrome, finding: Finding): void {
  const { bench, view } = desk;
  chrome.finding.value = finding.id;
  if (finding.at_ns !== null) bench.clock.goToTime(finding.at_ns);
  if (finding.object_id) bench.selection.select(finding.object_id);
  const camera = finding.sensor_key ? bench.scene.camera(finding.sensor_key) : null;
  if (camera) {
    bench.selection.sensor.value = camera.key;
    if (view.bigCamera.peek()) view.bigCamera.value = camera.key;
  }
  if (finding.object_id) frameChosen(desk);
}

/** Goes to the next open one. */
export function stepFinding(desk: Desk, chrome: Chrome, step: 1 | -1): void {
  const next = nextFinding(desk.findings.peek(), chrome.finding.peek(), step);
  chrome.tab.value = "findings";
  if (next) goToFinding(desk, chrome, next);
  else desk.bench.editor.notify("info", "No open findings.");
}

export function currentFinding({ findings }: Desk, { finding }: Chrome): Finding | null {
  return findings.value.find((each) => each.id === finding.value && each.state === "open") ?? null;
}

/** Applies one of its fixes; undo takes it back. */
export function mendFinding({ bench }: Desk, chrome: Chrome, finding: Finding, index = 0): void {
  const fix = finding.fixes[index];
  if (!fix) return;
  chrome.finding.value = finding.id;
  void bench.editor.commit({ label: fix.label, ops: fix.ops });
}

/** Applies the first fix of every finding of the same kind, as one gesture. */
export function mendAlike({ bench, findings }: Desk, chrome: Chrome, finding: Finding): void {
  const { ops, count } = alikeFixes(findings.peek(), finding);
  chrome.finding.value = finding.id;
  const label = finding.fixes[0]?.label ?? "";
  void bench.editor.commit({ label: `${label}, ${count} times`, ops });
}

export interface Dismissal {
  readonly finding: Finding;
  readonly place: Screen | null;
}

export async function dismissFinding(
  desk: Desk,
  chrome: Chrome,
  findings: FindingDesk,
  { finding, place }: Dismissal,
): Promise<void> {
  const isComment = finding.source === "person";
  const title = isComment ? "What was done about it?" : "Why is this right as it is?";
  const reasons = isComment ? ["Done as asked", "Not needed any more"] : WAIVER_REASONS;
  const reason = await chrome.ask(title, reasons, place);
  if (reason === null) return;
  await findings.judge(finding, isComment ? "resolve" : "waive", reason);
  if (chrome.finding.peek() === finding.id) stepFinding(desk, chrome, 1);
}

export function reopenFinding(_desk: Desk, findings: FindingDesk, finding: Finding): void {
  void findings.judge(finding, "reopen", "");
}
