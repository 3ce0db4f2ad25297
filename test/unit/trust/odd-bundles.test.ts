// SPDX-License-Identifier: Apache-2.0
// Bundles in which one value is something else: whatever it is, the reason is foreseen, and nothing that counts may be odd.
import assert from 'node:assert/strict';
import { createVerifier } from '../../../src/node/trust/judge.ts';
import { readTrustedRoot } from '../../../src/node/trust/root.ts';
import type { Judgement, Verifier } from '../../../src/core/attestations/model.ts';
import { acceptedRecipes } from '../../support/verification/accepted.ts';
import { createWorld, make, type Json } from '../../support/verification/fixtures.ts';
import type { VerificationCase } from '../../support/verification/model.ts';
import { judge } from '../../support/verification/run.ts';

const ODD: readonly unknown[] = [
  ...[null, '', 0, -1, 1e30, 'x', [], {}, true, 'AAAA', '9'.repeat(40), '\u0000', [[]], { a: 1 }, '-5', '1.5'],
];
/** Leaving these out leaves a bundle that is as good: a proof more than is needed, or what is read nowhere. */
const FREE = /timestampVerificationData|integratedTime|inclusionPromise|publicKey|keyid/;

type Path = readonly (string | number)[];

function places(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((each, index) => [index, each] as const)
    : Object.entries(value);
  return [...(path.length === 0 ? [] : [path]), ...entries.flatMap(([key, each]) => places(each, [...path, key]))];
}

function replaced(bundle: unknown, path: Path, value: unknown): unknown {
  const copy = structuredClone(bundle);
  let here = copy as Json;
  for (const key of path.slice(0, -1)) here = here[key] as Json;
  here[path.at(-1) ?? ''] = value;
  return copy;
}

describe('odd bundles', () => {
  const world = createWorld(new Date());
  const root = readTrustedRoot(Buffer.from(JSON.stringify(world.authority.trustedRoot)), {
    source: 'test',
    asOf: null,
  });
  const answer = async () => root;
  const verifier: Verifier = createVerifier({ publicGood: answer, github: answer });

  for (const name of ['rekor1', 'rekor2', 'key, Rekor v1', 'rekor1, a message', 'rekor1, 0.1']) {
    it(`${name}: every odd value is foreseen, and none that counts is accepted`, async () => {
      const recipe = acceptedRecipes(world)[name];
      assert.ok(recipe);
      const request = make(world, recipe);
      const each: VerificationCase = {
        name,
        kind: null,
        base: name,
        request,
        root: '',
        verdict: 'verified',
        code: 'ok',
      };
      const bundle: unknown = JSON.parse(Buffer.from(request.item.bytes, 'base64').toString('utf8'));
      const judged = (value: unknown): Promise<Judgement> => {
        const bytes = Buffer.from(JSON.stringify(value)).toString('base64');
        return judge({ ...each, request: { ...request, item: { ...request.item, bytes } } }, verifier);
      };
      assert.equal((await judged(bundle)).code, 'ok');
      const wrong: string[] = [];
      let tried = 0;
      for (const [index, path] of places(bundle).entries()) {
        for (let step = 0; step < 5; step++) {
          const value = ODD[(index * 5 + step * 3) % ODD.length];
          const { code, verdict, reason } = await judged(replaced(bundle, path, value));
          tried++;
          const where = path.join('.');
          if (code === 'internal' || (verdict === 'verified' && !FREE.test(where)))
            wrong.push(`${where} = ${JSON.stringify(value)}: ${code} ${reason}`);
        }
      }
      assert.deepEqual(wrong, []);
      assert.ok(tried > 100);
    });
  }
});
