// SPDX-License-Identifier: Apache-2.0
import '@vscode-elements/elements/dist/vscode-badge/index.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import '@vscode-elements/elements/dist/vscode-progress-ring/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import type { VsCodeApi } from './channel.ts';
import { WaybillEvidence } from './evidence-view.ts';
import { WaybillGrid } from './grid/grid.ts';
import { WaybillPanel } from './panel.ts';
import { WaybillTable } from './table-view.ts';

declare function acquireVsCodeApi(): VsCodeApi;

customElements.define('waybill-grid', WaybillGrid);
customElements.define('waybill-table', WaybillTable);
customElements.define('waybill-evidence', WaybillEvidence);
customElements.define('waybill-panel', WaybillPanel);
document.body.append(new WaybillPanel(acquireVsCodeApi()));
