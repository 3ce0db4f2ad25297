// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { COMMANDS } from '../../core/contributions/commands.ts';
import { evidenceArgument } from '../../core/explorer/evidence-address.ts';
import type { ExplorerNode } from '../../core/explorer/node.ts';
import { localSource, sourceOf } from '../../core/explorer/source.ts';
import { problemText } from '../../core/model/problem.ts';
import { splitReference } from '../../core/panel/overview.ts';
import type { AuditRequest, ImageSource, SbomFormat } from '../../core/ports.ts';
import { visibleText } from '../../core/protocol/visible-text.ts';
import type { AuditHost } from '../host.ts';
import type { Linter } from '../lint/linter.ts';
import type { EditorLog } from '../log.ts';
import type { OpenPanel, Panels } from '../panel/panels.ts';
import { canceller } from '../runtime.ts';
import { tellFailure } from './failure.ts';
import { pickImage, pickPlatform } from './picker.ts';
import type { EvidenceDocuments } from './evidence-documents.ts';
import { reportUri } from './report-documents.ts';
import type { AuditService } from './service.ts';

export interface AuditParts {
  readonly host: AuditHost;
  readonly service: AuditService;
  readonly panels: Panels;
  readonly evidence: EvidenceDocuments;
  readonly linter: Linter;
  readonly log: EditorLog;
}

/** What a command is about: a node of the tree, the panel in front, or a stored report that was chosen. */
interface Subject {
  readonly key: string | null;
  readonly session: number | null;
  readonly reference: string;
}

/** Arguments of `waybill.auditImage` from CodeLens; anything else opens the picker. */
export interface AuditArgument {
  readonly reference: string;
}

function isAuditArgument(value: unknown): value is AuditArgument {
  return typeof value === 'object' && value !== null && 'reference' in value && typeof value.reference === 'string';
}

export class AuditCommands {
  readonly #parts: AuditParts;

