// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import type { Finding } from '../../../src/core/model/finding.ts';
import { policyFindings } from '../../../src/core/lint/policy-findings.ts';
import { NO_POLICY } from '../../../src/core/policy/model.ts';
import { FipsAnswers } from '../../../src/core/rules/fips-answers.ts';
import { catalogue, lintText, TODAY, underPolicy } from '../../support/linting.ts';

async function found(slug: string, text: string, policy: string, path = 'Dockerfile'): Promise<readonly Finding[]> {
  const { findings } = lintText(text, { ...(await underPolicy(policy)), path });
  return findings.filter((finding) => finding.slug === slug);
}
const severities = async (slug: string, text: string, policy: string): Promise<readonly string[]> =>
  (await found(slug, text, policy)).map(({ severity }) => severity);

const DEBIAN = 'FROM debian:13\nUSER 1000\n';
const BUILDER = 'FROM debian:13 AS build\nFROM scratch\nCOPY --from=build /a /a\nUSER 1000\n';

describe('lint engine under a policy', () => {
  it('is the same without one', () => {
    const text = 'FROM node\nRUN curl http://x | sh\n';
    assert.deepEqual(lintText(text, { policy: NO_POLICY, path: 'Dockerfile' }), lintText(text));
  });

  it('takes severities by name or id, in any case of letters; they count over those of a person', async () => {
    for (const rules of [
      '{base-not-minimal: error}',
      '{WB1001: error}',
      '{wb1001: error}',
      '{Base-Not-Minimal: error}',
    ])
      assert.deepEqual(await severities('base-not-minimal', DEBIAN, `rules: ${rules}\n`), ['error'], rules);
    const options = {
      ...(await underPolicy('rules: {base-not-minimal: off}\n')),
      severities: { WB1001: 'error' },
    } as const;
    assert.ok(lintText(DEBIAN, options).findings.every(({ ruleId }) => ruleId !== 'WB1001'));
    assert.deepEqual(await severities('base-unknown', 'FROM a.example/b:1\nUSER 1\n', 'rules: {WB1010: warning}\n'), [
      'warning',
    ]);
  });

  for (const [slug, kind, own] of [
    ['base-without-validated-module', 'fips', 'info'],
    ['base-not-minimal', 'minimal', 'info'],
  ] as const) {
    it(`${slug}: an error where it is required, a warning where it is preferred, nothing where it is off`, async () => {
      assert.deepEqual(await severities(slug, DEBIAN, ''), [own]);
      assert.deepEqual(await severities(slug, DEBIAN, `${kind}: required\n`), ['error']);
      assert.deepEqual(await severities(slug, DEBIAN, `${kind}: {final: preferred}\n`), ['warning']);
      assert.deepEqual(await severities(slug, DEBIAN, `${kind}: off\n`), []);
      assert.deepEqual(await severities(slug, DEBIAN, `${kind}: {builder: required}\n`), [own]);
    });

    it(`${slug}: builders only where the policy speaks of them, unused stages never`, async () => {
      assert.deepEqual(await severities(slug, BUILDER, `${kind}: required\n`), []);
      assert.deepEqual(await severities(slug, BUILDER, `${kind}: {builder: required}\n`), ['error']);
      assert.deepEqual(await severities(slug, BUILDER, `${kind}: {builder: off}\n`), []);
      assert.deepEqual(
        await severities(slug, `FROM debian:13 AS unused\n${BUILDER}`, `${kind}: {builder: preferred}\n`),
        ['warning'],
      );
    });
  }

  it('facts without a source stay a hint, whatever is required', async () => {
    const text = 'FROM docker.io/curlimages/curl:8.1\nUSER 1000\n';
    assert.deepEqual(await severities('base-without-validated-module', text, 'fips: required\n'), ['hint']);
    assert.deepEqual(
      await severities('base-without-validated-module', 'FROM x.example/a:1\nUSER 1\n', 'fips: required\n'),
      ['hint'],
    );
    assert.deepEqual(
      await severities('base-without-validated-module', 'FROM x.example/a:1\nUSER 1\n', 'fips: preferred\n'),
      [],
    );
  });

  it('a stage that brings a module of its own is not held to its base', async () => {
    const text = 'FROM golang:1.26\nENV GOFIPS140=v1.0.0\nRUN go build -o /a\nUSER 1000\n';
    assert.deepEqual(await severities('base-without-validated-module', text, 'fips: required\n'), []);
  });

  it('names the alternative as the organisation has it', async () => {
    const [plain] = await found('base-not-minimal', DEBIAN, '');
    const named = / such as ([^ ]+)\.$/.exec(plain?.message ?? '')?.[1] ?? assert.fail(plain?.message);
    const mapping = `images:\n  - {from: ${named}, to: registry.example.com/mirror/base}\n`;
    const [mirrored] = await found('base-not-minimal', DEBIAN, mapping);
    assert.match(mirrored?.message ?? '', / such as registry\.example\.com\/mirror\/base\.$/);
  });

  it('a waiver suppresses by rule, file and base; not after its last day', async () => {
    const waived = async (more: string, expires = '2026-11-25', path = 'api/Dockerfile'): Promise<boolean> => {
      const policy = `waivers:\n  - {rule: WB1001, owner: o, reason: r, expires: ${expires}, ${more}}\n`;
      const [finding] = await found(
        'base-not-minimal',
        'ARG B=debian\nFROM ${B}:13 AS x\nFROM x\nUSER 1000\n',
        policy,
        path,
      );
      assert.ok(finding);
      if (finding.suppressed !== null) {
        assert.deepEqual(finding.suppressed, { by: 'waiver', owner: 'o', reason: 'r', expires });
        assert.deepEqual(
          (finding.fixes ?? []).filter(({ title }) => title.startsWith('Ignore ')),
          [],
        );
      }
      return finding.suppressed !== null;
    };
    assert.ok(await waived('scope: {}'));
    assert.ok(await waived('scope: {files: ["api/*"], bases: ["docker.io/library/debian:13"]}'));
    assert.ok(!(await waived('scope: {}', '2026-11-24')));
    assert.ok(!(await waived('scope: {files: ["api/*"]}', '2026-11-25', 'web/Dockerfile')));
    assert.ok(!(await waived('scope: {bases: ["docker.io/library/node:*"]}')));
    assert.ok(!(await waived('scope: {packages: [openssl]}')));
  });

  it('works the FIPS answers out once', () => {
    const facts = parseDockerfile('FROM debian:13 AS a\nFROM a\nFROM debian:13\n');
    const answers = new FipsAnswers(facts, catalogue, TODAY);
    const [first, , last] = facts.stages;
    assert.ok(first?.base.kind === 'image' && last?.base.kind === 'image');
    assert.equal(answers.stage(first), answers.stage(first));
    assert.equal(answers.base(first.base.reference), answers.base(last.base.reference));
  });
});

