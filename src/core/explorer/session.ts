// SPDX-License-Identifier: Apache-2.0
import type { AuditReport } from '../evidence/report.ts';
import { STAGE_NAMES, type StageName } from '../model/stage.ts';
import type { AuditEvent, AuditRequest } from '../ports.ts';

export type StageEvents = Readonly<Record<StageName, AuditEvent>>;

/** One audit of this window: running, or ended and not yet replaced by its stored report. */
export interface AuditSession {
  readonly id: number;
  readonly request: AuditRequest;
  /** Key of the stored report that this audit renews, null for an image that was not audited before. */
  readonly renews: string | null;
  readonly stages: StageEvents;
  /** Null while it runs. */
  readonly report: AuditReport | null;
  /** Key under which the report was stored, null while it runs and where nothing was stored. */
  readonly key: string | null;
}

export function waitingStages(): StageEvents {
  const waiting = (stage: StageName): AuditEvent => ({ stage, state: 'waiting', message: null, code: null });
  return {
    resolve: waiting('resolve'),
    evidence: waiting('evidence'),
    sbom: waiting('sbom'),
    database: waiting('database'),
    matching: waiting('matching'),
  };
}

/** What a running audit does right now, in its own words. */
export function currentWork(stages: StageEvents): string {
  const running = STAGE_NAMES.map((name) => stages[name]).findLast(({ state }) => state === 'running');
  return running?.message ?? 'Waiting';
}

/** The first stage that stopped an audit, null where all went well. */
export function firstFailure(report: AuditReport): { readonly reason: string; readonly code: string | null } | null {
  for (const name of STAGE_NAMES) {
    // An image is scanned whether or not its registry tells who signed it.
    if (name === 'evidence') continue;
    const { state, reason, code } = report.stages[name];
    if (state === 'failed' || state === 'cancelled') return { reason: reason ?? 'It failed.', code };
  }
  return null;
}
