/** The right column: the chosen object above, below it objects, findings, and in review what a reviewer needs. */

import type { Workspace } from "../data/session";
import type { Chrome, PanelTab } from "../features/chrome";
import type { FindingDesk } from "../features/findings/finding-desk";
import { FindingsPanel } from "../features/findings/findings-panel";
import { Inspector } from "../features/inspector/inspector";
import { ObjectList } from "../features/objects/object-list";
import { ReviewPanel } from "../features/review/review-panel";
import { useDesk } from "../views/desk";
import type { CameraState } from "../views/image/image-state";

interface Props {
  readonly workspace: Workspace;
  readonly chrome: Chrome;
  readonly findings: FindingDesk;
  readonly cameras: readonly CameraState[];
}

const TAB_WORDS: Readonly<Record<PanelTab, string>> = {
  objects: "Objects",
  findings: "Findings",
  review: "Review",
};

export function PanelColumn({ workspace, chrome, findings, cameras }: Props) {
  const desk = useDesk();
  const reviews = workspace.store.mode.value === "review";
  const tabs: readonly PanelTab[] = reviews
    ? ["objects", "findings", "review"]
    : ["objects", "findings"];
  const open = desk.findings.value.filter((finding) => finding.state === "open");
  const blocks = open.some((finding) => finding.blocking);
  const counts: Readonly<Record<PanelTab, number>> = {
    objects: desk.bench.store.committed.value.size,
    findings: open.length,
    review: 0,
  };
  return (
    <div class="panel-column">
      <Inspector chrome={chrome} findings={findings} />
      <div class="tabs" role="tablist" aria-label="Panels">
        {tabs.map((tab) => (
          <button
            key={tab}
            id={`tab-${tab}`}
            type="button"
            role="tab"
            aria-selected={chrome.tab.value === tab}
            aria-controls="tab-panel"
            onClick={() => {
              chrome.tab.value = tab;
            }}
          >
            {TAB_WORDS[tab]}
            {counts[tab] > 0 && (
              <span class={tab === "findings" ? `count ${blocks ? "error" : "warning"}` : "count"}>
                {counts[tab]}
              </span>
            )}
          </button>
        ))}
      </div>
      <div
        id="tab-panel"
        class="tab-panel"
        role="tabpanel"
        aria-labelledby={`tab-${chrome.tab.value}`}
      >
        {chrome.tab.value === "objects" && <ObjectList cameras={cameras} chrome={chrome} />}
        {chrome.tab.value === "findings" && <FindingsPanel chrome={chrome} findings={findings} />}
        {chrome.tab.value === "review" && <ReviewPanel workspace={workspace} />}
      </div>
    </div>
  );
}
