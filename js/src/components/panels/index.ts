// What panels.js holds. It is built by `panels.mjs` and loaded by `open-panel.tsx`.

import styles from "../../styles/panels.css?inline";

export { CodeDialog } from "./code-dialog.tsx";
export { promote, putSideBySide } from "./compare/begin.ts";
export { ComparisonsList } from "./compare/list.tsx";
export { CompareView } from "./compare/view.tsx";
export { KeyDialog } from "./connect-dialog.tsx";
export { ExportDialog } from "./export-dialog.tsx";
export { HelpDialog } from "./help.tsx";
export { ModelPicker } from "./model-picker.tsx";
export { ParametersPanel } from "./parameters.tsx";
export { TokensView } from "./tokens-view.tsx";
export { VersionsDialog } from "./versions-dialog.tsx";
export { WireDialog } from "./wire-dialog.tsx";
export { styles };
