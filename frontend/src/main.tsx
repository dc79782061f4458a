/** Where the workspace starts in the browser. */

import { render } from "preact";
import { App } from "./app/app";
import "./styles/workspace.css";

/** Pages whose CSRF cookie scripts cannot read hand the token over; the client looks for it in a meta tag. */
function handToken(csrf: string | undefined): void {
  if (!csrf || document.querySelector('meta[name="csrf-token"]')) return;
  const meta = document.createElement("meta");
  meta.name = "csrf-token";
  meta.content = csrf;
  document.head.append(meta);
}

function start(root: HTMLElement): void {
  const { task, userId, csrf, home } = root.dataset;
  const taskId = Number(task);
  if (!Number.isInteger(taskId)) return;
  handToken(csrf);
  render(<App taskId={taskId} userId={userId ? Number(userId) : null} home={home ?? "/"} />, root);
}

const root = document.getElementById("workspace");
if (root) start(root);
