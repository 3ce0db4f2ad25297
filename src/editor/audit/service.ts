// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import type { RawDocument } from '../../core/evidence/raw.ts';
import type { AuditReport } from '../../core/evidence/report.ts';
import { askingFor } from '../../core/evidence/wish.ts';
import { waitingStages, type AuditSession } from '../../core/explorer/session.ts';
import { problemText, toProblem, type Problem } from '../../core/model/problem.ts';
import type { RawPart } from '../../core/model/raw-part.ts';
import { err, type Result } from '../../core/model/result.ts';
import type { AuditEvent, Auditor, AuditRequest, StoredReport } from '../../core/ports.ts';
import type { AuditHost } from '../host.ts';
import type { EditorLog } from '../log.ts';
import type { Waivers } from '../policy/waivers.ts';
import { canceller, type Canceller, later } from '../runtime.ts';

/** Reports kept parsed; the largest are tens of megabytes. */
const KEPT_REPORTS = 4;
/** Progress is shown at most this often. */
const TELL_MS = 100;

/** Audits of this window and the stored reports that every window and the command share. */
export class AuditService implements vscode.Disposable {
  readonly #host: AuditHost;
  readonly #log: EditorLog;
  readonly #judgedAnew: vscode.Disposable;
  readonly #sessions = new Map<number, AuditSession>();
  readonly #running = new Map<number, Canceller>();
  readonly #reports = new Map<string, { readonly generated: string; readonly report: AuditReport }>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #happened = new vscode.EventEmitter<{ readonly id: number; readonly event: AuditEvent }>();
  readonly #ended = new vscode.EventEmitter<AuditSession>();
  #stored: readonly StoredReport[] | null = null;
  #listing: Promise<void> | null = null;
  #stopWatching: (() => void) | null = null;
  #nextId = 1;

  /** Stored reports or audits were added, removed, or have got on. */
  readonly onDidChange = this.#changed.event;
  /** A stage of one audit has got on. */
  readonly onDidEvent = this.#happened.event;
  /** One audit has ended, however it ended. */
  readonly onDidEnd = this.#ended.event;

  /** Reports as the policies of this window see them. */
  readonly waivers: Waivers;

  constructor(host: AuditHost, log: EditorLog, waivers: Waivers) {
    this.#host = host;
    this.#log = log;
    this.waivers = waivers;
    this.#judgedAnew = waivers.onDidChange(() => this.#changed.fire());
  }

  get auditor(): Auditor {
    return this.#host.auditor(this.#log);
  }

