// SPDX-License-Identifier: Apache-2.0
import type { Auditor, Clock, Log } from '../core/ports.ts';

/** Absolute paths that a person configured; null looks on PATH. Relative paths are refused. */
export interface AuditorPrograms {
  readonly syft: string | null;
  readonly grype: string | null;
  readonly docker: string | null;
  readonly podman: string | null;
  readonly nerdctl: string | null;
}

export interface AuditorOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly clock: Clock;
  /** Where reports are kept; null takes $WAYBILL_DATA, else the platform's folder for a person's data. */
  readonly dataFolder: string | null;
  readonly programs: AuditorPrograms;
}

/** The audit half: Syft, Grype, engines, registries and the store behind one port. */
export function createAuditor(options: AuditorOptions): Auditor {
  throw new Error(`not wired yet for ${options.dataFolder ?? 'the default folder'}`);
}