describe('findings of a policy itself', () => {
  it('name models that the catalogue does not know', async () => {
    const { policy } = await underPolicy('catalogue:\n  - {image: a.example/x, like: no-such-image}\n');
    const [only, ...more] = policyFindings(policy, catalogue.data, TODAY);
    assert.deepEqual(more, []);
    assert.match(only?.message ?? '', /does not know no-such-image/);
    assert.equal(only?.range.start.line, 2);
  });

  it('an ended waiver by the severity that the policy gives it; a mistake is always an error', async () => {
    const { policy } = await underPolicy(
      'rules: {waiver-expired: error, policy-mistake: off}\nwaivers:\n  - {rule: WB1001, owner: o, reason: r, expires: 2026-01-01}\noops: 1\n',
    );
    assert.deepEqual(
      policyFindings(policy, catalogue.data, TODAY).map(({ slug, severity, range }) => [
        slug,
        severity,
        range.start.line,
      ]),
      [
        ['waiver-expired', 'error', 3],
        ['policy-mistake', 'error', 4],
      ],
    );
    const silent = await underPolicy(
      'rules: {WB0002: off}\nwaivers:\n  - {rule: WB1001, owner: o, reason: r, expires: 2026-01-01}\n',
    );
    assert.deepEqual(policyFindings(silent.policy, catalogue.data, TODAY), []);
  });
});
