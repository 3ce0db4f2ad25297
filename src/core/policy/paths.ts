// SPDX-License-Identifier: Apache-2.0

/** Names of a policy file, the usual one first. */
export const POLICY_FILES = ['.waybill.yaml', '.waybill.yml'] as const;

/** The folder of a path with `/`; empty for a bare name. */
export function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at < 0 ? '' : at === 0 ? '/' : path.slice(0, at);
}

/** A path seen from a folder, with `.` and `..` worked out. What leads above the start of a relative path stays `..`. */
export function resolvePath(folder: string, path: string): string {
  const absolute = path.startsWith('/') || (folder.startsWith('/') && !path.startsWith('/'));
  const parts: string[] = [];
  for (const part of [...(path.startsWith('/') ? [] : folder.split('/')), ...path.split('/')]) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !absolute) parts.push(part);
  }
  return `${absolute ? '/' : ''}${parts.join('/')}`;
}

/**
 * Where a policy for a file may stand, nearest first: in its own folder and in each one above, up to and with `root`.
 * Paths have `/`; `file` stands inside `root`.
 */
export function policyCandidates(file: string, root: string): readonly string[] {
  const top = resolvePath('', root);
  const candidates: string[] = [];
  let folder = folderOf(resolvePath('', file));
  const inside = (at: string): boolean => at === top || top === '' || top === '/' || at.startsWith(`${top}/`);
  while (inside(folder)) {
    for (const name of POLICY_FILES) candidates.push(resolvePath(folder, name));
    if (folder === top || folder === '' || folder === '/') break;
    folder = folderOf(folder);
  }
  return candidates;
}

/** `path` as seen from `folder`, for patterns that are relative to the policy file. Null where it stands elsewhere. */
export function relativeTo(folder: string, path: string): string | null {
  if (folder === '') return path.startsWith('/') || path.startsWith('../') ? null : path;
  const prefix = folder === '/' ? '/' : `${folder}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : null;
}
