// SPDX-License-Identifier: Apache-2.0
// Settings on evidence as what an audit asks for. All of them belong to the machine: a workspace names no host, no file
// and no root. Settings are written by hand, so nothing is taken for granted, not even their types.
import { isAbsolute } from 'node:path';
import { SETTINGS } from '../core/contributions/settings.ts';
import { parseImageReference } from '../core/model/image-reference.ts';
import type { Problem } from '../core/model/problem.ts';
import { globMatches } from '../core/policy/glob.ts';
import type { Policy } from '../core/policy/model.ts';
import type { EvidenceWish, ImageSource, TrustMirror } from '../core/ports.ts';
import { isHost, isMirror } from '../node/evidence/wish.ts';

type Environment = Readonly<Record<string, string | undefined>>;
/** The value of a setting by its whole name, of any type. */
export type ReadSetting = (name: string) => unknown;

const unusable = (name: string, why: string, todo: string): Problem => ({
  code: 'bad-input',
  what: `The setting ${name} cannot be used`,
  why,
  todo,
});

/** What the settings ask of the evidence stage about one image. What says whom to believe has to be right, or nothing is. */
export function evidenceWish(
  setting: ReadSetting,
  env: Environment,
  source: ImageSource,
  policy: Policy | null,
): EvidenceWish {
  let problem: Problem | null = null;
  const refuse = (name: string, why: string, todo: string): null => {
    problem ??= unusable(name, why, todo);
    return null;
  };
  const text = (name: string): string | null => {
    const value = setting(name) ?? '';
    if (typeof value !== 'string') return refuse(name, 'it is no text', 'Write it in quotation marks, or remove it.');
    return value.trim() === '' ? null : value.trim();
  };
  const path = (name: string): string | null => {
    const value = text(name);
    if (value === null || isAbsolute(value)) return value;
    return refuse(name, `${JSON.stringify(value)} is not absolute`, 'Give the whole path of the file.');
  };
  const mirror = (): TrustMirror | null => {
    const [address, rootPath] = [text(SETTINGS.tufMirror), path(SETTINGS.tufRoot)];
    if (problem !== null || (address === null && rootPath === null)) return null;
    const whom = 'only a first root says whom to believe there';
    if (address === null)
      return refuse(SETTINGS.tufRoot, `${whom}, and no mirror is named`, `Set ${SETTINGS.tufMirror}.`);
    if (rootPath === null) return refuse(SETTINGS.tufMirror, whom, `Set ${SETTINGS.tufRoot}, too.`);
    if (!isMirror(address))
      return refuse(SETTINGS.tufMirror, `${JSON.stringify(address)} is no https address`, 'Correct the address.');
    return { mirror: address, rootPath };
  };
  const trustedRoot = path(SETTINGS.trustedRoot);
  const tuf = mirror();
  const githubRoot = path(SETTINGS.githubTufRoot);
  const localImages = setting(SETTINGS.localImages) === true;
  const cosignRepository = text(SETTINGS.cosignRepository) ?? (env['COSIGN_REPOSITORY'] || null);
  return {
    policy,
    trustedRoot,
    tuf,
    githubRoot,
    fetchRoots: setting(SETTINGS.updateTrustedRoot) === true,
    localImages,
    cosignRepository,
    githubRepository: setting(SETTINGS.githubAttestations) === true ? githubRepository(setting, source) : null,
    problem,
  };
}

/**
 * The repository on GitHub whose attestations are asked for: that of the first pattern that fits, else the one that an
 * image of GitHub's own registry is named like. What is no `OWNER/NAME` is passed on: the place says so.
 */
function githubRepository(setting: ReadSetting, { target }: ImageSource): string | null {
  const parsed = parseImageReference(target);
  if (!parsed.ok) return null;
  const { registry, repository } = parsed.value;
  const named = setting(SETTINGS.githubRepositories);
  for (const [pattern, value] of Object.entries(typeof named === 'object' && named !== null ? named : {}))
    if (globMatches(pattern, `${registry}/${repository}`)) return String(value);
  const [owner, name] = repository.split('/');
  return registry === 'ghcr.io' && owner !== undefined && name !== undefined ? `${owner}/${name}` : null;
}

export interface InsecureHosts {
  readonly hosts: readonly string[];
  /** Entries that are left out, so that they are spoken to with TLS as any. */
  readonly problems: readonly Problem[];
}

/** Hosts that are spoken to in plain HTTP because a person named them. */
export function insecureHosts(setting: ReadSetting): InsecureHosts {
  const name = SETTINGS.insecureRegistries;
  const value = setting(name) ?? [];
  if (!Array.isArray(value)) return { hosts: [], problems: [unusable(name, 'it is no list', 'Write ["HOST:PORT"].')] };
  const written: readonly unknown[] = value;
  const hosts = written.filter((each): each is string => typeof each === 'string' && isHost(each));
  const others = written.filter((each) => !hosts.some((host) => host === each));
  return {
    hosts: hosts.map((host) => host.toLowerCase()),
    problems: others.map((each) =>
      unusable(name, `${JSON.stringify(each)} is no HOST or HOST:PORT`, 'Correct it; the other entries hold.'),
    ),
  };
}
