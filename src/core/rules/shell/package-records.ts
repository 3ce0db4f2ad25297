// SPDX-License-Identifier: Apache-2.0
import { globMatches } from '../../policy/glob.ts';

/** Where a package manager keeps its list of packages. */
interface Records {
  readonly what: string;
  readonly folder: string;
  /** Files below it without which nothing is listed; caches, locks and scripts beside them are none. NAME is that of any package. */
  readonly files: readonly string[];
}

const DPKG = 'the database of dpkg packages';
const APK = 'the database of apk packages';
const RPM = 'the database of rpm packages';
const RPM_FILES = ['rpmdb.sqlite', 'Packages', 'Packages.db'];
const RECORDS: readonly Records[] = [
  { what: DPKG, folder: '/var/lib/dpkg', files: ['status', 'status.d/NAME', 'info/NAME.list'] },
  { what: APK, folder: '/lib/apk', files: ['db/installed'] },
  { what: APK, folder: '/usr/lib/apk', files: ['db/installed'] },
  { what: RPM, folder: '/var/lib/rpm', files: RPM_FILES },
  { what: RPM, folder: '/usr/lib/sysimage/rpm', files: RPM_FILES },
  { what: RPM, folder: '/usr/share/rpm', files: RPM_FILES },
  { what: 'the database of pacman packages', folder: '/var/lib/pacman', files: ['local/NAME/desc'] },
];
/** Of /var/lib nobody can tell whose database it is. */
const ALL = 'the database of packages';
const PYTHON = /\/(?:site|dist)-packages\/[^/]*\.(?:dist|egg)-info(?:\/\*?)?$/;
const PYTHON_NAMES = ['NAME.dist-info', 'NAME.egg-info'];
const SBOM =
  /^\/var\/lib\/db\/sbom(?:\/|$)|^\/.*(?:\.(?:spdx|cdx|syft)\.json|\.spdx|(?:^|[/._-])sbom[^/]*\.(?:json|xml))$/;

/** What of it is lost. */
export interface LostRecords {
  readonly kind: 'packages' | 'sbom';
  readonly what: string;
}

const parts = (path: string): readonly string[] => path.split('/').filter((part) => part !== '');
/** The records with their paths taken apart. */
const PLACES = RECORDS.map(({ what, folder, files }) => ({
  what,
  own: parts(folder).length,
  data: folder.startsWith('/var/'),
  files: files.map((file) => parts(`${folder}/${file}`)),
}));

/** True where a path, patterns and all, names a file or a folder that it is in. */
function reaches(path: readonly string[], file: readonly string[]): boolean {
  return path.length <= file.length && path.every((part, i) => globMatches(part, file[i] ?? ''));
}

/** What is lost with the whole of an absolute path, patterns of the shell in it; null where it is no record. */
export function recordsAt(path: string): LostRecords | null {
  const given = parts(path);
  const depth = given.at(-1) === '*' ? given.length - 1 : given.length;
  for (const { what, own, data, files } of PLACES) {
    // Data stand below /var; who empties /usr or /lib means more than its lists.
    if (depth < (data ? 1 : own)) continue;
    if (!files.some((file) => reaches(given, file))) continue;
    return { kind: 'packages', what: depth < own ? ALL : what };
  }
  if (PYTHON.test(path)) return { kind: 'packages', what: 'the names and versions of Python packages' };
  return SBOM.test(path) ? { kind: 'sbom', what: 'an SBOM of the image' } : null;
}

/** What is lost where everything below a folder goes whose name fits a pattern. */
export function recordsBelow(folder: string, pattern: string): LostRecords | null {
  const start = parts(folder);
  for (const { what, files } of PLACES) {
    const hit = files.some(
      (file) => reaches(start, file) && file.slice(start.length).some((name) => globMatches(pattern, name)),
    );
    if (hit) return { kind: 'packages', what };
  }
  if (!PYTHON_NAMES.some((name) => globMatches(pattern, name))) return null;
  return { kind: 'packages', what: 'the names and versions of Python packages' };
}
