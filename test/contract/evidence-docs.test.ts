// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JUDGEMENT_ADVICE, JUDGEMENT_CODES, verdictOf, type JudgementCode } from '../../src/core/attestations/codes.ts';

const docs = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'evidence.md'), 'utf8');

describe('docs/evidence.md', () => {
  it('lists every code with its verdict, its meaning and what to do, and no other', () => {
    const rows = [...docs.matchAll(/^\| `([a-z0-9-]+)` +\| ([a-z-]+) +\| (.+?) +\|$/gm)].map((row) => row.slice(1));
    const codes = Object.entries(JUDGEMENT_CODES).map(([code, meaning]) => [
      code,
      verdictOf(code as JudgementCode),
      [meaning, JUDGEMENT_ADVICE[code as JudgementCode] ?? ''].join(' ').trim(),
    ]);
    assert.deepEqual(rows, [['ok', 'verified', 'Everything that was asked for was proved.'], ...codes]);
  });
});
