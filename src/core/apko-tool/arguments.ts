// SPDX-License-Identifier: Apache-2.0
// What apko is started with. Paths stand behind `--` or behind a `=`, so that none of them is taken for a flag.
import type { Problem } from '../model/problem.ts';
import { err, ok, type Result } from '../model/result.ts';

/** A configuration as apko sees it, from the folder that it is started in. */
export interface ApkoTarget {
  readonly config: string;
  /** Its folder, for what it includes; '.' where that is the folder apko is started in. */
  readonly folder: string;
  /** True where it names no architecture, for which apko would build for all that it knows. */
  readonly anyArchitecture: boolean;
}

/** Name of an image that is only built to be looked at; no registry has this name. */
const IMAGE_NAME = 'waybill.local/apko';

/** One field of a flag that takes a list as comma-separated values. */
function listField(value: string): string {
  return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function checked(target: ApkoTarget, paths: readonly string[]): Problem | null {
  for (const path of [target.config, target.folder, ...paths]) {
    // oxlint-disable-next-line no-control-regex -- exactly these are refused
    if (path !== '' && !/[\u0000-\u001f\u007f]/.test(path)) continue;
    return {
      code: 'bad-input',
      what: 'apko was not started',
      why: 'a path is empty or has control characters in it',
      todo: 'Rename the file or its folder.',
    };
  }
  return null;
}

function built(
  command: string,
  target: ApkoTarget,
  flags: readonly string[],
  behind: readonly string[],
  paths: readonly string[],
): Result<readonly string[], Problem> {
  const problem = checked(target, paths);
  if (problem !== null) return err(problem);
  const host = target.anyArchitecture ? ['--arch=host'] : [];
  return ok([command, '--log-level=info', ...host, ...flags, '--', target.config, ...behind]);
}

/** `apko show-packages`: one line for each package, with its version and where it comes from. */
export function resolveArguments(target: ApkoTarget): Result<readonly string[], Problem> {
  return built('show-packages', target, ['--format=name-version-source'], [], []);
}

/** `apko lock`, which writes `output`. */
export function lockArguments(target: ApkoTarget, output: string): Result<readonly string[], Problem> {
  const flags = [`--include-paths=${listField(target.folder)}`, `--output=${output}`];
  return built('lock', target, flags, [], [output]);
}

export interface BuildOutput {
  /** Folder of the OCI layout; it has to be there. */
  readonly layout: string;
  readonly sbom: string;
  /** Lock file that the build follows, null without one. */
  readonly lock: string | null;
}

/** `apko build` into an OCI layout. */
export function buildArguments(target: ApkoTarget, output: BuildOutput): Result<readonly string[], Problem> {
  const { layout, sbom, lock } = output;
  const flags = [
    `--include-paths=${listField(target.folder)}`,
    `--sbom-path=${sbom}`,
    ...(lock === null ? [] : [`--lockfile=${lock}`]),
  ];
  // A path that ends in a slash is a layout to apko; without one it would be an archive.
  const place = layout.endsWith('/') ? layout : `${layout}/`;
  return built(
    'build',
    target,
    flags,
    [`${IMAGE_NAME}:latest`, place],
    [layout, sbom, ...(lock === null ? [] : [lock])],
  );
}

/** `nginx` for `images/nginx.apko.yaml`: what an image is called that has no name yet. */
export function imageName(config: string): string {
  const file = config.replaceAll('\\', '/').split('/').at(-1) ?? '';
  const stem = file.replace(/\.ya?ml$/i, '').replace(/\.apko$/i, '');
  const name = stem.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[-.]+/, '');
  return name === '' ? 'image' : name.slice(0, 100);
}
