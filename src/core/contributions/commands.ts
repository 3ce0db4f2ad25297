// SPDX-License-Identifier: Apache-2.0

/** Where a command may run: `audit` needs the tools, so a trusted workspace and a host that can start programs. */
type Needs = 'audit' | 'reports' | 'nothing';

interface Command {
  readonly id: string;
  readonly title: string;
  readonly icon?: string;
  readonly needs: Needs;
  /** False where it only makes sense on something that was clicked. */
  readonly palette: boolean;
}

/** Context keys that the extension sets; `when` clauses name them. */
export const CONTEXT = {
  /** `desktop` or `browser`; unset until the extension runs. */
  host: 'waybill.host',
  running: 'waybill.auditRunning',
  dockerfileOpen: 'waybill.dockerfileOpen',
  missingTools: 'waybill.missingTools',
} as const;

export const VIEW_CONTAINER = 'waybill';
export const IMAGES_VIEW = 'waybill.images';
export const PANEL_VIEW_TYPE = 'waybill.panel';

/** Values of `viewItem` in the tree. */
export const ITEM = {
  image: 'waybill.image',
  running: 'waybill.image.running',
  failed: 'waybill.image.failed',
  group: 'waybill.group',
  row: 'waybill.row',
  /** A row of evidence of which something can be opened. */
  evidence: 'waybill.evidence',
  plain: 'waybill.plain',
} as const;

export const COMMANDS = {
  auditImage: { id: 'waybill.auditImage', title: 'Audit Image…', icon: '$(add)', needs: 'audit', palette: true },
  cancelAudit: {
    id: 'waybill.cancelAudit',
    title: 'Cancel Audit',
    icon: '$(debug-stop)',
    needs: 'audit',
    palette: true,
  },
  reaudit: { id: 'waybill.reaudit', title: 'Re-audit', icon: '$(refresh)', needs: 'audit', palette: true },
  openReport: {
    id: 'waybill.openReport',
    title: 'Open Report',
    icon: '$(link-external)',
    needs: 'reports',
    palette: true,
  },
  saveSbom: { id: 'waybill.saveSbom', title: 'Save SBOM…', icon: '$(save)', needs: 'audit', palette: true },
  openReportJson: {
    id: 'waybill.openReportJson',
    title: 'Open Report as JSON',
    icon: '$(json)',
    needs: 'reports',
    palette: true,
  },
  /** Called from the tree and the panel, with the item of a report. */
  openEvidence: {
    id: 'waybill.openEvidence',
    title: 'Open Raw Evidence…',
    icon: '$(json)',
    needs: 'reports',
    palette: false,
  },
  copyDigest: { id: 'waybill.copyDigest', title: 'Copy Digest', icon: '$(copy)', needs: 'reports', palette: true },
  removeReport: {
    id: 'waybill.removeReport',
    title: 'Remove Report',
    icon: '$(trash)',
    needs: 'reports',
    palette: true,
  },
  refresh: { id: 'waybill.refresh', title: 'Refresh', icon: '$(refresh)', needs: 'reports', palette: true },
  /** Called by a quick fix, with the document and the rule. */
  addException: {
    id: 'waybill.addException',
    title: 'Add Exception…',
    needs: 'nothing',
    palette: false,
  },
  /** Called by a quick fix, with the document and the image. */
  pinDigest: { id: 'waybill.pinDigest', title: 'Pin the Digest', needs: 'audit', palette: false },
  lintWorkspace: {
    id: 'waybill.lintWorkspace',
    title: 'Lint Workspace',
    icon: '$(checklist)',
    needs: 'nothing',
    palette: true,
  },
  /** Called by the progress of that. */
  cancelLint: { id: 'waybill.cancelLint', title: 'Cancel Linting', needs: 'nothing', palette: false },
  buildApko: { id: 'waybill.buildApko', title: 'Build apko Image and Audit', needs: 'audit', palette: true },
  resolveApko: { id: 'waybill.resolveApko', title: 'Resolve apko Packages', needs: 'audit', palette: true },
  lockApko: { id: 'waybill.lockApko', title: 'Lock apko Config', needs: 'audit', palette: true },
  showLog: { id: 'waybill.showLog', title: 'Show Log', icon: '$(output)', needs: 'nothing', palette: true },
} as const satisfies Readonly<Record<string, Command>>;

const WHEN: Readonly<Record<Needs, string>> = {
  // Unset before the extension runs: the palette then offers the command, and running it activates the extension.
  audit: `isWorkspaceTrusted && ${CONTEXT.host} != browser`,
  reports: `${CONTEXT.host} != browser`,
  nothing: '',
};

const all: readonly Command[] = Object.values(COMMANDS);

export const commandContributions = all.map(({ id, title, icon, needs }) => ({
  command: id,
  title,
  category: 'Waybill',
  ...(icon === undefined ? {} : { icon }),
  ...(WHEN[needs] === '' ? {} : { enablement: WHEN[needs] }),
}));

const item = (command: Command, when: string, group: string): object => ({
  command: command.id,
  when: `view == ${IMAGES_VIEW} && ${when}`,
  group,
});
const anyImage = `viewItem =~ /^waybill\\.image/`;
const stored = `viewItem == ${ITEM.image}`;

export const menuContributions = {
  'view/title': [
    { command: COMMANDS.auditImage.id, when: `view == ${IMAGES_VIEW}`, group: 'navigation@1' },
    { command: COMMANDS.refresh.id, when: `view == ${IMAGES_VIEW}`, group: 'navigation@2' },
    { command: COMMANDS.showLog.id, when: `view == ${IMAGES_VIEW}`, group: '9_log' },
  ],
  'view/item/context': [
    item(COMMANDS.cancelAudit, `viewItem == ${ITEM.running}`, 'inline@1'),
    item(COMMANDS.reaudit, `viewItem =~ /^waybill\\.image(\\.failed)?$/`, 'inline@1'),
    item(COMMANDS.openReport, `viewItem =~ /^waybill\\.(group|row|evidence)$/`, 'inline@2'),
    item(COMMANDS.openEvidence, `viewItem == ${ITEM.evidence}`, 'inline@1'),
    item(COMMANDS.openEvidence, `viewItem == ${ITEM.evidence}`, '1_open@2'),
    item(COMMANDS.openReport, `viewItem == ${ITEM.evidence}`, '1_open@1'),
    item(COMMANDS.openReport, anyImage, '1_open@1'),
    item(COMMANDS.openReportJson, stored, '1_open@2'),
    item(COMMANDS.reaudit, `viewItem =~ /^waybill\\.image(\\.failed)?$/`, '2_audit@1'),
    item(COMMANDS.cancelAudit, `viewItem == ${ITEM.running}`, '2_audit@2'),
    item(COMMANDS.saveSbom, stored, '3_save@1'),
    item(COMMANDS.copyDigest, stored, '4_copy@1'),
    item(COMMANDS.removeReport, `viewItem =~ /^waybill\\.image(\\.failed)?$/`, '9_remove@1'),
  ],
  commandPalette: all
    .filter(({ palette, needs }) => !palette || needs !== 'nothing')
    .map(({ id, palette, needs }) => ({
      command: id,
      when: !palette ? 'false' : id === COMMANDS.cancelAudit.id ? CONTEXT.running : WHEN[needs],
    })),
};
