// SPDX-License-Identifier: Apache-2.0
import type { Problem } from '../model/problem.ts';
import type { Result } from '../model/result.ts';
import type { Cancel } from '../ports.ts';
import type { ApkoProblem } from './problems.ts';
import type { ResolvedPackage } from './resolved.ts';

/** A configuration that lies on the disk as `text`. */
export interface ApkoConfig {
  /** Absolute. */
  readonly path: string;
  /** Folder of the workspace that it is in, absolute. */
  readonly root: string;
  readonly text: string;
}

/** Why apko did not do it, and what it said of places in the configuration. */
export interface ApkoFailure {
  readonly problem: Problem;
  readonly places: readonly ApkoProblem[];
}

export type ApkoOutcome<T> = Result<{ readonly value: T; readonly places: readonly ApkoProblem[] }, ApkoFailure>;

export interface ApkoRun {
  readonly cancel: Cancel;
  /** What apko does right now, in its own words. */
  readonly onProgress: (message: string) => void;
}

export interface ApkoTool {
  resolve(config: ApkoConfig, run: ApkoRun): Promise<ApkoOutcome<readonly ResolvedPackage[]>>;
  /** Writes the lock file beside the configuration, whole or not at all; answers its path. */
  lock(config: ApkoConfig, run: ApkoRun): Promise<ApkoOutcome<string>>;
  /** Builds into a private folder, hands the OCI layout to `use`, and removes the folder when that is done. */
  build(config: ApkoConfig, run: ApkoRun, use: (layout: string) => Promise<void>): Promise<ApkoOutcome<null>>;
}
