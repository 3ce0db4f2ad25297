// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { understand } from '../../../src/core/attestations/claims.ts';
import { namedDigests, base64ToHex } from '../../../src/core/attestations/named-digests.ts';
import { classifyPredicate } from '../../../src/core/attestations/predicates.ts';
import { readStatement, subjectDigests } from '../../../src/core/attestations/statement.ts';
import { excess } from '../../../src/core/attestations/untrusted.ts';
import type { EvidenceItem, Judgement } from '../../../src/core/attestations/model.ts';
import * as from from './statements.ts';

const claimOf = (type: string, predicate: unknown) => understand(from.statement(type, predicate)).claim;

describe('predicate types', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['https://slsa.dev/provenance/v1', 'provenance', 'SLSA provenance v1'],
    ['https://slsa.dev/provenance/v0.2', 'provenance', 'SLSA provenance v0.2'],
    ['https://slsa.dev/provenance/v1.1', 'provenance', 'SLSA provenance v1.1'],
    ['https://in-toto.io/Provenance/v0.1', 'provenance', 'in-toto provenance v0.1'],
    ['https://slsa.dev/verification_summary/v1', 'vsa', 'SLSA verification summary v1'],
    ['https://slsa.dev/verification_summary/v0.2', 'vsa', 'SLSA verification summary v0.2'],
    ['https://spdx.dev/Document', 'spdx', 'SPDX SBOM'],
    ['https://spdx.dev/Document/v2.3', 'spdx', 'SPDX SBOM v2.3'],
    ['https://cyclonedx.org/bom', 'cyclonedx', 'CycloneDX SBOM'],
    ['https://cyclonedx.org/bom/v1.6', 'cyclonedx', 'CycloneDX SBOM v1.6'],
    ['https://openvex.dev/ns', 'openvex', 'OpenVEX statements'],
    ['https://openvex.dev/ns/v0.2.0', 'openvex', 'OpenVEX statements v0.2.0'],
    ['https://cosign.sigstore.dev/attestation/vuln/v1', 'vulnerabilities', 'Vulnerability scan v1'],
    ['https://in-toto.io/attestation/vulns/v0.1', 'vulnerabilities', 'Vulnerability scan v0.1'],
    ['https://in-toto.io/attestation/test-result/v0.1', 'test-result', 'Test result v0.1'],
    ['https://in-toto.io/Link/v1', 'other', 'in-toto link v1'],
    ['https://in-toto.io/attestation/release/v0.1', 'other', 'Release v0.1'],
    ['https://in-toto.io/attestation/scai/v0.3', 'other', 'SCAI attributes v0.3'],
    ['https://cosign.sigstore.dev/attestation/v1', 'other', 'Custom attestation v1'],
    ['https://sigstore.dev/cosign/sign/v1', 'signature', 'Image signature'],
    ['https://scout.docker.com/secrets/v0.1', 'other', 'Secret scan by Docker Scout v0.1'],
    ['https://docker.com/dhi/fips/v0.1', 'fips', "Docker's FIPS statement v0.1"],
    ['https://docker.com/dhi/stig/v0.1', 'stig', "Docker's STIG scan v0.1"],
    // Lookalikes are other types.
    ['https://slsa.dev/provenance.evil/v1', 'unknown', 'Unknown statement'],
    ['https://slsa.dev/provenance/v1/more', 'unknown', 'Unknown statement'],
    ['https://spdx.dev/DocumentX', 'unknown', 'Unknown statement'],
    ['http://slsa.dev/provenance/v1', 'unknown', 'Unknown statement'],
    ['', 'unknown', 'Unknown statement'],
  ];
  for (const [type, kind, label] of cases) {
    it(type === '' ? 'nothing' : type, () => {
      const found = classifyPredicate(type);
      assert.deepEqual([found.kind, found.label], [kind, label]);
    });
  }
});

