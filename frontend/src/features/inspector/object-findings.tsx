/** What is wrong with the chosen object, beside its numbers; while the hand drags, as it would be if it let go now. */

import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Finding, LabelledObject } from "../../core/types";
import { useDesk } from "../../views/desk";
import type { Chrome } from "../chrome";
import { Icon } from "../controls/icon";
import { goToFinding } from "../findings/finding-actions";
import type { FindingDesk } from "../findings/finding-desk";
import { orderedFindings } from "../findings/finding-order";

interface Props {
  readonly object: LabelledObject;
  readonly chrome: Chrome;
  readonly findings: FindingDesk;
}

const MOST_SHOWN = 4;

export function ObjectFindings({ object, chrome, findings }: Props) {
  const desk = useDesk();
  const shown = useMemo(
    () =>
      computed((): readonly Finding[] => {
        const { bench } = desk;
        const isDragged = bench.store.objects.value !== bench.store.committed.value;
        if (isDragged) return findings.hints(object.id, bench.clock.frame.value);
        return desk.findings.value.filter(
          (each) => each.object_id === object.id && each.state === "open",
        );
      }),
    [desk, findings, object.id],
  );
  const list = orderedFindings(shown.value).slice(0, MOST_SHOWN);
  return (
    <ul class="object-findings" aria-label="Findings of this object">
      {list.map((finding) => (
        <li key={finding.id} class={finding.severity}>
          <button type="button" onClick={() => goToFinding(desk, chrome, finding)}>
            <Icon name={finding.severity} />
            <span>{finding.message}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
