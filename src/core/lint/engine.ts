// SPDX-License-Identifier: Apache-2.0
import type { ReadBeside } from '../apko/validate.ts';
import type { Catalogue } from '../catalogue/lookup.ts';
import type { Language } from '../detect.ts';
import type { DockerfileOptions } from '../dockerfile/model.ts';
import type { Finding } from '../model/finding.ts';
import type { FindingSeverity } from '../model/severity.ts';
import type { Policy } from '../policy/model.ts';
import type { FileNeighbours } from '../rules/define.ts';
import type { Range } from '../text/source-text.ts';
import { lintConfig } from '../config-services.ts';
import { lintDockerfile } from './dockerfile.ts';

export interface LintOptions {
  /** As the policy sees it: `catalogueFor`. */
  readonly catalogue: Catalogue;
  /** Without one nothing is demanded and nothing waived. */
  readonly policy?: Policy;
  /** Path of the file in the form in which the policy knows its own: waivers may name files. */
  readonly path?: string;
  /** ISO date on which the file is judged. */
  readonly today: string;
  /** Severity by slug or id; `off` leaves a rule out. A policy's word counts over it. */
  readonly severities?: Readonly<Record<string, FindingSeverity | 'off'>>;
  readonly dockerfile?: Partial<DockerfileOptions>;
  /** Reads what an apko file includes, by the path that stands in it; without it such a file is not judged. */
  readonly beside?: ReadBeside;
  /** What is known of an apko or melange file beyond its text: its lock file, and what git has of it. */
  readonly neighbours?: FileNeighbours;
}

export interface LintResult {
  /** Set where the builder refuses the file. */
  readonly error: { readonly message: string; readonly range: Range } | null;
  /** By place, then rule; suppressed ones included. */
  readonly findings: readonly Finding[];
}

/** Judge one file. The same engine serves the editor and the CLI; it does no input or output. */
export function lint(text: string, language: Language, options: LintOptions): LintResult {
  return language === 'dockerfile' ? lintDockerfile(text, options) : lintConfig(text, language, options);
}
