// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { loadPolicy } from '../../../src/core/policy/loader.ts';
import { parsePolicy } from '../../../src/core/policy/parse.ts';
import { trustRuleFor } from '../../../src/core/attestations/trust.ts';
import type { ImageSource } from '../../../src/core/ports.ts';

const PEM = '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n';
const PRIVATE = PEM.replaceAll('PUBLIC', 'EC PRIVATE');
const GOOD = `trust:
  - images: ghcr.io/northwind/**
    signers:
      - issuer: https://issuer.example
        identity: https://github.com/northwind/app/.github/workflows/release.yml@refs/tags/v1
`;
const source = (scheme: ImageSource['scheme'], target: string): ImageSource => ({ scheme, target });
const load = (text: string, files: Readonly<Record<string, string>> = {}, path = '.waybill.yaml') =>
  loadPolicy(path, async (each) => files[each] ?? null, text);

describe('trust entries of a policy', () => {
  it('are read whole, with what is left out filled in', async () => {
    const { trust, problems } = await load(GOOD);
    assert.deepEqual(problems, []);
    assert.deepEqual(trust, [
      {
        path: '.waybill.yaml',
        line: 2,
        images: ['ghcr.io/northwind/**'],
        signers: [
          {
            kind: 'identity',
            issuer: 'https://issuer.example',
            identity: 'https://github.com/northwind/app/.github/workflows/release.yml@refs/tags/v1',
            pattern: false,
          },
        ],
        require: ['signature'],
        builders: [],
        minimumLevel: null,
        source: null,
        freshness: null,
        verifiers: [],
      },
    ]);
  });

  it('take every setting', async () => {
    const { trust, problems } = await load(
      `trust:
  - images: [ghcr.io/northwind/**, oci-dir:**]
    signers:
      - issuer: https://issuer.example
        identityPattern: https://github.com/northwind/*/.github/workflows/release.yml@refs/tags/v*
      - key: keys/cosign.pub
        log: optional
        validFrom: 2026-01-01
        validUntil: 2026-12-31
      - key: |
          -----BEGIN PUBLIC KEY-----
          MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
          -----END PUBLIC KEY-----
    require: [signature, provenance, sbom, 'https://docker.com/dhi/fips/v0.1', sbom]
    builders:
      - id: https://github.com/northwind/builders/.github/workflows/image.yml@refs/tags/v2.0.1
        level: 3
      - idPattern: https://ci.northwind.example/**
        level: 2
    minimumLevel: 2
    source:
      repository: https://github.com/northwind/app
      refPattern: refs/tags/v*
      workflow: .github/workflows/release.yml
    freshness: 36 hours
    verifiers: [https://verifier.example/v1]
`,
      { 'keys/cosign.pub': PEM },
    );
    assert.deepEqual(problems, []);
    const [rule] = trust;
    assert.deepEqual(rule?.require, ['signature', 'provenance', 'sbom', 'https://docker.com/dhi/fips/v0.1']);
    assert.equal(rule?.freshness, 36 * 3_600_000);
    assert.deepEqual(
      rule?.signers.map((each) =>
        each.kind === 'key'
          ? [each.name, each.logRequired, each.validFrom, each.validUntil, each.pem.trim() === PEM.trim()]
          : each.pattern,
      ),
      [
        true,
        ['keys/cosign.pub', false, '2026-01-01', '2026-12-31', true],
        ['key in .waybill.yaml:10', true, null, null, true],
      ],
    );
    assert.deepEqual(
      rule?.builders.map(({ pattern, level }) => [pattern, level]),
      [
        [false, 3],
        [true, 2],
      ],
    );
    assert.equal(rule?.source?.refIsPattern, true);
  });

  type Mistake = readonly [name: string, text: string, line: number, column: number, message: RegExp];
  const entry = (more: string): string => `trust:\n  - images: ghcr.io/a/**\n${more}`;
  const SIGNER = '    signers:\n      - {issuer: https://i.example, identity: a}\n';
  const MISTAKES: readonly Mistake[] = [
    [
      'a misspelt setting',
      entry(`${SIGNER}    requires: [sbom]\n`),
      5,
      5,
      /Unknown setting "requires"\. Did you mean require\?/,
    ],
    ['no signers', entry('    require: [sbom]\n'), 2, 5, /"signers" is missing/],
    ['an empty list of signers', entry('    signers: []\n'), 3, 14, /This is empty/],
    ['no images', `trust:\n  - signers:\n      - {issuer: i, identity: a}\n`, 2, 5, /"images" is missing/],
    ['an empty list of images', `trust:\n  - images: []\n${SIGNER}`, 2, 13, /names no image/],
    ['an identity without its issuer', entry('    signers:\n      - identity: a\n'), 4, 9, /needs its issuer/],
    ['an issuer alone', entry('    signers:\n      - issuer: a\n'), 4, 9, /an issuer with an identity, or a key/],
    [
      'identity and pattern',
      entry('    signers:\n      - {issuer: i, identity: a, identityPattern: a*}\n'),
      4,
      9,
      /not both/,
    ],
    ['a key and an identity', entry('    signers:\n      - {key: a.pub, issuer: i, identity: a}\n'), 4, 9, /not both/],
    [
      'a pattern for everybody',
      entry('    signers:\n      - {issuer: i, identityPattern: "**"}\n'),
      4,
      38,
      /fits everybody/,
    ],
    ['an empty identity', entry('    signers:\n      - {issuer: i, identity: ""}\n'), 4, 31, /This is empty/],
    [
      'a log wish for a certificate',
      entry('    signers:\n      - {issuer: i, identity: a, log: optional}\n'),
      4,
      9,
      /log is for keys/,
    ],
    [
      'days for a certificate',
      entry('    signers:\n      - {issuer: i, identity: a, validUntil: 2026-12-31}\n'),
      4,
      9,
      /are for keys/,
    ],
    [
      'days in the wrong order',
      entry('    signers:\n      - {key: a.pub, validFrom: 2026-12-31, validUntil: 2026-01-01}\n'),
      4,
      9,
      /before validFrom/,
    ],
    ['a day that is none', entry('    signers:\n      - {key: a.pub, validFrom: 2026-02-31}\n'), 4, 33, /no such day/],
    [
      'a word that is misspelt',
      entry(`${SIGNER}    require: [signature, sbmo]\n`),
      5,
      26,
      /Unknown word "sbmo"\. Did you mean sbom\?/,
    ],
    ['a word that is nothing', entry(`${SIGNER}    require: [everything]\n`), 5, 15, /no predicate type and none of/],
    ['a level that does not exist', entry(`${SIGNER}    minimumLevel: 4\n`), 5, 19, /^"4" is none of 1, 2, 3\.$/],
    ['a level as text', entry(`${SIGNER}    minimumLevel: "2"\n`), 5, 19, /is text here\. Write the number/],
    ['a builder without an id', entry(`${SIGNER}    builders: [{level: 3}]\n`), 5, 16, /an id or an idPattern/],
    [
      'a pattern for every builder',
      entry(`${SIGNER}    builders: [{idPattern: "**", level: 3}]\n`),
      5,
      28,
      /fits builders of everybody/,
    ],
    ['a source without a word', entry(`${SIGNER}    source: {}\n`), 5, 13, /names no source/],
    ['ref and refPattern', entry(`${SIGNER}    source: {ref: a, refPattern: b}\n`), 5, 34, /not both/],
    ['an age that is none', entry(`${SIGNER}    freshness: soon\n`), 5, 16, /number of hours or days/],
    ['a key that is not there', entry('    signers:\n      - key: a.pub\n'), 4, 14, /a\.pub cannot be read/],
    [
      "Cosign's word for a type",
      entry(`${SIGNER}    require: [slsaprovenance1]\n`),
      5,
      15,
      /Did you mean provenance\?/,
    ],
    [
      'an issuer that ends in a blank',
      entry('    signers:\n      - {issuer: "i ", identity: a}\n'),
      4,
      18,
      /ends with a blank/,
    ],
    [
      'an identity that holds what nobody sees',
      entry('    signers:\n      - {issuer: i, identity: "a\\u202eb"}\n'),
      4,
      31,
      /cannot be seen/,
    ],
    [
      'a regular expression',
      entry('    signers:\n      - {issuer: i, identityPattern: "^https://a/b$"}\n'),
      4,
      38,
      /no regular expression/,
    ],
    ...[
      '**/**',
      'https://**',
      'spiffe://**',
      '**@**',
      '**/release.yml@refs/tags/v1',
      'https://*/northwind/app@v1',
      'https://github.com/**',
      'https://github.com/*/app@v1',
      'https://github.com/northwind**',
    ].map((pattern): Mistake => {
      const text = entry(`    signers:\n      - {issuer: i, identityPattern: "${pattern}"}\n`);
      return [`${pattern}, which strangers fit`, text, 4, 38, /fits everybody/];
    }),
    ...(
      [
        ['northwind/**', /Did you mean docker\.io\/northwind\/\*\*\?/],
        ['nginx', /Did you mean docker\.io\/library\/nginx\?/],
        ['*', /\*\* fits every one/],
        ['index.docker.io/library/*', /Write docker\.io\/library\/\*/],
        ['https://ghcr.io/a/b', /Write ghcr\.io\/a\/b/],
        ['ghcr.io/Northwind/**', /no capitals/],
        ['ghcr.io/a/b@sha256:*', /not for digests/],
        ['ghcr.io/a\u200b/**', /cannot be seen/],
      ] as const
    ).map(([images, message]): Mistake => [
      `images that ${JSON.stringify(images)} does not fit`,
      `trust:\n  - images: "${images}"\n${SIGNER}`,
      2,
      13,
      message,
    ]),
    ['a key by its address', entry('    signers:\n      - key: https://example.test/a.pub\n'), 4, 14, /no address/],
  ];
  for (const [name, text, line, column, message] of MISTAKES) {
    it(`${name}: an error on its place, and nobody is judged by the entry`, async () => {
      const { problems, trust } = await load(text);
      const [problem] = problems;
      assert.match(problem?.message ?? '', message);
      assert.deepEqual([problem?.range.start.line, problem?.range.start.column], [line, column], problem?.message);
      assert.equal(problems.length, 1, problems.map((each) => each.message).join('\n'));
      assert.deepEqual(
        trust.map(({ broken }) => broken),
        [true],
      );
    });
  }

  it('leave the other entries and settings in force', async () => {
    const { trust, fips } = await load(`fips: required\n${GOOD}  - images: x.example/**\n    signers: []\n`);
    assert.deepEqual(
      trust.map(({ broken = false }) => broken),
      [false, true],
    );
    assert.equal(fips.final?.value, 'required');
  });

  it('keep the place of an entry that has a mistake, so that no entry behind it counts for its images', async () => {
    const lax = `  - images: '**'\n${SIGNER}`;
    const special = source('registry', 'ghcr.io/northwind/special:1');
    const other = source('registry', 'ghcr.io/northwind/other:1');
    const broken: readonly (readonly [text: string, special: boolean, other: boolean])[] = [
      [`trust:\n  - images: ghcr.io/northwind/special\n    signers: []\n${lax}`, true, false],
      [`trust:\n  - images: ghcr.io/northwind/special\n    signers: [{key: none.pub}]\n${lax}`, true, false],
      // What it is for cannot be read either, so it may be for anything.
      [`trust:\n  - images: [ghcr.io/northwind/special, 5]\n${SIGNER}${lax}`, true, true],
      [`trust:\n  - image: ghcr.io/northwind/special\n${SIGNER}${lax}`, true, true],
      ['trust: {images: ghcr.io/northwind/special}\n', true, false],
      ['trust: 1\n', true, true],
      [`trust:\n  - images: ghcr.io/northwind/special\n\t  signers: []\n${lax}`, true, true],
    ];
    for (const [text, ...expected] of broken) {
      const policy = await load(text);
      assert.ok(policy.problems.length > 0);
      assert.deepEqual(
        [special, other].map((image) => trustRuleFor(policy, image)?.broken ?? false),
        expected,
        text,
      );
    }
  });

  it('take no private key and no certificate', async () => {
    for (const [text, message] of [
      [PRIVATE, /private key/],
      [PEM.replaceAll('PUBLIC KEY', 'CERTIFICATE'), /certificate/],
      ['hello', /no public key/],
      ['', /no public key/],
    ] as const) {
      const { problems, trust } = await load(entry('    signers:\n      - key: a.pub\n'), { 'a.pub': text });
      assert.match(problems[0]?.message ?? '', message);
      assert.equal(trust[0]?.broken, true);
    }
  });

  it('read keys beside the file that names them, the nearest file first', async () => {
    const base = 'trust:\n  - images: "**"\n    signers:\n      - key: org.pub\n';
    const { trust, problems } = await load(`extends: policies/org.yaml\n${GOOD}`, {
      'policies/org.yaml': base,
      'policies/org.pub': PEM,
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(
      trust.map(({ path, line }) => `${path}:${line}`),
      ['.waybill.yaml:3', 'policies/org.yaml:2'],
    );
  });

  const IMAGES: readonly (readonly [pattern: string, ImageSource, fits: boolean])[] = [
    ['ghcr.io/northwind/**', source('registry', 'ghcr.io/northwind/app:1'), true],
    ['ghcr.io/northwind/**', source('registry', `ghcr.io/northwind/team/app@sha256:${'a'.repeat(64)}`), true],
    ['ghcr.io/northwind/*', source('registry', 'ghcr.io/northwind/team/app:1'), false],
    ['ghcr.io/northwind/app', source('registry', 'ghcr.io/northwind/app:1'), true],
    ['ghcr.io/northwind/app', source('registry', 'GHCR.io:443/northwind/app:1'), true],
    ['docker.io/northwind/app', source('registry', 'registry-1.docker.io/northwind/app:1'), true],
    ['localhost:5000/app', source('registry', 'localhost:5000/app:1'), true],
    ['localhost:5000/app', source('registry', 'localhost:5001/app:1'), false],
    ['ghcr.io/northwind/app:latest', source('registry', 'ghcr.io/northwind/app'), true],
    ['ghcr.io/northwind/app:latest', source('registry', `ghcr.io/northwind/app@sha256:${'a'.repeat(64)}`), false],
    ['ghcr.io/northwind/app:1', source('registry', 'ghcr.io/northwind/app:1'), true],
    ['ghcr.io/northwind/app:2', source('registry', 'ghcr.io/northwind/app:1'), false],
    ['ghcr.io/northwind/ap', source('registry', 'ghcr.io/northwind/app:1'), false],
    ['docker.io/library/*', source('registry', 'alpine'), true],
    ['docker.io/library/*', source('registry', 'docker.io.evil.example/library/alpine'), false],
    ['**', source('oci-dir', 'out/image'), true],
    ['oci-dir:out/**', source('oci-dir', 'out/image'), true],
    ['oci-archive:**', source('oci-dir', 'out/image'), false],
    ['ghcr.io/**', source('oci-dir', 'ghcr.io/a'), false],
    ['ghcr.io/a/b', source('docker', 'ghcr.io/a/b:1'), true],
    ['registry.example/hub/library/*', source('registry', 'registry.example/hub/library/node:24'), true],
    ['docker.io/library/node', source('registry', 'registry.example/hub/library/node:24'), true],
  ];
  for (const [pattern, image, fits] of IMAGES) {
    it(`${pattern} ${fits ? 'is for' : 'is not for'} ${image.scheme}:${image.target.slice(0, 50)}`, async () => {
      const mirror = 'images:\n  - {from: docker.io/library/, to: registry.example/hub/library/}\n';
      const policy = await load(`${mirror}${GOOD.replace('ghcr.io/northwind/**', `'${pattern}'`)}`);
      assert.deepEqual(policy.problems, []);
      assert.equal(trustRuleFor(policy, image) !== null, fits);
    });
  }

  it('count the first that fits', async () => {
    const special = GOOD.replace('trust:\n', '').replace('northwind/**', 'northwind/special');
    const policy = await load(`trust:\n${special}${GOOD.replace('trust:\n', '')}`);
    assert.equal(trustRuleFor(policy, source('registry', 'ghcr.io/northwind/special:1'))?.line, 2);
    assert.equal(trustRuleFor(policy, source('registry', 'ghcr.io/northwind/other:1'))?.line, 6);
  });

  it('never throw, whatever stands there', () => {
    for (const text of [
      'trust:',
      'trust: 1',
      'trust: {}',
      'trust: [1]',
      'trust: [[]]',
      'trust: [{signers: 1}]',
      'trust: [{images: {a: 1}, signers: [1]}]',
    ])
      assert.ok(Array.isArray(parsePolicy(text, 'p').problems), text);
  });
});
