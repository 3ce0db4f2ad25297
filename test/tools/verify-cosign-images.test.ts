// SPDX-License-Identifier: Apache-2.0
// Real `cosign verify` and `cosign verify-attestation` on images in a registry, and Waybill on the same layers and bundles.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Judgement } from '../../src/core/attestations/model.ts';
import * as source from '../../src/node/verify-entry.ts';
import { IDENTITY, ISSUER } from '../testbed/sigstore/authority.ts';
import { acceptedRecipes } from '../support/verification/accepted.ts';
import { edited, identity, saying, signing, text } from '../support/verification/changes.ts';
import { createWorld, flip, logEntry, make, part, type Recipe, type World } from '../support/verification/fixtures.ts';
import type { CaseRequest, VerificationCase } from '../support/verification/model.ts';
import { pushEvidence, typeOf } from '../support/verification/push.ts';
import { judge } from '../support/verification/run.ts';
import { startRegistry, type Registry } from '../testbed/registry.ts';
import { pushTinyImage } from '../testbed/signing.ts';
import { quietToolEnv, toolPath } from '../testbed/tools.ts';

/** What is put beside an image, and with which command Cosign looks at it. */
const FORMS: readonly (readonly [string, 'verify' | 'verify-attestation'])[] = [
  ['layer', 'verify'],
  ['layer, key', 'verify'],
  ['attestation layer', 'verify-attestation'],
  ['rekor1', 'verify-attestation'],
  ['rekor1, signature of Cosign 3', 'verify'],
  ['rekor2', 'verify-attestation'],
  ['key', 'verify-attestation'],
];

type Change = (recipe: Recipe, world: World) => Recipe;

const CHANGES: Readonly<Record<string, Change>> = {
  'as it is': (recipe) => recipe,
  'about another image': (recipe) =>
    saying(
      recipe,
      { subject: [{ digest: { sha256: 'b'.repeat(64) } }], ...typeOf(recipe) },
      { image: { 'docker-manifest-digest': `sha256:${'b'.repeat(64)}` } },
    ),
  'the identity goes on': (recipe) => (isKey(recipe) ? recipe : identity(recipe, IDENTITY.slice(0, -2))),
  'a pattern for the identity': (recipe) => (isKey(recipe) ? recipe : identity(recipe, IDENTITY.replace(/@.*/, '@.*'))),
  'another issuer': (recipe) => (isKey(recipe) ? recipe : identity(recipe, IDENTITY, `${ISSUER}/`)),
  'signed by a stranger': (recipe, world) =>
    isKey(recipe) ? signing(recipe, { key: world.otherKey }) : { ...recipe, signer: 'stranger' },
  'without a log entry': (recipe) =>
    isKey(recipe) ? { ...recipe, request: { ...recipe.request, allowNoLog: false } } : signing(recipe, { log: null }),
  'the certificate had ended': (recipe, { now }) =>
    isKey(recipe)
      ? recipe
      : signing(recipe, { leaf: { from: new Date(now.getTime() - 600_000), until: new Date(now.getTime() - 60_000) } }),
  'the payload is changed': (recipe) =>
    recipe.form === 'bundle'
      ? edited(recipe, (bundle) => {
          const envelope = part(bundle, 'dsseEnvelope');
          envelope['payload'] = Buffer.from(
            Buffer.from(String(envelope['payload']), 'base64')
              .toString('utf8')
              .replace('statement', 'Statement')
              .replace('slsa', 'SLSA')
              .replace('sigstore.dev', 'sigstore.DEV'),
          ).toString('base64');
        })
      : recipe.form === 'layer'
        ? text(recipe, (said) => said.replace('registry.test', 'registry.TEST'))
        : edited(recipe, (bundle) => {
            const [holder] = part(bundle, 'dsseEnvelope')['signatures'] as [{ sig: string }];
            holder.sig = flip(holder.sig);
          }),
  'the log entry is changed': (recipe) =>
    recipe.options.log === null
      ? recipe
      : edited(recipe, (bundle) => {
          const entry = logEntry(bundle);
          if (entry['inclusionPromise'] !== undefined)
            part(entry, 'inclusionPromise')['signedEntryTimestamp'] = flip(
              part(entry, 'inclusionPromise')['signedEntryTimestamp'],
            );
          else
            part(entry, 'inclusionProof')['hashes'] = [flip((part(entry, 'inclusionProof')['hashes'] as string[])[0])];
        }),
};

