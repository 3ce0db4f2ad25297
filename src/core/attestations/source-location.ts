// SPDX-License-Identifier: Apache-2.0

/** Where source code is, in one form however a builder writes it. */
export interface SourceLocation {
  /** `https://github.com/owner/name`, without `.git`, user and fragment; as written where the form is not known. */
  readonly repository: string;
  /** `refs/tags/v1`, `main`; null where none is named. */
  readonly ref: string | null;
  /** Commit that the address itself names, null where it names none. */
  readonly commit: string | null;
}

const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** True for a whole Git commit id. */
export function isCommit(text: string): boolean {
  return COMMIT.test(text);
}

/**
 * Read the address of a Git repository: SPDX download locations (`git+https://…@ref`), BuildKit's (`https://….git#ref:dir`),
 * SSH forms. Null where it is none of these, such as a purl, a registry or a path.
 */
export function readSource(uri: string): SourceLocation | null {
  let rest = uri.replace(/^git\+/, '');
  const scp = /^(?:[\w.-]+@)([\w.-]+):(?!\/)(.+)$/.exec(rest);
  if (scp !== null) rest = `https://${scp[1]}/${scp[2]}`;
  const parts = /^(https?|ssh|git):\/\/(?:[^/@]*@)?([^/?#]+)(\/[^?#]*)?(?:\?[^#]*)?(?:#(.*))?$/i.exec(rest);
  if (parts === null) return null;
  const [, , host = '', path = '', fragment = ''] = parts;
  const atSign = path.indexOf('@');
  const named = atSign >= 0 ? path.slice(atSign + 1) : (fragment.split(':', 1)[0] ?? '');
  const name = (atSign >= 0 ? path.slice(0, atSign) : path).replace(/\/+$/, '').replace(/\.git$/, '');
  if (name === '') return null;
  const commit = isCommit(named) ? named : null;
  return {
    repository: `https://${host.toLowerCase()}${name}`,
    ref: commit !== null || named === '' ? null : named,
    commit,
  };
}

/** The form in which two repositories are compared; owners and names on github.com have no case. */
export function repositoryKey(repository: string): string {
  const normal = readSource(repository)?.repository ?? repository;
  return /^https:\/\/github\.com\//i.test(normal) ? normal.toLowerCase() : normal;
}

/** `owner/name` of a repository on github.com, null elsewhere. */
export function githubName(repository: string): string | null {
  return /^https:\/\/github\.com\/([\w.-]+\/[\w.-]+)$/.exec(readSource(repository)?.repository ?? '')?.[1] ?? null;
}

/** What the identity of a workflow says: `https://HOST/OWNER/REPO/.github/workflows/FILE@REF`. */
export interface WorkflowIdentity {
  readonly repository: string;
  readonly path: string;
  readonly ref: string;
}

export function readWorkflowIdentity(identity: string): WorkflowIdentity | null {
  const found = /^(https:\/\/[^/\s]+\/[^/\s]+\/[^/\s]+)\/(\.github\/workflows\/[^@\s]+)@(\S+)$/.exec(identity);
  return found === null ? null : { repository: found[1] ?? '', path: found[2] ?? '', ref: found[3] ?? '' };
}

/** True for a tag `vX.Y.Z` without a prerelease, which by custom does not move. */
export function isReleaseTag(ref: string): boolean {
  return /^refs\/tags\/v\d+\.\d+\.\d+$/.test(ref);
}
