// SPDX-License-Identifier: Apache-2.0
// Settings as what an audit asks for: off is off, what says whom to believe is right or nothing is done, and hosts are
// those that were named.
import assert from 'node:assert/strict';
import { SETTINGS } from '../../../src/core/contributions/settings.ts';
import { askingFor } from '../../../src/core/evidence/wish.ts';
import { problemText } from '../../../src/core/model/problem.ts';
import { NO_POLICY } from '../../../src/core/policy/model.ts';
import type { EvidenceWish, ImageSource } from '../../../src/core/ports.ts';
import { evidenceWish, insecureHosts } from '../../../src/desktop/evidence-settings.ts';

type Values = Readonly<Record<string, unknown>>;

const IMAGE: ImageSource = { scheme: 'registry', target: 'ghcr.io/northwind/payments-api:4.7.1' };
const wish = (values: Values, source = IMAGE, env: Readonly<Record<string, string>> = {}): EvidenceWish =>
  evidenceWish((name) => values[name], env, source, null);
const plain = (values: unknown) => insecureHosts((name) => (name === SETTINGS.insecureRegistries ? values : undefined));

const NOTHING: EvidenceWish = {
  policy: null,
  trustedRoot: null,
  tuf: null,
  githubRoot: null,
  fetchRoots: false,
  localImages: false,
  cosignRepository: null,
  githubRepository: null,
  problem: null,
};

