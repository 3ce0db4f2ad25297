// SPDX-License-Identifier: Apache-2.0
import type { ReportItem } from '../evidence/evidence.ts';
import { itemDocuments } from '../evidence/raw.ts';
import { type AuditReport, reportKey } from '../evidence/report.ts';
import type { RawPart } from '../model/raw-part.ts';
import type { StageName } from '../model/stage.ts';
import type { AuditEvent, Clock } from '../ports.ts';
import {
  type HostMessage,
  type PageMessage,
  pageMessageSchema,
  type PanelAction,
  type PanelTable,
  PROTOCOL_VERSION,
  type TableQuery,
} from '../protocol/panel.ts';
import type { LiveStage, LiveStages } from './answers.ts';
import { evidenceDetail, evidenceList } from './evidence.ts';
import { makeOverview, matchedBy, toolLabel } from './overview.ts';
import { packageDetail, PACKAGES_TABLE } from './packages.ts';
import { provenanceView } from './provenance.ts';
import { type PanelPackage, panelRows, type PanelVulnerability } from './rows.ts';
import { Table } from './table.ts';
import { vulnerabilitiesTable, vulnerabilityDetail, VULNERABILITIES_TABLE } from './vulnerabilities.ts';
import { counted } from './words.ts';

/** What the page asks of its host that needs more than rows. */
export type PanelEffect =
  | { readonly type: 'copy'; readonly text: string }
  /** Always an `https:` address out of the report itself. */
  | { readonly type: 'open'; readonly url: string }
  | { readonly type: 'action'; readonly action: PanelAction }
  /** A part of an item of the report, which is named by its digest, too: another report may be stored by now. */
  | { readonly type: 'document'; readonly item: number; readonly digest: string; readonly part: RawPart };

export interface PanelOutcome {
  /** To be posted to the page, in this order. */
  readonly messages: readonly HostMessage[];
  readonly effects: readonly PanelEffect[];
  /** Why the message was dropped, for the log; null where it was understood. */
  readonly rejected: string | null;
}

const v = PROTOCOL_VERSION;
const WAITING: LiveStage = { state: 'waiting', message: null, code: null };

/**
 * One panel's side of the protocol: keeps the report and its tables, and answers the page. It does nothing itself; the
 * host posts `messages`, carries out `effects`, and logs `rejected`.
 *
 *     const session = new PanelSession('registry:ghcr.io/a/b:1', clock);
 *     post(session.show(report));                               // a stored report; at once, before any audit
 *     webview.onDidReceiveMessage((raw) => {
 *       const { messages, effects, rejected } = session.receive(raw);   // raw is checked here
 *       …
 *     });
 *     post(session.start());                                    // an audit starts: Overview shows its stages
 *     await auditor.audit(request, (event) => post(session.stage(event)), cancel);
 *     post(session.show(report));                               // its end, however it ended
 *     post(session.reveal('vulnerabilities', rowId));           // from the tree; ids by rows.ts
 *
 * Nothing may be posted before the page said `ready`; the answer to `ready` is the whole state, so what was posted in
 * vain before is in it. A `reveal` is kept until then by the session itself.
 */
export class PanelSession {
  readonly reference: string;
  readonly #clock: Clock;
  #report: AuditReport | null = null;
  #packages = new Table<PanelPackage>(PACKAGES_TABLE, []);
  #vulnerabilities = new Table<PanelVulnerability>(VULNERABILITIES_TABLE, []);
  #stages: Record<StageName, LiveStage> | null = null;
  /** True while the report shown is the one before the running audit. */
  #outdated = false;
  #revision = 0;
  #ready = false;
  #pendingReveal: HostMessage | null = null;

  constructor(reference: string, clock: Clock) {
    this.reference = reference;
    this.#clock = clock;
  }

  get report(): AuditReport | null {
    return this.#report;
  }

  get running(): boolean {
    return this.#stages !== null;
  }

  /** Show a finished or stored report; ends a running audit. */
  show(report: AuditReport): HostMessage[] {
    this.#stages = null;
    this.#outdated = false;
    this.#take(report);
    return this.#post([this.state()]);
  }

  /** The same report judged anew, because a policy or the day has changed; a running audit goes on. */
  judgedAnew(report: AuditReport): HostMessage[] {
    // What the running audit has found so far stays; its end is judged by the new policy anyway.
    if (this.#stages !== null && !this.#outdated) return [];
    this.#take(report);
    return this.#post([this.state()]);
  }

  /** An audit starts. The report before, if any, stays in the tables until the new one has rows of its own. */
  start(): HostMessage[] {
    this.#stages = {
      resolve: WAITING,
      evidence: WAITING,
      sbom: WAITING,
      database: WAITING,
      matching: WAITING,
    };
    this.#outdated = this.#report !== null;
    return this.#post([this.state()]);
  }

