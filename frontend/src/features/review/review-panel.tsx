/** What a reviewer looks at: how far each camera's box is from what the cuboid gives, and where to say what is wrong. */

import { useState } from "preact/hooks";
import type { Residual, Severity } from "../../core/types";
import type { Workspace } from "../../data/session";
import { useDesk } from "../../views/desk";
import { clockText } from "../frame-bar/clock-text";

interface Props {
  readonly workspace: Workspace;
}

export function ReviewPanel({ workspace }: Props) {
  return (
    <section class="panel review-panel" aria-label="Review">
      <ResidualTable />
      <CommentForm workspace={workspace} />
    </section>
  );
}

function ResidualTable() {
  const { bench } = useDesk();
  const object = bench.selected.value;
  if (!object) return <p class="panel-note">Choose an object to see its residuals.</p>;
  const frame = bench.clock.frame.value;
  const rows = [...bench.store.residuals.value.values()]
    .filter((residual) => residual.object_id === object.id)
    .sort((a, b) => a.at_ns - b.at_ns || a.sensor_key.localeCompare(b.sensor_key));
  if (rows.length === 0)
    return <p class="panel-note">No box of this object has been compared yet.</p>;
  return (
    <div class="residuals">
      <table>
        <caption>Box against cuboid, in pixels</caption>
        <thead>
          <tr>
            <th scope="col">Camera</th>
            <th scope="col">Time</th>
            <th scope="col">l</th>
            <th scope="col">t</th>
            <th scope="col">r</th>
            <th scope="col">b</th>
            <th scope="col">IoU</th>
            <th scope="col">pts</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <ResidualRow
              key={`${row.sensor_key} ${row.at_ns}`}
              row={row}
              here={bench.scene.frameIndexAt(row.at_ns) === frame}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ResidualRow({ row, here }: { readonly row: Residual; readonly here: boolean }) {
  const { bench, view } = useDesk();
  const edges = row.edges_px ?? [null, null, null, null];
  const go = () => {
    bench.clock.goToTime(row.at_ns);
    if (bench.scene.camera(row.sensor_key)) view.bigCamera.value = row.sensor_key;
  };
  return (
    <tr class={here ? "here" : ""}>
      <th scope="row">
        <button type="button" class="link" onClick={go}>
          {bench.scene.sensor(row.sensor_key)?.label ?? row.sensor_key}
        </button>
      </th>
      <td>{clockText(row.at_ns)}</td>
      {edges.map((edge, n) => (
        <td key={EDGE_NAMES[n]} class={edge !== null && Math.abs(edge) > LARGE_PX ? "large" : ""}>
          {edge === null ? "" : edge.toFixed(0)}
        </td>
      ))}
      <td>{row.iou === null ? "" : row.iou.toFixed(2)}</td>
      <td>{row.points_inside ?? ""}</td>
    </tr>
  );
}

const EDGE_NAMES = ["left", "top", "right", "bottom"] as const;
const LARGE_PX = 12;

/** A comment that stays with the object, the camera and the moment. */
function CommentForm({ workspace }: Props) {
  const desk = useDesk();
  const { bench, boxes } = desk;
  const [message, setMessage] = useState("");
  const [severity, setSeverity] = useState<Severity>("warning");
  const [sending, setSending] = useState(false);
  const object = bench.selected.value;
  const camera = desk.view.bigCamera.value;
  const send = async () => {
    setSending(true);
    try {
      const made = await workspace.calls.comment(workspace.taskId, {
        object_id: object?.id ?? null,
        sensor_key: camera,
        at_ns: camera ? bench.cameraTime(camera) : bench.clock.at_ns.peek(),
        message: message.trim(),
        severity,
        blocking: severity === "error",
        anchor: anchorNow(desk),
      });
      workspace.store.receiveFindings({ opened: [made], updated: [], closed: [] });
      setMessage("");
    } catch (error) {
      bench.editor.notify(
        "warning",
        error instanceof Error ? error.message : "The comment was not sent.",
      );
    } finally {
      setSending(false);
    }
  };
  return (
    <form
      class="comment-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p>
        Comment on <b>{object ? boxes.textOf(object) : "the scene"}</b>
        {camera && <> in {bench.scene.camera(camera)?.label}</>} at{" "}
        {clockText(bench.clock.at_ns.value)}
      </p>
      <textarea
        rows={2}
        aria-label="Comment"
        placeholder="What is wrong, and how to mend it"
        value={message}
        onInput={(event) => setMessage(event.currentTarget.value)}
      />
      <footer>
        <select
          aria-label="Severity"
          value={severity}
          onChange={(event) => setSeverity(severityOf(event.currentTarget.value))}
        >
          <option value="error">Must be mended</option>
          <option value="warning">Should be mended</option>
          <option value="info">Remark</option>
        </select>
        <span class="spring" />
        <button type="submit" class="small" disabled={sending || message.trim() === ""}>
          Comment
        </button>
      </footer>
    </form>
  );
}

function severityOf(value: string): Severity {
  return value === "error" || value === "info" ? value : "warning";
}

/** The place that the comment points at: the box in a camera, else the cuboid's centre in the world. */
function anchorNow({ bench, view }: ReturnType<typeof useDesk>) {
  const object = bench.selected.peek();
  const sensor = view.bigCamera.peek();
  if (object && sensor) {
    const box = bench.store.observation(object, sensor, bench.cameraTime(sensor))?.box_px;
    if (box) return { pixel_px: [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] as const };
  }
  const cuboid = bench.selectedCuboid.peek();
  return cuboid ? { point_m: cuboid.center_m } : {};
}
