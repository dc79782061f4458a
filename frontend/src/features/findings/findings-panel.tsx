/** What is wrong or uncertain, worst first, each with its mend: Enter applies it, ; dismisses with a reason, ' goes on. */

import { useEffect, useRef } from "preact/hooks";
import type { Finding } from "../../core/types";
import { type Desk, useDesk } from "../../views/desk";
import type { Chrome } from "../chrome";
import { Icon } from "../controls/icon";
import { alikeFixes } from "./alike";
import {
  dismissFinding,
  goToFinding,
  mendAlike,
  mendFinding,
  reopenFinding,
} from "./finding-actions";
import type { FindingDesk } from "./finding-desk";
import { measureText, orderedFindings } from "./finding-order";

interface Props {
  readonly chrome: Chrome;
  readonly findings: FindingDesk;
}

const SEVERITY_WORDS = { error: "Error", warning: "Warning", info: "Note" } as const;

export function FindingsPanel({ chrome, findings }: Props) {
  const desk = useDesk();
  const list = orderedFindings(desk.findings.value);
  const open = list.filter((finding) => finding.state === "open").length;
  return (
    <section class="panel findings-panel" aria-label="Findings">
      {list.length > 0 && (
        <ul class="finding-list">
          {list.map((finding) => (
            <FindingCard key={finding.id} finding={finding} chrome={chrome} findings={findings} />
          ))}
        </ul>
      )}
      {list.length === 0 && (
        <p class="panel-note">
          <Icon name="check" /> Nothing found so far.
        </p>
      )}
      {open > 0 && <footer class="panel-foot">{open} open</footer>}
    </section>
  );
}

interface CardProps {
  readonly finding: Finding;
  readonly chrome: Chrome;
  readonly findings: FindingDesk;
}

function FindingCard({ finding, chrome, findings }: CardProps) {
  const desk = useDesk();
  const current = chrome.finding.value === finding.id;
  const card = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (current) card.current?.scrollIntoView({ block: "nearest" });
  }, [current]);
  const classes = ["finding", finding.severity, finding.state, current ? "current" : ""];
  return (
    <li ref={card} class={classes.filter(Boolean).join(" ")}>
      <button
        type="button"
        class="finding-body"
        aria-current={current}
        onClick={() => {
          findings.looked(finding);
          goToFinding(desk, chrome, finding);
        }}
      >
        <Icon name={finding.severity} />
        <span class="finding-text">
          <span class="finding-where">
            <b>{SEVERITY_WORDS[finding.severity]}</b> {whereText(desk, finding)}
            {finding.blocking && finding.state === "open" && (
              <em class="blocking">stops submit</em>
            )}
            {findings.fresh.value.has(finding.id) && <em class="fresh">new</em>}
            {findings.isLocal(finding) && <em class="local">not yet confirmed</em>}
          </span>
          <span>{finding.message}</span>
        </span>
      </button>
      <div class="finding-notes">
        <small>{measureText(finding)}</small>
        {finding.source === "person" && <small>{finding.author_name}</small>}
        {finding.clause && (
          <button
            type="button"
            class="link"
            onClick={() => {
              chrome.clause.value = finding.clause;
            }}
          >
            Clause {finding.clause}
          </button>
        )}
      </div>
      <div class="finding-tools">
        {finding.state === "waived" ? (
          <Waived finding={finding} findings={findings} />
        ) : (
          <OpenTools finding={finding} chrome={chrome} findings={findings} current={current} />
        )}
      </div>
    </li>
  );
}

function Waived({
  finding,
  findings,
}: {
  readonly finding: Finding;
  readonly findings: FindingDesk;
}) {
  const desk = useDesk();
  return (
    <>
      <span class="waiver">dismissed: {finding.waiver_reason}</span>
      <button type="button" class="small" onClick={() => reopenFinding(desk, findings, finding)}>
        Reopen
      </button>
    </>
  );
}

function OpenTools({
  finding,
  chrome,
  findings,
  current,
}: CardProps & { readonly current: boolean }) {
  const desk = useDesk();
  const editable = desk.bench.editor.canEdit.value;
  return (
    <>
      {finding.fixes.map((fix, n) => (
        <button
          key={fix.label}
          type="button"
          class={n === 0 ? "small fix" : "small"}
          disabled={!editable}
          onClick={() => mendFinding(desk, chrome, finding, n)}
        >
          {fix.label}
          {n === 0 && current && <kbd>↵</kbd>}
        </button>
      ))}
      {current && editable && <AlikeButton finding={finding} chrome={chrome} />}
      {!findings.isLocal(finding) && (
        <button
          type="button"
          class="small"
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            void dismissFinding(desk, chrome, findings, {
              finding,
              place: [box.left, box.bottom],
            });
          }}
        >
          {finding.source === "person" ? "Resolve" : "Dismiss"}
          {current && <kbd>;</kbd>}
        </button>
      )}
    </>
  );
}

/** One gesture for all findings of this kind that have such a fix; undo takes all of it back. */
function AlikeButton({ finding, chrome }: { readonly finding: Finding; readonly chrome: Chrome }) {
  const desk = useDesk();
  const alike = alikeFixes(desk.findings.value, finding);
  if (alike.count < 2) return null;
  return (
    <button type="button" class="small" onClick={() => mendAlike(desk, chrome, finding)}>
      All {alike.count} alike
    </button>
  );
}

function whereText({ bench, numbering, boxes }: Desk, finding: Finding): string {
  const object = finding.object_id ? bench.store.objects.value.get(finding.object_id) : null;
  const what = object
    ? boxes.textOf(object)
    : finding.object_id
      ? `#${numbering.of(finding.object_id)}`
      : "Scene";
  const sensor = finding.sensor_key ? bench.scene.sensor(finding.sensor_key)?.label : null;
  const frame = finding.at_ns === null ? null : bench.scene.frameIndexAt(finding.at_ns);
  const when = frame !== null && frame !== bench.clock.frame.value ? `frame ${frame + 1}` : null;
  return [what, sensor, when].filter(Boolean).join(" · ");
}
