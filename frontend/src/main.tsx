/** Where the workspace starts in the browser. */

import { render } from "preact";
import { App } from "./app/app";
import "./styles/workspace.css";

function start(root: HTMLElement): void {
  const { task, userId } = root.dataset;
  const taskId = Number(task);
  if (!Number.isInteger(taskId)) return;
  render(<App taskId={taskId} userId={userId ? Number(userId) : null} />, root);
}

const root = document.getElementById("workspace");
if (root) start(root);
