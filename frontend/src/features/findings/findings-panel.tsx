/** What is wrong or uncertain, worst first, each with its mend: Enter applies it, ; dismisses with a reason, ' goes on. */

import { useEffect, useRef } from "preact/hooks";
import type { Finding } from "../../core/types";
import { type Desk, useDesk } from "../../views/desk";
import type { Chrome } from "../chrome";
import { Icon } from "../controls/icon";
import { clockText } from "../frame-bar/clock-text";
import { dismissFinding, goToFinding, mendFinding, reopenFinding } from "./finding-actions";
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
      <ul class="finding-list">
        {list.map((finding) => (
          <FindingCard key={finding.id} finding={finding} chrome={chrome} findings={findings} />
        ))}
      </ul>
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
        onClick={() => goToFinding(desk, chrome, finding)}
      >
        <Icon name={finding.severity} />
        <span class="finding-text">
          <span class="finding-where">
            <b>{SEVERITY_WORDS[finding.severity]}</b> {whereText(desk, finding)}
            {finding.blocking && finding.state === "open" && (
              <em class="blocking">stops submit</em>
            )}
            {findings.isLocal(finding) && <em class="local">not yet confirmed</em>}
          </span>
          <span>{finding.message}</span>
          <small>{measureText(finding)}</small>
        </span>
      </button>
      {finding.source === "person" && <small class="author">{finding.author_name}</small>}
      <div class="finding-tools">
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

function whereText({ bench, numbering, boxes }: Desk, finding: Finding): string {
  const object = finding.object_id ? bench.store.objects.value.get(finding.object_id) : null;
  const what = object
    ? boxes.textOf(object)
    : finding.object_id
      ? `#${numbering.of(finding.object_id)}`
      : "Scene";
  const sensor = finding.sensor_key ? bench.scene.sensor(finding.sensor_key)?.label : null;
  const elsewhere =
    finding.at_ns !== null && bench.scene.frameIndexAt(finding.at_ns) !== bench.clock.frame.value;
  const when = elsewhere && finding.at_ns !== null ? clockText(finding.at_ns) : null;
  return [what, sensor, when].filter(Boolean).join(" · ");
}