  constructor(parts: AuditParts) {
    this.#parts = parts;
    parts.panels.onAction((action, panel) => void this.#panelAction(action, panel));
    parts.panels.onDocument((document, { key }) => void this.#openEvidence({ ...document, key }));
  }

  register(): vscode.Disposable {
    const on = (id: string, run: (argument: unknown) => Promise<unknown>): vscode.Disposable =>
      vscode.commands.registerCommand(id, run);
    return vscode.Disposable.from(
      on(COMMANDS.auditImage.id, (argument) =>
        this.#ifTrusted(() => this.auditImage(isAuditArgument(argument) ? argument : null)),
      ),
      on(COMMANDS.cancelAudit.id, (argument) => this.#cancel(argument)),
      on(COMMANDS.reaudit.id, (argument) =>
        this.#ifTrusted(() => this.#withSubject(argument, (subject) => this.reaudit(subject, false))),
      ),
      on(COMMANDS.openReport.id, (argument) => this.#openReport(argument)),
      on(COMMANDS.saveSbom.id, (argument) =>
        this.#ifTrusted(() => this.#withSubject(argument, (subject) => this.#saveSbom(subject))),
      ),
      on(COMMANDS.openReportJson.id, (argument) => this.#withSubject(argument, openJson)),
      on(COMMANDS.openEvidence.id, (argument) => this.#openEvidence(argument)),
      on(COMMANDS.copyDigest.id, (argument) => this.#withSubject(argument, (subject) => this.#copyDigest(subject))),
      on(COMMANDS.removeReport.id, (argument) => this.#withSubject(argument, (subject) => this.#remove(subject))),
      on(COMMANDS.refresh.id, () => this.#parts.service.refresh()),
    );
  }

  /** Ask what is not known yet, then audit; `argument` is a base that stands in a file. */
  async auditImage(argument: AuditArgument | null): Promise<void> {
    const { service, linter, host } = this.#parts;
    const choice =
      argument === null
        ? await pickImage(service, linter, host.schemeOf)
        : { source: { scheme: 'registry', target: argument.reference } as const, preferLocal: true };
    if (choice === undefined) return;
    let { source } = choice;
    if (choice.preferLocal) {
      const listings = await service.auditor.engineImages(canceller().signal);
      source = localSource(source.target, listings) ?? source;
    }
    const chosen = await pickPlatform(service, source);
    if (chosen === undefined) return;
    await this.audit(source, chosen.platform, null, false);
  }

  /** Audit again what a stored report or a failed attempt was about. */
  async reaudit(subject: Subject, allowStaleDatabase: boolean): Promise<void> {
    const { service } = this.#parts;
    const before = subject.session === null ? undefined : service.session(subject.session);
    if (before !== undefined) {
      const { source, platform } = before.request;
      await this.audit(source, platform, subject.key ?? before.renews, allowStaleDatabase);
      return;
    }
    const report = subject.key === null ? null : await service.report(subject.key);
    const source = sourceOf(report?.ok === true ? report.value.image.reference : subject.reference);
    if (source === null) return;
    await this.audit(source, report?.ok === true ? report.value.image.platform : null, subject.key, allowStaleDatabase);
  }

  /** Audit a layout that only exists until the answer is there. */
  async auditLayout(folder: string): Promise<void> {
    const source = { scheme: 'oci-dir', target: folder } as const;
    const chosen = await pickPlatform(this.#parts.service, source);
    if (chosen !== undefined) await this.audit(source, chosen.platform, null, false);
  }

  async audit(
    source: ImageSource,
    platform: string | null,
    renews: string | null,
    allowStaleDatabase: boolean,
  ): Promise<void> {
    const { service, panels } = this.#parts;
    const request: AuditRequest = { source, platform, offline: source.scheme !== 'registry', allowStaleDatabase };
    const reference = `${source.scheme}:${source.target}`;
    const { id, done } = service.start(request, renews);
    await panels.open({ key: renews, session: id, reference }, null, true);
    const ended = await done;
    if (panels.shows(ended)) return;
    const again = (stale: boolean): void => void this.audit(source, platform, renews, stale);
    await tellFailure(ended, visibleText(splitReference(reference).name), { again });
  }

  async #panelAction(action: Parameters<Parameters<Panels['onAction']>[0]>[0], panel: OpenPanel): Promise<void> {
    const subject: Subject = { key: panel.key, session: panel.audit, reference: panel.session.reference };
    switch (action) {
      case 'audit':
        return this.#ifTrusted(() => this.reaudit(subject, false));
      case 'auditStale':
        return this.#ifTrusted(() => this.reaudit(subject, true));
      case 'cancel':
        if (panel.audit !== null) this.#parts.service.cancel(panel.audit);
        return;
      case 'saveSbom':
        return this.#ifTrusted(() => this.#saveSbom(subject));
      case 'openReport':
        return openJson(subject);
      case 'showLog':
        this.#parts.log.show();
    }
  }

  /** Pages, links and keys reach a command that menus do not offer in Restricted Mode: nothing may start there. */
  async #ifTrusted(work: () => Promise<void>): Promise<void> {
    if (vscode.workspace.isTrusted) await work();
    else void tellNotTrusted();
  }

  async #withSubject(argument: unknown, work: (subject: Subject) => Promise<void>): Promise<void> {
    const subject = subjectOf(argument) ?? this.#activeSubject() ?? (await this.#chooseStored());
    if (subject !== undefined) await work(subject);
  }

  #activeSubject(): Subject | undefined {
    const panel = this.#parts.panels.active;
    return panel === undefined
      ? undefined
      : { key: panel.key, session: panel.audit, reference: panel.session.reference };
  }

  async #chooseStored(): Promise<Subject | undefined> {
    const stored = await this.#parts.service.load();
    const chosen = await vscode.window.showQuickPick(
      stored.map((report) => ({ label: visibleText(report.reference), description: report.key, report })),
      { placeHolder: stored.length === 0 ? 'No report is stored yet: audit an image first' : 'Choose a report' },
    );
    return chosen === undefined
      ? undefined
      : { key: chosen.report.key, session: null, reference: chosen.report.reference };
  }

  async #openReport(argument: unknown): Promise<void> {
    const target = isNode(argument) ? argument.target : null;
    await this.#withSubject(argument, async (subject) => {
      const stored = this.#parts.service.stored.find(({ key }) => key === subject.key);
      await this.#parts.panels.open({ ...subject, reference: stored?.reference ?? subject.reference }, target, true);
    });
  }

  async #cancel(argument: unknown): Promise<void> {
    const { service, panels } = this.#parts;
    const asked = (isNode(argument) ? argument.image.session : null) ?? panels.active?.audit ?? null;
    const running = service.sessions.filter(({ report }) => report === null);
    const session = running.find(({ id }) => id === asked) ?? running.at(-1);
    if (session !== undefined) service.cancel(session.id);
  }

  async #saveSbom({ key, reference }: Subject): Promise<void> {
    if (key === null) return;
    const format = await vscode.window.showQuickPick(SBOM_CHOICES, { placeHolder: 'Format of the SBOM' });
    if (format === undefined) return;
    const name = splitReference(reference).name.replace(/[^A-Za-z0-9._-]+/g, '-');
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const file = `${name}.${format.ending}`;
    const target = await vscode.window.showSaveDialog({
      ...(folder?.scheme === 'file' ? { defaultUri: vscode.Uri.joinPath(folder, file) } : {}),
      saveLabel: 'Save SBOM',
    });
    if (target === undefined) return;
    const controller = canceller();
    const saved = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: `Saving ${file}` },
      () => this.#parts.service.auditor.store.saveSbom(key, format.format, target.fsPath, controller.signal),
    );
    if (!saved.ok) await this.#tell(problemText(saved.error));
  }

  async #openEvidence(argument: unknown): Promise<void> {
    const wanted = evidenceArgument(argument);
    const problem =
      wanted === undefined
        ? {
            what: 'Raw evidence could not be opened',
            why: 'no item of a stored report was named',
            todo: 'Open it from the tree, or when the audit has ended.',
          }
        : await this.#parts.evidence.open(wanted);
    if (problem !== null) await this.#tell(problemText({ code: 'bad-input', ...problem }));
  }

  async #copyDigest({ key }: Subject): Promise<void> {
    const report = key === null ? null : await this.#parts.service.report(key);
    const digest = report?.ok === true ? (report.value.image.manifestDigest ?? key) : key;
    if (digest !== null) await vscode.env.clipboard.writeText(digest);
  }

  async #remove({ key, session }: Subject): Promise<void> {
    const { service, panels } = this.#parts;
    if (key === null) {
      if (session !== null) service.dismiss(session);
      return;
    }
    const removed = await service.remove(key);
    if (removed.ok) panels.close(key);
    else await this.#tell(problemText(removed.error));
  }

  async #tell(message: string): Promise<void> {
    const show = 'Show Log';
    this.#parts.log.error(message);
    if ((await vscode.window.showErrorMessage(visibleText(message), show)) === show) this.#parts.log.show();
  }
}