  /** A stage of the running audit changed. */
  stage(event: AuditEvent): HostMessage[] {
    if (this.#stages === null) return [];
    const { stage, state, message, code } = event;
    const before = this.#stages[stage].state;
    this.#stages[stage] = { state, message, code };
    if (event.soFar !== undefined) {
      this.#outdated = false;
      this.#take(event.soFar);
    }
    const messages = [this.state()];
    const ended = before !== state && state !== 'waiting' && state !== 'running' ? this.#announcement(event) : null;
    if (ended !== null) messages.push({ v, type: 'announce', text: ended.slice(0, 1_000) });
    return this.#post(messages);
  }

  /** Go to a tab, and to a row or to one value of a facet in it. */
  reveal(
    tab: Extract<HostMessage, { type: 'reveal' }>['tab'],
    row: string | null = null,
    only: Extract<HostMessage, { type: 'reveal' }>['only'] = null,
  ): HostMessage[] {
    const message: HostMessage = { v, type: 'reveal', tab, row, only };
    if (!this.#ready) this.#pendingReveal = message;
    return this.#post([message]);
  }

  /** The whole state: what a page gets when it says `ready`, and whenever something changes. */
  state(): HostMessage {
    const report = this.#report;
    return {
      v,
      type: 'state',
      revision: this.#revision,
      running: this.running,
      key: report === null ? null : reportKey(report),
      reference: this.reference.slice(0, 4_000),
      overview: makeOverview({
        reference: this.reference,
        report,
        outdated: this.#outdated,
        running: this.running,
        stages: this.#liveStages(),
        now: this.#clock.now(),
      }),
      tables: { packages: this.#packagesTable(), vulnerabilities: this.#vulnerabilitiesTable() },
    };
  }

  /** Answer one message of the page, which is not trusted: what does not parse is dropped with a reason. */
  receive(raw: unknown): PanelOutcome {
    const parsed = pageMessageSchema.safeParse(raw);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const where = issue?.path.join('.') ?? '';
      return {
        messages: [],
        effects: [],
        rejected: `${where === '' ? 'message' : where}: ${issue?.message ?? 'not understood'}`,
      };
    }
    const message = parsed.data;
    const effect = this.#effectOf(message);
    if (effect === 'refused') return { messages: [], effects: [], rejected: `${message.type}: not part of the report` };
    return { messages: this.#reply(message), effects: effect === null ? [] : [effect], rejected: null };
  }

  #effectOf(message: PageMessage): PanelEffect | 'refused' | null {
    switch (message.type) {
      case 'action':
        return { type: 'action', action: message.action };
      case 'copy':
        return { type: 'copy', text: message.text };
      case 'copyRows':
        return { type: 'copy', text: this.#table(message.query.table).copy(message.query, message.ranges).text };
      case 'openLink': {
        const { url } = message;
        return this.#isOurs(url) && url.startsWith('https://') ? { type: 'open', url } : 'refused';
      }
      case 'copyEvidence': {
        const item = this.#item(message.row);
        return item === undefined ? 'refused' : { type: 'copy', text: `${JSON.stringify(item, null, 2)}\n` };
      }
      case 'openEvidence': {
        const { row, part } = message;
        const item = this.#item(row);
        return item === undefined || !itemDocuments(item).includes(part)
          ? 'refused'
          : { type: 'document', item: Number(row), digest: item.digest, part };
      }
      default:
        return null;
    }
  }

  #item(row: string): ReportItem | undefined {
    return this.#report?.evidence?.items[Number(row)];
  }

  /** True for an address that this host itself sent to the page. */
  #isOurs(url: string): boolean {
    const report = this.#report;
    if (report === null) return false;
    if (report.vulnerabilities.some(({ advisory }) => advisory === url)) return true;
    return provenanceView(report)?.chain.some(({ link }) => link === url) === true;
  }

  #reply(message: PageMessage): HostMessage[] {
    switch (message.type) {
      case 'ready': {
        this.#ready = true;
        const reveal = this.#pendingReveal === null ? [] : [this.#pendingReveal];
        this.#pendingReveal = null;
        return [this.state(), ...reveal];
      }
      case 'rows': {
        const { id, query, from, to } = message;
        const table = this.#table(query.table);
        const { matching, rows, facets } = table.window(query, from, to);
        return [
          { v, type: 'rowsPage', id, revision: this.#revision, matching, total: table.total, from, rows, facets },
        ];
      }
      case 'detail':
        return [{ v, type: 'detailOf', id: message.id, detail: this.#detail(message.table, message.row) }];
      case 'locate': {
        const { id, query, row, prefix, after } = message;
        return [{ v, type: 'located', id, index: this.#locate(query, row, prefix, after) }];
      }
      case 'evidence':
        return [this.#evidence(message.id)];
      case 'evidenceItem': {
        const { id, row } = message;
        const detail = this.#report === null ? null : evidenceDetail(this.#report, row, this.#clock.now());
        return [{ v, type: 'evidenceItemOf', id, detail }];
      }
      case 'copyRows': {
        const rows = message.ranges.reduce((sum, [from, to]) => sum + Math.max(0, to - from), 0);
        return [{ v, type: 'announce', text: `${counted(rows, 'row')} copied.` }];
      }
      case 'copy':
      case 'copyEvidence':
        return [{ v, type: 'announce', text: 'Copied.' }];
      default:
        return [];
    }
  }

  #evidence(id: number): HostMessage {
    const report = this.#report;
    const evidence = report?.evidence ?? null;
    return {
      v,
      type: 'evidenceOf',
      id,
      revision: this.#revision,
      list: evidence === null ? null : evidenceList(evidence),
      provenance: report === null ? null : provenanceView(report),
      empty: notThere('Signatures and provenance were not looked for', this.#liveStages().evidence),
    };
  }

  #locate(query: TableQuery, row: string | null, prefix: string | null, after: number): number | null {
    const table = this.#table(query.table);
    if (row !== null) return table.indexOf(query, row);
    return prefix === null || prefix === '' ? null : table.indexOfPrefix(query, prefix, after);
  }

  #detail(table: TableQuery['table'], id: string) {
    if (table === 'packages') {
      const found = this.#packages.find(id);
      return found === null ? null : packageDetail(found, this.#report?.stages.matching.state === 'ok');
    }
    const found = this.#vulnerabilities.find(id);
    if (found === null) return null;
    const owner = found.packageRowId === null ? null : this.#packages.find(found.packageRowId);
    return vulnerabilityDetail(found, owner);
  }

  #table(name: TableQuery['table']): Table<PanelPackage> | Table<PanelVulnerability> {
    return name === 'packages' ? this.#packages : this.#vulnerabilities;
  }

  #take(report: AuditReport): void {
    const { packages, vulnerabilities } = panelRows(report);
    this.#report = report;
    this.#packages = new Table(PACKAGES_TABLE, packages);
    this.#vulnerabilities = new Table(vulnerabilitiesTable(report.summary.excepted), vulnerabilities);
    this.#packages.prepare('packages');
    this.#vulnerabilities.prepare('vulnerabilities');
    this.#revision++;
  }

  /** Stages as they are: those of the running audit, else those of the report. */
  #liveStages(): LiveStages {
    if (this.#stages !== null) {
      // The matches come with the report itself; until then nothing is claimed of them.
      const { matching } = this.#stages;
      const ended = matching.state === 'ok';
      return ended
        ? { ...this.#stages, matching: { ...matching, state: 'running', message: 'Writing the report' } }
        : this.#stages;
    }
    const stages = this.#report?.stages;
    const of = (name: StageName): LiveStage => {
      const stage = stages?.[name];
      return stage === undefined ? WAITING : { state: stage.state, message: stage.reason, code: stage.code };
    };
    return {
      resolve: of('resolve'),
      evidence: of('evidence'),
      sbom: of('sbom'),
      database: of('database'),
      matching: of('matching'),
    };
  }

  #packagesTable(): PanelTable {
    const { columns, defaultSort } = PACKAGES_TABLE;
    const syft = this.#report?.tools.find(({ name }) => name.toLowerCase() === 'syft');
    const stage = this.#liveStages().sbom;
    return {
      columns: columns.map(({ column }) => column),
      total: this.#packages.total,
      defaultSort: [...defaultSort],
      source: syft === undefined ? '' : toolLabel(syft),
      empty: stage.state === 'ok' ? 'No components were found.' : notThere('The components were not listed', stage),
    };
  }

  #vulnerabilitiesTable(): PanelTable {
    const { columns, defaultSort } = this.#vulnerabilities.model;
    const report = this.#report;
    const stages = this.#liveStages();
    const cause = stages.database.state === 'failed' ? stages.database : stages.matching;
    const built = report?.database?.built ?? null;
    return {
      columns: columns.map(({ column }) => column),
      total: this.#vulnerabilities.total,
      defaultSort: [...defaultSort],
      source: report === null ? '' : (matchedBy(report) ?? ''),
      empty:
        cause.state === 'ok' && report !== null
          ? `No known vulnerabilities in ${counted(report.packages.length, 'component')}${built === null ? '' : `, by the ${matchedBy({ ...report, tools: [] })}`}.`
          : notThere('Vulnerabilities were not matched', cause),
    };
  }

  #announcement({ stage, state, message }: AuditEvent): string | null {
    if (state !== 'ok') return message;
    if (stage === 'sbom') {
      return this.#outdated ? 'The components are listed.' : `${counted(this.#packages.total, 'component')} found.`;
    }
    return stage === 'matching' ? 'Matching ended.' : null;
  }

  /** Nothing is posted before the page is there to hear it. */
  #post(messages: HostMessage[]): HostMessage[] {
    return this.#ready ? messages : [];
  }
}

function notThere(what: string, { state, message }: LiveStage): string {
  if (state === 'waiting' || state === 'running') return `${what} yet.`;
  return message === null ? `${what}.` : `${what}: ${message}`;
}
