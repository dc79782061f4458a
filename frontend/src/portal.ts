/** Styles and small behaviours of the portal's own pages. */

import "@tabler/core/dist/css/tabler.min.css";