const isKey = ({ options }: Recipe): boolean => options.key !== undefined;
describe('cosign verify and Waybill on the same images', function () {
  this.timeout(120_000);
  let folder: string;
  let registry: Registry;
  let world: World;
  let cosign: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-images-'));
    registry = await startRegistry();
    world = createWorld(new Date());
    cosign = await toolPath('cosign');
    writeFileSync(join(folder, 'root.json'), JSON.stringify(world.authority.trustedRoot));
  });
  after(async () => {
    await registry.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function cosignAccepts(
    reference: string,
    command: string,
    { expected, allowNoLog }: CaseRequest,
    stamped: boolean,
  ): Promise<boolean> {
    if (expected.kind === 'key') writeFileSync(join(folder, 'key.pub'), expected.pem);
    const args = [
      ...[command, '--trusted-root', join(folder, 'root.json'), '--allow-http-registry'],
      ...(expected.kind === 'key' ? ['--key', join(folder, 'key.pub')] : []),
      ...(expected.kind === 'identity'
        ? [`--certificate-identity=${expected.identity}`, `--certificate-oidc-issuer=${expected.issuer}`]
        : []),
      ...(allowNoLog ? ['--insecure-ignore-tlog'] : []),
      ...(stamped ? ['--use-signed-timestamps'] : []),
      ...(command === 'verify-attestation' ? ['--type', 'https://slsa.dev/provenance/v1'] : []),
    ];
    const { exitCode } = await execa(cosign, [...args, reference], {
      reject: false,
      env: { ...quietToolEnv, HOME: folder },
    });
    return exitCode === 0;
  }

  for (const [base, command] of FORMS) {
    it(`${base}, by cosign ${command}: the same answers`, async () => {
      const recipe = acceptedRecipes(world)[base];
      assert.ok(recipe);
      const said: string[] = [];
      const expected: string[] = [];
      const roots = source.createRoots({
        ...{ file: join(folder, 'root.json'), tuf: null, offline: true, github: null, folder, now: 0 },
        log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
      });
      const verifier = source.createVerifier(roots);
      for (const [what, change] of Object.entries(CHANGES)) {
        const name = `case/${base.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}/${what.replaceAll(' ', '-')}`;
        const repository = { host: registry.host, name };
        const { digest } = await pushTinyImage(repository, 'v1', ['amd64'], name);
        const about = saying(
          recipe,
          { subject: [{ digest: { sha256: digest.slice(7) } }], ...typeOf(recipe) },
          { image: { 'docker-manifest-digest': digest } },
        );
        const changed = change(about, world);
        if (what !== 'as it is' && changed === about) continue;
        const request = { ...make(world, changed), subjects: [digest] };
        await pushEvidence(repository, digest, request);
        const ours: Judgement = await judge(
          { name, kind: what, base, request, root: '', verdict: 'verified', code: '' } satisfies VerificationCase,
          verifier,
        );
        const theirs = await cosignAccepts(`${registry.host}/${name}@${digest}`, command, request, base === 'rekor2');
        said.push(`${what}: ${ours.verdict === 'verified' ? 'accepted' : 'refused'}`);
        expected.push(`${what}: ${theirs ? 'accepted' : 'refused'}`);
        assert.equal(ours.verdict === 'verified', what === 'as it is', `${what}: ${ours.code} ${ours.reason}`);
      }
      assert.deepEqual(said, expected);
      assert.ok(said.length >= 4);
    });
  }
});