describe('statements', () => {
  it('reads both versions and the digests of every subject, each once', () => {
    const value = from.statement(
      'x://y',
      {},
      {
        _type: 'https://in-toto.io/Statement/v0.1',
        subject: [
          { name: 'a', digest: { sha256: 'a'.repeat(64), sha512: 'b'.repeat(128) } },
          { name: 'b', digest: { sha256: 'a'.repeat(64) } },
          { digest: { gitCommit: 'c'.repeat(40) } },
        ],
      },
    );
    const read = readStatement(value);
    assert.ok(read.ok);
    assert.equal(read.value.version, '0.1');
    assert.deepEqual(subjectDigests(read.value), [`sha256:${'a'.repeat(64)}`]);
  });

  const refused: readonly (readonly [string, unknown, RegExp])[] = [
    ['no object', 'text', /is no in-toto statement|_type/],
    ['null', null, /is no in-toto statement|_type/],
    ['another type', from.statement('x', {}, { _type: 'https://in-toto.io/Statement/v2' }), /_type/],
    ['no subject', from.statement('x', {}, { subject: [] }), /no subject/],
    ['a subject without a digest', from.statement('x', {}, { subject: [{ name: 'a' }] }), /subject 1 has no digest/],
    ['a subject that is a text', from.statement('x', {}, { subject: ['a'] }), /subject 1 has no digest/],
    ['an empty predicate type', from.statement('', {}), /no predicate type/],
    [
      'too many subjects',
      from.statement('x', {}, { subject: Array.from({ length: 10_001 }, () => ({ digest: { sha256: 'a' } })) }),
      /no subject, or more/,
    ],
  ];
  for (const [name, value, reason] of refused) {
    it(`refuses ${name}`, () => {
      const read = readStatement(value);
      assert.match(read.ok ? 'accepted' : read.error, reason);
      assert.equal(understand(value).claim.kind, 'unreadable');
    });
  }

  it('refuses what is nested without end, and does not run out of stack', () => {
    let deep: unknown = {};
    for (let index = 0; index < 50_000; index++) deep = { a: deep };
    const { claim } = understand(from.statement('https://example.test/x', deep));
    assert.ok(claim.kind === 'unreadable' && /nested more than 64 deep/.test(claim.reason));
    assert.match(excess(Array(100).fill(0), 10, 50) ?? '', /more than 50 values/);
  });

  it('takes no digest out of the prototype', () => {
    const value: unknown = JSON.parse(
      '{"_type":"https://in-toto.io/Statement/v1","predicateType":"x","predicate":{},"subject":[{"digest":{"__proto__":{"sha256":"aa"}}}]}',
    );
    assert.equal(readStatement(value).ok, false);
  });
});

