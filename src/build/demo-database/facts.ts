// SPDX-License-Identifier: Apache-2.0
// The advisory facts of the demonstration database: a small set, copied from public sources that each file names.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface AffectedRange {
  /** '' means every version; otherwise Grype's form, for example '>=1.21.0-0,<1.21.3'. */
  readonly constraint: string;
  readonly fixed?: string;
  /** Day on which the fix was published, YYYY-MM-DD. */
  readonly fixedOn?: string;
  /** Where there is no fixed version. */
  readonly state?: 'not-fixed' | 'wont-fix' | 'unknown';
}

export interface Affected {
  readonly ecosystem: 'npm' | 'go-module' | 'python' | 'deb' | 'apk';
  /** The SOURCE package's name for deb and apk. */
  readonly name: string;
  /** For deb and apk. */
  readonly os?: 'debian:12' | 'wolfi:rolling';
  readonly ranges: readonly AffectedRange[];
  /** Go packages and symbols that the advisory is about; Grype drops a match where a binary has none of them. */
  readonly goImports?: readonly { readonly path: string; readonly symbols?: readonly string[] }[];
}

export interface Advisory {
  readonly id: string;
  readonly summary?: string;
  readonly severity?: 'negligible' | 'low' | 'medium' | 'high' | 'critical';
  /** CVSS 3.1 vector. */
  readonly cvss?: string;
  readonly published?: string;
  readonly aliases?: readonly string[];
  readonly affected: readonly Affected[];
}

interface Sourced {
  readonly source: string;
  /** Day up to which the facts are known to hold, YYYY-MM-DD. */
  readonly asOf: string;
  readonly confidence: string;
  readonly licence?: string;
}

export interface AdvisoryFile extends Sourced {
  readonly provider: 'github' | 'govulndb' | 'debian' | 'wolfi';
  /** Web page of an advisory, with {id} for its id. */
  readonly reference: string;
  readonly advisories: readonly Advisory[];
}

/** Known exploited vulnerabilities, as the CISA catalogue lists them. */
export interface KevFile extends Sourced {
  readonly entries: readonly {
    readonly cve: string;
    readonly vendor: string;
    readonly product: string;
    readonly dateAdded: string;
    readonly dueDate: string;
    readonly requiredAction: string;
    readonly ransomware: string;
    readonly notes: string;
    readonly urls: readonly string[];
    readonly cwes: readonly string[];
  }[];
}

export interface AdvisoryFacts {
  readonly files: readonly AdvisoryFile[];
  readonly kev: KevFile;
}

/** Folder of the advisory files, for a key of what was built from them. */
export const advisoriesFolder = join(dirname(fileURLToPath(import.meta.url)), 'advisories');

/** Reads the facts that are kept beside this file. */
export function readAdvisoryFacts(): AdvisoryFacts {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(advisoriesFolder, `${name}.json`), 'utf8'));
  return {
    files: ['debian', 'github', 'go', 'wolfi'].map((name) => read(name) as AdvisoryFile),
    kev: read('kev') as KevFile,
  };
}
