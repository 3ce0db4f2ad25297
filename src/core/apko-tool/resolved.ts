// SPDX-License-Identifier: Apache-2.0

export interface ResolvedPackage {
  readonly name: string;
  readonly version: string;
  readonly source: string;
}

/** The lines of `apko show-packages --format name-version-source`; what is no such line is left out. */
export function resolvedPackages(stdout: string): readonly ResolvedPackage[] {
  const seen = new Map<string, ResolvedPackage>();
  for (const line of stdout.split(/\r?\n/)) {
    const [name = '', version = '', ...source] = line.trim().split(/\s+/);
    if (name !== '' && version !== '') seen.set(line.trim(), { name, version, source: source.join(' ') });
  }
  return [...seen.values()];
}

/** The packages as a text to read: one a line, in columns. `when` is the time at which they were resolved. */
export function resolvedText(config: string, packages: readonly ResolvedPackage[], when: string): string {
  const width = (of: (each: ResolvedPackage) => string): number =>
    packages.reduce((most, each) => Math.max(most, Math.min(of(each).length, 60)), 0);
  const [name, version] = [width((each) => each.name), width((each) => each.version)];
  const count = `${packages.length} package${packages.length === 1 ? '' : 's'}`;
  return [
    `# ${config}: ${count}, resolved by apko on ${when}.`,
    '# Not pinned: a later build can get others.',
    '',
    ...packages.map((each) => `${each.name.padEnd(name)}  ${each.version.padEnd(version)}  ${each.source}`.trimEnd()),
    '',
  ].join('\n');
}
