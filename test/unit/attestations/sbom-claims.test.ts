// SPDX-License-Identifier: Apache-2.0
// What attested and attached SBOMs say of themselves, whoever wrote them.
import assert from 'node:assert/strict';
import { understand } from '../../../src/core/attestations/claims.ts';
import { readSbomClaim } from '../../../src/core/attestations/sbom-claim.ts';
import * as from from './statements.ts';

const claimOf = (type: string, predicate: unknown) => understand(from.statement(type, predicate)).claim;

describe('what SBOMs say', () => {
  it('SPDX 2.3 with its tools', () => {
    assert.deepEqual(
      claimOf('https://spdx.dev/Document/v2.3', {
        spdxVersion: 'SPDX-2.3',
        creationInfo: {
          created: '2026-11-22T16:41:00Z',
          creators: ['Organization: X', 'Tool: apko-v0.30', 'Tool: syft-1.54.0'],
        },
        packages: [{}, {}, {}],
      }),
      {
        kind: 'sbom',
        format: 'SPDX',
        version: '2.3',
        tools: ['apko-v0.30', 'syft-1.54.0'],
        created: '2026-11-22T16:41:00.000Z',
        packages: 3,
        size: 168,
      },
    );
  });

  it('SPDX 3, a graph', () => {
    const claim = claimOf('https://spdx.dev/Document/v3', {
      '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
      '@graph': [
        { type: 'CreationInfo', specVersion: '3.0.1', created: '2026-11-22T16:41:00Z' },
        { type: 'Tool', name: 'builder' },
        { type: 'software_Package', name: 'a' },
        { type: 'software_Package', name: 'b' },
        { type: 'software_File', name: 'c' },
      ],
    });
    assert.ok(claim.kind === 'sbom');
    assert.deepEqual([claim.version, claim.tools, claim.packages], ['3.0.1', ['builder'], 2]);
  });

  it('CycloneDX with nested components, and tools in both forms', () => {
    for (const tools of [
      [{ name: 'syft', version: '1.54.0' }],
      { components: [{ name: 'syft', version: '1.54.0' }] },
    ]) {
      const claim = claimOf('https://cyclonedx.org/bom/v1.6', {
        bomFormat: 'CycloneDX',
        specVersion: '1.6',
        metadata: { timestamp: '2026-11-22T16:41:00Z', tools },
        components: [{ name: 'a', components: [{ name: 'b' }, { name: 'c' }] }],
      });
      assert.ok(claim.kind === 'sbom');
      assert.deepEqual(
        [claim.format, claim.version, claim.tools, claim.packages],
        ['CycloneDX', '1.6', ['syft-1.54.0'], 3],
      );
    }
  });

  it('an SBOM that is wrapped as text', () => {
    const claim = claimOf('https://spdx.dev/Document', {
      Data: JSON.stringify({ spdxVersion: 'SPDX-2.2', packages: [{}] }),
    });
    assert.ok(claim.kind === 'sbom' && claim.packages === 1 && claim.version === '2.2');
    assert.equal(claimOf('https://spdx.dev/Document', { Data: 'no json' }).kind, 'unreadable');
  });

  it('keeps the whole SBOM for whoever compares it', () => {
    const document = { spdxVersion: 'SPDX-2.3', packages: [{ name: 'a' }] };
    assert.deepEqual(understand(from.statement('https://spdx.dev/Document', document)).sbom, document);
    assert.equal(understand(from.githubV1()).sbom, undefined);
    const syft = {
      artifacts: [{}, {}],
      descriptor: { name: 'syft', version: '1.54.0' },
      schema: { version: '16.0.0' },
    };
    const { claim } = readSbomClaim(null, syft);
    assert.ok(claim.kind === 'sbom' && claim.format === 'Syft' && claim.packages === 2);
  });

  it('is bounded for what is attached without a statement, however deep and however wrapped', () => {
    const nested = (open: string, close: string, depth: number): string =>
      `${open.repeat(depth)}${close.repeat(depth)}`;
    const deep: readonly string[] = [
      `{"spdxVersion":"SPDX-2.3","x":${nested('[', ']', 100_000)}}`,
      `{"bomFormat":"CycloneDX","components":[${nested('{"components":[', ']}', 50_000)}]}`,
      JSON.stringify({ Data: `{"spdxVersion":"SPDX-2.3","x":${nested('[', ']', 20_000)}}` }),
    ];
    for (const text of deep) {
      const { claim, document } = readSbomClaim(null, JSON.parse(text));
      assert.deepEqual(claim, { kind: 'unreadable', reason: 'it is nested more than 64 deep' });
      assert.equal(document, undefined);
    }
  });
});