describe('what statements say', () => {
  it('a verification summary', () => {
    assert.deepEqual(
      claimOf('https://slsa.dev/verification_summary/v1', {
        verifier: { id: 'https://verifier.example/v1' },
        timeVerified: '2026-11-22T16:41:00Z',
        resourceUri: 'pkg:oci/app',
        policy: { uri: 'https://policy.example', digest: {} },
        verificationResult: 'PASSED',
        verifiedLevels: ['SLSA_BUILD_LEVEL_3'],
      }),
      {
        kind: 'vsa',
        verifier: 'https://verifier.example/v1',
        resource: 'pkg:oci/app',
        policy: 'https://policy.example',
        result: 'PASSED',
        levels: ['SLSA_BUILD_LEVEL_3'],
        verified: '2026-11-22T16:41:00.000Z',
      },
    );
  });

  it('OpenVEX by status, of both forms of vulnerability', () => {
    const claim = claimOf('https://openvex.dev/ns/v0.2.0', {
      author: 'Northwind',
      timestamp: '2026-11-22T16:41:00Z',
      statements: [
        { vulnerability: { name: 'CVE-2026-1' }, status: 'not_affected', justification: 'vulnerable_code_not_present' },
        { vulnerability: 'CVE-2026-2', status: 'fixed' },
        { vulnerability: 'CVE-2026-3', status: 'fixed' },
      ],
    });
    assert.ok(claim.kind === 'vex');
    assert.deepEqual(claim.statuses, { not_affected: 1, fixed: 2 });
    assert.deepEqual(claim.statements[0], {
      vulnerability: 'CVE-2026-1',
      status: 'not_affected',
      justification: 'vulnerable_code_not_present',
    });
    assert.equal(claim.statementCount, 3);
  });

  it("scans in cosign's form, in in-toto's, and as SARIF", () => {
    const cosign = claimOf('https://cosign.sigstore.dev/attestation/vuln/v1', {
      scanner: {
        uri: 'pkg:github/anchore/grype@0.120.0',
        version: '0.120.0',
        result: { runs: [{ results: [{}, {}] }] },
      },
      metadata: { scanFinishedOn: '2026-11-22T16:41:00Z' },
    });
    assert.ok(cosign.kind === 'vulnerabilities');
    assert.deepEqual(
      [cosign.scannerVersion, cosign.results, cosign.finished],
      ['0.120.0', 2, '2026-11-22T16:41:00.000Z'],
    );
    const intoto = claimOf('https://in-toto.io/attestation/vulns/v0.1', {
      scanner: { uri: 'x', result: [{ id: 'CVE-2026-1' }] },
    });
    assert.ok(intoto.kind === 'vulnerabilities' && intoto.results === 1);
    const silent = claimOf('https://in-toto.io/attestation/vulns', { scanner: { uri: 'x', result: 'text' } });
    assert.ok(silent.kind === 'vulnerabilities' && silent.results === null);
  });

  it('test results', () => {
    assert.deepEqual(
      claimOf('https://in-toto.io/attestation/test-result/v0.1', {
        result: 'PASSED',
        passedTests: ['a', 'b'],
        failedTests: [],
        url: 'https://ci.example/1',
      }),
      { kind: 'test-result', result: 'PASSED', passed: 2, warned: 0, failed: 0, url: 'https://ci.example/1' },
    );
  });

  it("Docker's FIPS modules and STIG profiles", () => {
    const fips = claimOf('https://docker.com/dhi/fips/v0.1', [
      {
        certification: 'CMVP #4985',
        name: 'OpenSSL FIPS Provider',
        package: 'pkg:dhi/openssl-provider-fips@3.1.2',
        standard: 'FIPS 140-3',
        status: 'active',
        sunsetDate: '2030-03-10',
        version: '3.1.2',
      },
      'nonsense',
    ]);
    assert.ok(fips.kind === 'fips');
    assert.deepEqual(fips.modules, [
      {
        name: 'OpenSSL FIPS Provider',
        package: 'pkg:dhi/openssl-provider-fips@3.1.2',
        version: '3.1.2',
        certificate: 'CMVP #4985',
        standard: 'FIPS 140-3',
        status: 'active',
        sunset: '2030-03-10',
      },
    ]);
    const stig = claimOf('https://docker.com/dhi/stig/v0.1', [
      { name: 'Container GPOS', summary: { defaultScore: 91, maxDefaultScore: 100, failed: 3 } },
    ]);
    assert.ok(stig.kind === 'stig');
    assert.deepEqual(stig.profiles[0], {
      name: 'Container GPOS',
      score: 91,
      counts: { defaultScore: 91, maxDefaultScore: 100, failed: 3 },
    });
    assert.equal(claimOf('https://docker.com/dhi/fips/v0.1', { another: 'shape' }).kind, 'raw');
  });

  it('shows what is of no known type as JSON, cut off where it is long', () => {
    const short = claimOf('https://example.test/own/v1', { a: [1, '</script><b>'] });
    assert.deepEqual(short, { kind: 'raw', json: '{\n  "a": [\n    1,\n    "</script><b>"\n  ]\n}', complete: true });
    const long = claimOf('https://example.test/own/v1', { a: 'x'.repeat(100_000) });
    assert.ok(long.kind === 'raw' && !long.complete && long.json.length < 66_000);
    assert.equal(claimOf('https://slsa.dev/provenance/v3', {}).kind, 'raw');
  });

  it('never throws, and what it keeps is bounded, whatever the JSON', () => {
    const types = [
      'https://slsa.dev/provenance/v1',
      'https://slsa.dev/provenance/v0.2',
      'https://slsa.dev/provenance/v0.1',
      'https://spdx.dev/Document',
      'https://cyclonedx.org/bom',
      'https://openvex.dev/ns',
      'https://slsa.dev/verification_summary/v1',
      'https://in-toto.io/attestation/vulns',
      'https://in-toto.io/attestation/test-result/v0.1',
      'https://docker.com/dhi/fips/v0.1',
      'https://docker.com/dhi/stig/v0.1',
      'https://sigstore.dev/cosign/sign/v1',
      'https://example.test',
    ];
    const known = [
      'buildDefinition',
      'runDetails',
      'externalParameters',
      'builder',
      'id',
      'materials',
      'resolvedDependencies',
      'uri',
      'digest',
      'metadata',
      'statements',
      'components',
      'packages',
      'tools',
      'Data',
      '@graph',
      'summary',
      '__proto__',
      'constructor',
      'invocation',
      'configSource',
      'recipe',
      'workflow',
      'source',
      'git',
    ];
    const { node } = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>(
          null,
          true,
          0,
          -1,
          '',
          'x',
          'git+https://a/b@c',
          `x`.repeat(9_000),
          '2026-11-22T16:41:00Z',
        ),
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom(...known), tie('node'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(fc.constantFrom(...types), node, fc.oneof(node, fc.constant(undefined)), (type, predicate, frame) => {
        for (const value of [
          from.statement(type, predicate),
          frame,
          { ...from.statement(type, predicate), subject: frame },
        ]) {
          const { claim } = understand(value);
          assert.ok(JSON.stringify(claim).length < 600_000);
        }
      }),
      { numRuns: 1_500, endOnFailure: true },
    );
  });
});

