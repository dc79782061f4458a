/** Says to screen readers what eyes see on the canvas: which object, which face, how large, what is wrong. */

import { useComputed } from "@preact/signals";
import type { FaceName } from "../../math/cuboid";
import { faceOf } from "../../math/cuboid";
import { type Desk, useDesk } from "../../views/desk";

const SIDE_WORDS = ["long", "wide", "high"] as const;

function sentence({ bench, boxes, findings }: Desk, face: FaceName | null): string {
  const object = bench.selected.value;
  const cuboid = bench.selectedCuboid.value;
  if (!object) return "";
  const name = boxes.textOf(object).replace("#", "number ");
  if (!cuboid) return `${name}, not in this frame`;
  const part = face
    ? `, ${face} face, ${cuboid.size_m[faceOf(face).axis].toFixed(2)} metres ${SIDE_WORDS[faceOf(face).axis]}`
    : "";
  const worst = findings.value.find(
    (each) => each.object_id === object.id && each.state === "open",
  );
  return `${name}${part}${worst ? `, ${worst.severity}: ${worst.message}` : ""}`;
}

export function Announcer() {
  const desk = useDesk();
  const text = useComputed(() => sentence(desk, desk.bench.selection.face.value));
  return (
    <div class="unseen" role="status" aria-live="polite">
      {text}
    </div>
  );
}
