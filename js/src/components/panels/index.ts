// What panels.js holds. It is built by `panels.mjs` and loaded by `open-panel.tsx`.

import styles from "../../styles/panels.css?inline";

export { ExportDialog } from "./export-dialog.tsx";
export { styles };
