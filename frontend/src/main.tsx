/** Where the workspace starts in the browser. */

import { render } from "preact";

const root = document.getElementById("workspace");
if (root) render(<main aria-label="Workspace" />, root);