async function tellNotTrusted(): Promise<void> {
  const manage = 'Manage Workspace Trust';
  const text = 'This workspace is not trusted, so Waybill starts no tools.';
  if ((await vscode.window.showErrorMessage(text, manage)) !== manage) return;
  await vscode.commands.executeCommand('workbench.trust.manage');
}

const SBOM_CHOICES: readonly (vscode.QuickPickItem & { readonly format: SbomFormat; readonly ending: string })[] = [
  { label: 'CycloneDX', description: 'JSON', format: 'cyclonedx-json', ending: 'cdx.json' },
  { label: 'SPDX 2.3', description: 'JSON', format: 'spdx-json', ending: 'spdx.json' },
  { label: 'Syft', description: 'JSON, as the scan made it', format: 'syft-json', ending: 'syft.json' },
];

function isNode(value: unknown): value is ExplorerNode {
  return typeof value === 'object' && value !== null && 'image' in value && 'branch' in value && 'label' in value;
}

function subjectOf(argument: unknown): Subject | undefined {
  if (isNode(argument)) return { ...argument.image, reference: argument.reference };
  if (typeof argument === 'object' && argument !== null && 'key' in argument && typeof argument.key === 'string') {
    return { key: argument.key, session: null, reference: argument.key };
  }
  return undefined;
}

async function openJson({ key }: Subject): Promise<void> {
  if (key === null) return;
  const document = await vscode.workspace.openTextDocument(reportUri(key));
  await vscode.window.showTextDocument(await vscode.languages.setTextDocumentLanguage(document, 'json'));
}
