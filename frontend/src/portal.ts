/** Styles and small behaviours of the portal's own pages. */

import "./portal/styles/index.css";
import { wireBulk } from "./portal/bulk";
import { wireCopying } from "./portal/copying";
import { wireDisclosures } from "./portal/disclosure";
import { listen } from "./portal/live";
import { explainQuality } from "./portal/quality";
import { offerThemes } from "./portal/theme";
import { keepTimes } from "./portal/times";

wireDisclosures();
offerThemes(document);
wireBulk();
wireCopying();
explainQuality();
keepTimes();
listen();

const uploadPage = document.querySelector<HTMLElement>("[data-upload]");
if (uploadPage !== null) {
  void import("./portal/upload/page").then(({ startUploadPage }) => startUploadPage(uploadPage));
}