describe('digests that an item names', () => {
  const item = (kind: EvidenceItem['kind']): EvidenceItem => ({
    kind,
    place: 'referrers',
    subject: 'sha256:x',
    manifestDigest: null,
    digest: 'sha256:y',
    mediaType: '',
    annotations: {},
    bytes: null,
    problem: null,
  });
  const judgement = { statement: null } as Judgement;
  const hex = '5d41402abc4b2a76b9719d911017c592'.repeat(2);
  const base64 = Buffer.from(hex, 'hex').toString('base64');

  it('out of a simple signing payload', () => {
    const payload = (digest: unknown) => ({ critical: { image: { 'docker-manifest-digest': digest } } });
    assert.deepEqual(namedDigests(item('legacy-signature'), judgement, payload(`sha256:${hex}`)), [`sha256:${hex}`]);
    for (const bad of ['sha256:12', 7, null, `sha512:${hex}`])
      assert.deepEqual(namedDigests(item('legacy-signature'), judgement, payload(bad)), []);
  });

  it("out of a bundle's message", () => {
    const bundle = { messageSignature: { messageDigest: { algorithm: 'SHA2_256', digest: base64 } } };
    assert.deepEqual(namedDigests(item('bundle'), judgement, bundle), [`sha256:${hex}`]);
    assert.deepEqual(namedDigests(item('bundle'), judgement, {}), []);
    assert.deepEqual(namedDigests(item('other-referrer'), judgement, bundle), []);
  });

  it('reads base64 as Node does, and refuses what is none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        assert.equal(base64ToHex(Buffer.from(bytes).toString('base64')), Buffer.from(bytes).toString('hex'));
      }),
    );
    for (const bad of ['a', 'a===', 'ab=c', '!!!!']) assert.equal(base64ToHex(bad), null);
  });
});
