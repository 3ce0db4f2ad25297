// SPDX-License-Identifier: Apache-2.0
// Small changes by the thousand to what has to be accepted: none is accepted but those that change nothing that counts, and
// each of those is listed with its reason.
import assert from 'node:assert/strict';
import { createVerifier } from '../../../src/node/trust/judge.ts';
import { readTrustedRoot } from '../../../src/node/trust/root.ts';
import type { Verifier } from '../../../src/core/attestations/model.ts';
import type { Authority } from '../../testbed/sigstore/authority.ts';
import { acceptedRecipes } from '../../support/verification/accepted.ts';
import { createWorld, make } from '../../support/verification/fixtures.ts';
import { mutantsOf } from '../../support/verification/mutants.ts';
import { judge } from '../../support/verification/run.ts';

/** Of all changes, some 25,000, one in so many is tried; with 1 all of them, which takes minutes. */
const SHARE = 17;

/** What may be changed, by fixture, place and change. */
const HARMLESS: readonly (readonly [RegExp, string])[] = [
  [/ \| (?:a blank|indented|has a blank (?:before|behind)|has a line break behind)$/, 'blanks around JSON and PEM'],
  [/ \| base64: (?:no padding|(?:half )?for addresses)$/, 'the same bytes in the other alphabet, or without padding'],
  [/(?:logIndex|treeSize|integratedTime|algorithm) \| is (?:a number|1|0|null|taken away)$/, 'a number for its text'],
  [/ (?:annotations)?\.? \| (?:that of another|has a member that nobody knows)$/, 'signed by the same, about the same'],
  [
    /^(?:key, no timestamp|envelope, key|layer, key|key, RSA, a message) .* \| that of another$/,
    'the same key over the same bytes',
  ],
  [/\.publicKey(?:\.hint)? \|/, 'a hint where to look for the key, which the user named'],
  [
    /^(?:key|key, RSA, a message|key, no timestamp) \.verificationMaterial\.tlogEntries \|/,
    'no log, and none asked for',
  ],
  [
    /^(?!rekor2|stamp).* \.verificationMaterial\.timestampVerificationData(?:\.rfc3161Timestamps(?:\.#)?)? \| is (?:null|\{\}|\[\]|taken away)$/,
    'a time is taken away beside that of the log, or where none is asked for',
  ],
  [/^rekor1, 0\.1 .*\.inclusionProof \| is (?:null|taken away)$/, 'the proof is taken away beside the promise'],
  [/^rekor1, 0\.1 .*\.certificates \| holds its first twice$/, 'certificates of a chain behind the first are not read'],
  [/^rekor1.*\.inclusionPromise \| is (?:null|taken away)$/, 'the promise is taken away beside proof and timestamp'],
  [/(?:signedTimestamp|SignedRFC3161Timestamp) \| (?:bytes|pieces: 0\.1\.1\.0\.3)/, 'certificates beside a timestamp'],
  [/layer.* (?:annotations\.)?dev\.sigstore\.cosign\/chain/, 'a chain that is not read'],
  [/layer.* annotations\.dev\.sigstore\.cosign\/rfc3161timestamp \|/, 'a time is taken away beside that of the log'],
  [/layer.* annotations\.\S+ \| is spelled otherwise, too/, 'an annotation of another name'],
  [
    /^attestation layer.* annotations\.dev\.cosignproject\.cosign\/signature/,
    'an empty annotation: the envelope holds it',
  ],
  [
    /^(?:envelope, key|attestation layer) .* \| (?:has a member that nobody knows|is spelled otherwise, too.*)$/,
    'DSSE',
  ],
  [/^(?:envelope, key|attestation layer|layer) .*keyid/, 'a name of the key'],
];

const FIXTURES = [
  ...['key', 'key, no timestamp', 'rekor1', 'rekor2', 'layer', 'stamp', 'attestation layer', 'rekor1, a message'],
  ...['rekor1, 0.1', 'envelope, key', 'layer, key', 'key, RSA, a message'],
];

describe('mutants of what has to be accepted', function () {
  this.timeout(60_000);
  const world = createWorld(new Date(Math.floor(Date.now() / 1000) * 1000));
  const verifierOf = ({ trustedRoot }: Authority): Verifier => {
    const bytes = Buffer.from(JSON.stringify(trustedRoot));
    const answer = async () => readTrustedRoot(bytes, { source: 'test', asOf: null });
    return createVerifier({ publicGood: answer, github: answer });
  };
  const verifiers = {
    authority: verifierOf(world.authority),
    stranger: verifierOf(world.stranger),
    github: verifierOf(world.github),
  };
  const recipes = acceptedRecipes(world);
  let tried = 0;
  let alike = 0;

  for (const [index, name] of FIXTURES.entries()) {
    it(`${name}: none is accepted that changes what counts, none comes unforeseen`, async () => {
      const recipe = recipes[name];
      assert.ok(recipe);
      const request = make(world, recipe);
      const mutants = mutantsOf(request.item, make(world, recipe).item, { every: 16, from: index });
      const wrong: string[] = [];
      for (let at = index % SHARE; at < mutants.length; at += SHARE) {
        const mutant = mutants[at];
        if (mutant === undefined) continue;
        const { verdict, code, reason } = await judge(
          {
            ...{ name, kind: null, base: name, root: '', verdict: 'verified', code: 'ok' },
            request: { ...request, item: mutant.item },
          },
          verifiers[recipe.signer],
        );
        tried++;
        const what = `${name} ${mutant.place} | ${mutant.change}`;
        if (code === 'internal') wrong.push(`${what}: ${reason}`);
        if (verdict !== 'verified') continue;
        alike++;
        if (!HARMLESS.some(([pattern]) => pattern.test(what))) wrong.push(`${what}: accepted`);
      }
      assert.deepEqual(wrong, []);
    });
  }

  it('were tried by the thousand, and most were refused', () => {
    assert.ok(tried > 1000, `${tried}`);
    assert.ok(alike < tried / 5, `${alike} of ${tried}`);
  });
});
