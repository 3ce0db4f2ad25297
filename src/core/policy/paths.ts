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

/** True for a path that starts at the root of a disk. */
export function isAbsolutePath(path: string): boolean {
  return /^(?:\/|[A-Za-z]:\/)/.test(path);
}

/** `path` as seen from `folder`, for patterns that are relative to the policy file. Null where it stands elsewhere. */
export function relativeTo(folder: string, path: string): string | null {
  if (folder === '') return path.startsWith('/') || path.startsWith('../') ? null : path;
  const prefix = folder === '/' ? '/' : `${folder}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : null;
}