describe('settings on evidence', () => {
  it('ask for nothing where nothing is set, or all is empty', () => {
    assert.deepEqual(wish({}), NOTHING);
    const empty = Object.fromEntries(Object.values(SETTINGS).map((name) => [name, ' ']));
    assert.deepEqual(wish({ ...empty, [SETTINGS.githubRepositories]: {}, [SETTINGS.insecureRegistries]: [] }), NOTHING);
    assert.deepEqual(plain(undefined), { hosts: [], problems: [] });
  });

  it('turn on only what is true, not what is merely there', () => {
    for (const value of ['true', 1, {}, [], 'on']) {
      const odd = {
        [SETTINGS.updateTrustedRoot]: value,
        [SETTINGS.localImages]: value,
        [SETTINGS.githubAttestations]: value,
      };
      assert.deepEqual(wish(odd), NOTHING, JSON.stringify(value));
    }
  });

  it('become what the stage is asked for, with the policy', () => {
    const set: Values = {
      [SETTINGS.trustedRoot]: ' /etc/waybill/trusted_root.json ',
      [SETTINGS.updateTrustedRoot]: true,
      [SETTINGS.tufMirror]: 'https://tuf.northwind.example/repo',
      [SETTINGS.tufRoot]: '/etc/waybill/root.json',
      [SETTINGS.githubTufRoot]: '/etc/waybill/github-root.json',
      [SETTINGS.githubAttestations]: true,
      [SETTINGS.cosignRepository]: 'registry.northwind.example/signatures',
      [SETTINGS.localImages]: true,
    };
    assert.deepEqual(
      evidenceWish((name) => set[name], { COSIGN_REPOSITORY: 'other.example/a' }, IMAGE, NO_POLICY),
      {
        policy: NO_POLICY,
        trustedRoot: '/etc/waybill/trusted_root.json',
        tuf: { mirror: 'https://tuf.northwind.example/repo', rootPath: '/etc/waybill/root.json' },
        githubRoot: '/etc/waybill/github-root.json',
        fetchRoots: true,
        localImages: true,
        cosignRepository: 'registry.northwind.example/signatures',
        githubRepository: 'northwind/payments-api',
        problem: null,
      },
    );
  });

  it('take the repository of cosign from the environment where none is set', () => {
    assert.equal(wish({}, IMAGE, { COSIGN_REPOSITORY: 'other.example/a' }).cosignRepository, 'other.example/a');
    assert.equal(wish({}, IMAGE, { COSIGN_REPOSITORY: '' }).cosignRepository, null);
  });

  const [root, mirror, first] = [SETTINGS.trustedRoot, SETTINGS.tufMirror, SETTINGS.tufRoot];
  const refused: readonly (readonly [string, Values, RegExp])[] = [
    [
      'a root by a relative path',
      { [root]: 'root.json' },
      /^The setting waybill\.evidence\.trustedRoot cannot be used: "root\.json" is not absolute\. Give the whole path/,
    ],
    [
      'a root below the home folder by its sign',
      { [root]: '~/root.json' },
      /trustedRoot cannot be used: "~\/root\.json" is not absolute/,
    ],
    [
      'a root that is no text',
      { [root]: { path: '/root.json' } },
      /trustedRoot cannot be used: it is no text\. Write it in quotation marks/,
    ],
    [
      "GitHub's first root by a relative path",
      { [SETTINGS.githubTufRoot]: './a' },
      /githubTufRoot cannot be used: "\.\/a" is not absolute/,
    ],
    [
      'a mirror without its first root',
      { [mirror]: 'https://tuf.example' },
      /tufMirror cannot be used: only a first root says whom to believe there\. Set waybill\.evidence\.tufRoot, too\./,
    ],
    [
      'a first root without its mirror',
      { [first]: '/root.json' },
      /tufRoot cannot be used: .*no mirror is named\. Set waybill\.evidence\.tufMirror\./,
    ],
    [
      'a first root by a relative path',
      { [mirror]: 'https://tuf.example', [first]: 'r.json' },
      /tufRoot cannot be used: "r\.json" is not absolute/,
    ],
    ...[
      'http://tuf.example',
      'tuf.example',
      'https://ada:lovelace@tuf.example',
      'file:///srv/tuf',
      'ftp://tuf.example',
    ].map(
      (address) =>
        [
          `the mirror ${address}`,
          { [mirror]: address, [first]: '/r.json' },
          /tufMirror cannot be used: .* is no https address\. Correct the address\./,
        ] as const,
    ),
  ];
  for (const [what, values, why] of refused) {
    it(`refuse ${what}, and say what to do`, () => {
      const { problem, tuf, trustedRoot, githubRoot } = wish(values);
      assert.ok(problem !== null);
      assert.match(problemText(problem), why);
      assert.deepEqual([tuf, trustedRoot, githubRoot], [null, null, null]);
    });
  }

  it('take a mirror on this machine without TLS', () => {
    const { tuf, problem } = wish({ [mirror]: 'http://127.0.0.1:8080/', [first]: '/root.json' });
    assert.deepEqual([tuf, problem], [{ mirror: 'http://127.0.0.1:8080/', rootPath: '/root.json' }, null]);
  });

  const github = (target: string, repositories: unknown = undefined, scheme: ImageSource['scheme'] = 'registry') =>
    wish({ [SETTINGS.githubAttestations]: true, [SETTINGS.githubRepositories]: repositories }, { scheme, target })
      .githubRepository;

  it("ask GitHub of the repository that an image of its registry is named like, and of no other's", () => {
    assert.equal(github('ghcr.io/northwind/payments-api@sha256:' + 'a'.repeat(64)), 'northwind/payments-api');
    assert.equal(github('ghcr.io/northwind/platform/payments-api'), 'northwind/platform');
    for (const other of [
      'ghcr.io/northwind',
      'docker.io/northwind/payments-api',
      'northwind/payments-api',
      'a.ghcr.io/b/c',
    ])
      assert.equal(github(other), null, other);
    assert.equal(wish({ [SETTINGS.githubRepositories]: { '**': 'northwind/platform' } }).githubRepository, null, 'off');
  });

  it('ask GitHub of the repository of the first pattern that fits', () => {
    const repositories = { 'docker.io/northwind/**': 'northwind/platform', '**': 'northwind/everything' };
    assert.equal(github('northwind/payments-api:4.7.1', repositories), 'northwind/platform');
    assert.equal(github('ghcr.io/northwind/payments-api', repositories), 'northwind/everything');
    assert.equal(github('ghcr.io/northwind/payments-api', { 'quay.io/**': 'a/b' }), 'northwind/payments-api');
    assert.equal(github('ghcr.io/northwind/payments-api', { '**': 5 }), '5', 'the place says that it is none');
    for (const odd of [null, 'northwind/platform', ['northwind/platform']])
      assert.equal(github('ghcr.io/northwind/payments-api', odd), 'northwind/payments-api');
  });

  it('give an audit of a local image a network where it is to be looked up in its registry, and no other', () => {
    const offline = (scheme: ImageSource['scheme'], localImages: boolean, asked = true): boolean =>
      askingFor(
        { source: { scheme, target: 'app:1' }, platform: null, offline: asked, allowStaleDatabase: false },
        { ...NOTHING, localImages },
      ).offline;
    for (const engine of ['docker', 'podman'] as const) {
      assert.equal(offline(engine, true), false);
      assert.equal(offline(engine, false), true);
    }
    for (const scheme of ['oci-dir', 'oci-archive', 'docker-archive'] as const)
      assert.equal(offline(scheme, true), true);
    assert.equal(offline('registry', false, false), false);
  });

  it('name hosts one by one, and tell what names none', () => {
    const { hosts, problems } = plain(['Registry.Example:5000', 'registry.internal', 'http://a.example', '*', 7, null]);
    assert.deepEqual(hosts, ['registry.example:5000', 'registry.internal']);
    assert.deepEqual(
      problems.map(problemText),
      ['"http://a.example"', '"*"', '7', 'null'].map(
        (each) =>
          `The setting waybill.registries.insecure cannot be used: ${each} is no HOST or HOST:PORT. Correct it; the other entries hold.`,
      ),
    );
    assert.match(plain('registry.example').problems.map(problemText).join(), /it is no list\. Write \["HOST:PORT"\]\./);
  });
});
