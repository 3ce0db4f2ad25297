// SPDX-License-Identifier: Apache-2.0
// What a policy requires beside a signature: kinds, age, level and source.
import { BRANCH, items, OK, policy, SIG, testRows, W, type Row } from './trust-rows.ts';

const ROWS: readonly Row[] = [
  [
    'an SBOM of either kind',
    items(SIG, `{what: cyclonedx, signer: '${W}'}`),
    policy('    require: [signature, sbom]\n'),
    [
      ['signature', 'met', 'ok', OK],
      ['sbom', 'met', 'ok', OK],
    ],
    0,
  ],
  [
    'an SBOM of the wrong kind',
    items(SIG, `{what: cyclonedx, signer: '${W}'}`),
    policy('    require: [signature, spdx]\n'),
    [
      ['signature', 'met', 'ok', OK],
      ['spdx', 'unmet', 'missing', /No SPDX SBOM was found/],
    ],
    1,
  ],
  [
    'an SBOM that nobody signed',
    items(SIG, '{what: spdx, verdict: unsigned}'),
    policy('    require: [sbom]\n'),
    [['sbom', 'unmet', 'unsigned', /is not signed/]],
    1,
  ],
  [
    'a type with its version',
    items(`{what: 'https://docker.com/dhi/fips/v0.1', signer: '${W}'}`),
    policy("    require: ['https://docker.com/dhi/fips/v0.1']\n"),
    [['https://docker.com/dhi/fips/v0.1', 'met', 'ok', OK]],
    0,
  ],
  [
    'a type without its version',
    items(`{what: 'https://docker.com/dhi/fips/v0.1', signer: '${W}'}`),
    policy("    require: ['https://docker.com/dhi/fips']\n"),
    [['https://docker.com/dhi/fips', 'met', 'ok', OK]],
    0,
  ],
  [
    'a type of another version',
    items(`{what: 'https://docker.com/dhi/fips/v0.2', signer: '${W}'}`),
    policy("    require: ['https://docker.com/dhi/fips/v0.1']\n"),
    [['https://docker.com/dhi/fips/v0.1', 'unmet', 'missing', /No https/]],
    1,
  ],
  [
    'a type that only begins so',
    items(`{what: 'https://example.test/a/evil', signer: '${W}'}`),
    policy("    require: ['https://example.test/a']\n"),
    [['https://example.test/a', 'unmet', 'missing', /No https/]],
    1,
  ],
  [
    'signed long ago',
    items(`{what: signature, signer: '${W}', signed: '2026-01-10'}`),
    policy('    freshness: 30 days\n'),
    [['signature', 'unmet', 'stale', /317 days ago, and the policy allows 30 days/]],
    1,
  ],
  [
    'signed a little too long ago',
    items(`{what: signature, signer: '${W}', signed: '2026-11-22'}`),
    policy('    freshness: 12 hours\n'),
    [['signature', 'unmet', 'stale', /43 hours ago, and the policy allows 12 hours/]],
    1,
  ],
  [
    'without a proved time',
    items('{what: signature, signer: key, signed: none}'),
    policy('    freshness: 30 days\n', '{key: cosign.pub, log: optional}'),
    [['signature', 'unmet', 'time', /Nothing proves when/]],
    1,
  ],
  [
    'level 2',
    items(SIG, `{what: provenance, signer: '${W}'}`),
    policy('    minimumLevel: 2\n'),
    [
      ['signature', 'met', 'ok', OK],
      ['level', 'met', 'ok', OK],
    ],
    0,
  ],
  [
    'level 3 of a builder at 2',
    items(SIG, `{what: provenance, signer: '${W}'}`),
    policy('    minimumLevel: 3\n'),
    [
      ['signature', 'met', 'ok', OK],
      ['level', 'unmet', 'level', /asks for level 3 .*Isolated builder/],
    ],
    1,
  ],
  [
    'a level without provenance',
    items(SIG),
    policy('    minimumLevel: 2\n'),
    [
      ['signature', 'met', 'ok', OK],
      ['level', 'unmet', 'missing', /No SLSA provenance/],
    ],
    1,
  ],
  [
    'a level of provenance that could not be checked',
    items(SIG, '{what: provenance, verdict: could-not-check, reason: There is no trusted root.}'),
    policy('    minimumLevel: 2\n'),
    [
      ['signature', 'met', 'ok', OK],
      ['level', 'could-not-check', 'could-not-check', /no trusted root/],
    ],
    3,
  ],
  [
    'the source that is asked for',
    items(SIG, `{what: provenance, signer: '${W}'}`),
    policy("    source: {repository: 'https://github.com/northwind/payments-api'}\n"),
    [
      ['signature', 'met', 'ok', OK],
      ['source', 'met', 'ok', OK],
    ],
    0,
  ],
  [
    'another source',
    items(SIG, `{what: provenance, signer: '${W}'}`),
    policy("    source: {repository: 'https://github.com/northwind/x'}\n"),
    [
      ['signature', 'met', 'ok', OK],
      ['source', 'unmet', 'source', /northwind\/x, found/],
    ],
    1,
  ],
  [
    'provenance in a manifest that strangers signed, too',
    items(
      SIG,
      ...['a', 'b', 'c', 'd', 'e'].map(
        (who) => `{what: signature, about: attestation-manifest, signer: '${BRANCH}${who}'}`,
      ),
      `{what: signature, about: attestation-manifest, signer: '${W}'}`,
      '{what: provenance, verdict: unsigned}',
    ),
    policy('    require: [signature, provenance]\n'),
    [
      ['signature', 'met', 'ok', OK],
      ['provenance', 'met', 'ok', OK],
    ],
    0,
  ],
  [
    'provenance in a manifest that only a stranger signed',
    items(
      SIG,
      `{what: signature, about: attestation-manifest, signer: '${BRANCH}'}`,
      '{what: provenance, verdict: unsigned}',
    ),
    policy('    require: [signature, provenance]\n'),
    [
      ['signature', 'met', 'ok', OK],
      ['provenance', 'unmet', 'signer', /signed by .*refs\/heads\/main/],
    ],
    1,
  ],
  [
    'a source that is asked for of provenance by a key, at whatever level',
    items('{what: signature, signer: key}', '{what: provenance, signer: key}'),
    policy("    source: {repository: 'https://github.com/northwind/payments-api'}\n", '{key: cosign.pub}'),
    [
      ['signature', 'met', 'ok', OK],
      ['source', 'met', 'ok', OK],
    ],
    0,
  ],
  [
    'another source than that of provenance by a key',
    items('{what: signature, signer: key}', '{what: provenance, signer: key}'),
    policy('    source: {ref: refs/heads/main}\n', '{key: cosign.pub}'),
    [
      ['signature', 'met', 'ok', OK],
      ['source', 'unmet', 'source', /asks for ref refs\/heads\/main, found refs\/tags\/v4\.7\.1/],
    ],
    1,
  ],
  [
    'a source by provenance that is in no log though the key has to be',
    items('{what: signature, signer: key}', '{what: provenance, signer: key, signed: none}'),
    policy("    source: {repository: 'https://github.com/northwind/payments-api'}\n", '{key: cosign.pub}'),
    [
      ['signature', 'met', 'ok', OK],
      ['source', 'unmet', 'missing', /No verified provenance/],
    ],
    1,
  ],
  [
    'a source by provenance of a stranger',
    items(SIG, `{what: provenance, signer: '${BRANCH}'}`),
    policy("    source: {repository: 'https://github.com/northwind/payments-api'}\n"),
    [
      ['signature', 'met', 'ok', OK],
      ['source', 'unmet', 'missing', /No verified provenance/],
    ],
    1,
  ],
  [
    'a source by provenance about another image',
    items(SIG, `{what: provenance, signer: '${W}', about: another, verdict: invalid, code: subject-mismatch}`),
    policy("    source: {repository: 'https://github.com/northwind/payments-api'}\n"),
    [
      ['signature', 'met', 'ok', OK],
      ['source', 'unmet', 'missing', /No verified provenance/],
    ],
    1,
  ],
  [
    'a level of provenance that is in no log though the key has to be',
    items('{what: signature, signer: key}', '{what: provenance, signer: key, signed: none}'),
    policy('    minimumLevel: 2\n    builders:\n      - {id: key, level: 2}\n', '{key: cosign.pub}'),
    [
      ['signature', 'met', 'ok', OK],
      ['level', 'unmet', 'level', /has no entry in a transparency log/],
    ],
    1,
  ],
  [
    'that level, logged',
    items('{what: signature, signer: key}', '{what: provenance, signer: key}'),
    policy('    minimumLevel: 2\n    builders:\n      - {id: key, level: 2}\n', '{key: cosign.pub}'),
    [
      ['signature', 'met', 'ok', OK],
      ['level', 'met', 'ok', OK],
    ],
    0,
  ],
];

describe('what a trust policy requires', () => testRows(ROWS));