  get sessions(): readonly AuditSession[] {
    return [...this.#sessions.values()];
  }

  get running(): number {
    return this.#running.size;
  }

  /** What is known of the store right now; `load` asks it. */
  get stored(): readonly StoredReport[] {
    return this.#stored ?? [];
  }

  session(id: number): AuditSession | undefined {
    return this.#sessions.get(id);
  }

  /** List the store once, and from then on whenever it changes. */
  async load(): Promise<readonly StoredReport[]> {
    if (this.#stored === null) {
      this.#listing ??= this.refresh();
      await this.#listing;
    }
    return this.stored;
  }

  async refresh(): Promise<void> {
    try {
      const { store } = this.auditor;
      this.#stopWatching ??= store.watch(() => void this.refresh());
      this.#stored = await store.list();
    } catch (error) {
      this.#stored = [];
      this.#log.error(problemText(toProblem(error, 'The stored reports could not be listed')));
    }
    const keys = new Map(this.#stored.map(({ key, generated }) => [key, generated]));
    for (const [key, { generated }] of this.#reports) if (keys.get(key) !== generated) this.#reports.delete(key);
    this.#changed.fire();
  }

  /** A stored report with the exceptions that the policies make today. */
  async judged(key: string): Promise<Result<AuditReport, Problem>> {
    const read = await this.report(key);
    return read.ok ? { ok: true, value: await this.waivers.judge(read.value) } : read;
  }

  /** A report as it is stored; the last few are kept. */
  async report(key: string): Promise<Result<AuditReport, Problem>> {
    const known = this.#reports.get(key);
    if (known !== undefined) {
      this.#reports.delete(key);
      this.#reports.set(key, known);
      return { ok: true, value: known.report };
    }
    try {
      const read = await this.auditor.store.read(key);
      if (read.ok) this.#keep(key, read.value);
      else this.#log.warn(problemText(read.error));
      return read;
    } catch (error) {
      return err(toProblem(error, 'The report could not be read'));
    }
  }

  /** A part of an item of a stored report, as a document. */
  async evidenceDocument(
    key: string,
    item: number,
    digest: string,
    part: RawPart,
  ): Promise<Result<RawDocument, Problem>> {
    try {
      return await this.auditor.evidenceDocument(key, item, digest, part);
    } catch (error) {
      return err(toProblem(error, 'The document could not be read'));
    }
  }

  /** Begin an audit; `done` is fulfilled with the session as it ended, and is never rejected. */
  start(request: AuditRequest, renews: string | null): { readonly id: number; readonly done: Promise<AuditSession> } {
    const id = this.#nextId++;
    const controller = canceller();
    for (const [other, { renews: key, report }] of this.#sessions) {
      // A new attempt takes the place of the one that failed.
      const same = sameRequest(request, this.#sessions.get(other)?.request) || (key !== null && key === renews);
      if (same && report !== null) this.#sessions.delete(other);
    }
    this.#sessions.set(id, { id, request, renews, stages: waitingStages(), report: null, key: null });
    this.#running.set(id, controller);
    this.#changed.fire();
    return { id, done: this.#run(id, request, controller) };
  }

  cancel(id: number): void {
    this.#running.get(id)?.abort();
  }

  async remove(key: string): Promise<Result<null, Problem>> {
    const removed = await this.auditor.store.remove(key);
    for (const [id, session] of this.#sessions) if (session.key === key) this.#sessions.delete(id);
    await this.refresh();
    return removed;
  }

  /** Take a failed audit off the list. */
  dismiss(id: number): void {
    if (this.#running.has(id)) return;
    this.#sessions.delete(id);
    this.#changed.fire();
  }

  /** Settings have changed: ask the store of the new ones. */
  async reset(): Promise<void> {
    this.#stopWatching?.();
    this.#stopWatching = null;
    this.#reports.clear();
    this.#host.reset();
    if (this.#stored !== null) await this.refresh();
  }

  dispose(): void {
    for (const controller of this.#running.values()) controller.abort();
    this.#stopWatching?.();
    this.#judgedAnew.dispose();
    this.#changed.dispose();
    this.#happened.dispose();
    this.#ended.dispose();
  }

  async #run(id: number, request: AuditRequest, controller: Canceller): Promise<AuditSession> {
    const reference = `${request.source.scheme}:${request.source.target}`;
    this.#log.info(`Auditing ${reference}`);
    let pending = false;
    const tell = (): void => {
      if (pending) return;
      pending = true;
      later(TELL_MS, () => {
        pending = false;
        const session = this.#sessions.get(id);
        if (session !== undefined && session.report === null) this.#changed.fire();
      });
    };
    const policy = await this.waivers.trust().catch((error: unknown) => {
      this.#log.error(problemText(toProblem(error, 'The trust policy could not be read')));
      return null;
    });
    const evidence = this.#host.evidence(request.source, policy, this.#log);
    const report = await this.auditor.audit(
      askingFor(request, evidence),
      (event) => {
        const session = this.#sessions.get(id);
        if (session === undefined) return;
        this.#sessions.set(id, { ...session, stages: { ...session.stages, [event.stage]: event } });
        if (event.state !== 'waiting' && event.message !== null) this.#log.info(`${event.stage}: ${event.message}`);
        this.#happened.fire({ id, event });
        tell();
      },
      controller.signal,
    );
    this.#running.delete(id);
    await this.refresh();
    const { configDigest, manifestDigest } = report.image;
    // What could not be stored is not in the list, and then there is no key to read it by.
    const key =
      this.stored.find(
        (each) => each.generated === report.generated && (each.key === configDigest || each.key === manifestDigest),
      )?.key ?? null;
    const began = this.#sessions.get(id);
    const ended: AuditSession = {
      id,
      request,
      renews: began?.renews ?? null,
      stages: began?.stages ?? waitingStages(),
      report,
      key,
    };
    if (key !== null) this.#keep(key, report);
    this.#sessions.set(id, ended);
    this.#log.info(
      `Audit of ${reference} ended: ${report.summary.packages} packages, ${report.summary.vulnerabilities} vulnerabilities`,
    );
    this.#ended.fire(ended);
    this.#changed.fire();
    return ended;
  }

  #keep(key: string, report: AuditReport): void {
    this.#reports.delete(key);
    this.#reports.set(key, { generated: report.generated, report });
    for (const oldest of this.#reports.keys()) {
      if (this.#reports.size <= KEPT_REPORTS) break;
      this.#reports.delete(oldest);
    }
  }
}

function sameRequest(a: AuditRequest, b: AuditRequest | undefined): boolean {
  return (
    b !== undefined &&
    a.source.scheme === b.source.scheme &&
    a.source.target === b.source.target &&
    a.platform === b.platform
  );
}
