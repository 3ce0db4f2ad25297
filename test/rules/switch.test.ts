// SPDX-License-Identifier: Apache-2.0
// The switch to the minimal or FIPS equivalent: where it is offered, what it writes, and where it is not and why.
import assert from 'node:assert/strict';
import { applyPreferredFixes } from '../../src/core/lint/fix.ts';
import type { Finding, Fix } from '../../src/core/model/finding.ts';
import { applyEdits } from '../../src/core/text/edit.ts';
import { handMade } from '../support/cases.ts';
import { lintText, underPolicy } from '../support/linting.ts';

const RULES = new Set(['WB1001', 'WB1002', 'WB1007']);

async function found(text: string, policy = ''): Promise<readonly Finding[]> {
  const { findings } = lintText(text, await underPolicy(policy));
  return findings.filter(({ ruleId }) => RULES.has(ruleId));
}

const switches = (findings: readonly Finding[]): readonly Fix[] =>
  findings.flatMap(({ fixes = [] }) => fixes.filter(({ title }) => title.startsWith('Switch to ')));
const reasons = (findings: readonly Finding[]): readonly string[] =>
  findings.flatMap(({ related = [] }) =>
    related.map(({ message }) => message).filter((message) => message.startsWith('Why no fix switches to ')),
  );

/** Those for which no image is recorded that could be named. */
const NOTHING_TO_NAME = new Set(['no switch: Oracle Linux 8 has modules of FIPS 140-2 only']);

describe('switch to the equivalent', () => {
  const offered = handMade().filter(({ name }) => name.startsWith('switch: '));
  const refused = handMade().filter(({ name }) => name.startsWith('no switch: '));

  it('has a dozen files and more on either side', () => {
    assert.ok(offered.length >= 12, String(offered.length));
    assert.ok(refused.length >= 12, String(refused.length));
  });

  for (const { name, text, policy } of offered) {
    it(`is offered once, with what changes, never as the preferred one: ${name}`, async () => {
      const findings = await found(text, policy);
      const [fix, ...others] = switches(findings);
      assert.ok(fix !== undefined && others.length === 0);
      assert.equal(fix.preferred, undefined);
      assert.ok((fix.caveat ?? '').length > 5, fix.caveat);
      // All but the tag and the name is left: the lines, their ends, comments, flags and blanks.
      const after = applyEdits(text, fix.edits);
      assert.equal(after.split('\n').length, text.split('\n').length);
      const changed = text.split('\n').filter((line, i) => line !== after.split('\n')[i]);
      assert.equal(changed.length, 1, after);
      // The fixes of the command line leave it alone.
      const { applied } = applyPreferredFixes(text, findings);
      assert.deepEqual(switches([{ ...findings[0], fixes: applied } as Finding]), []);
      // Nothing more of the kind is left, and no reason against it either.
      assert.deepEqual(switches(await found(after, policy)), []);
    });
  }

  for (const { name, text, policy } of refused) {
    it(`is not offered, and says why: ${name}`, async () => {
      const findings = await found(text, policy);
      assert.deepEqual(switches(findings), []);
      assert.equal(reasons(findings).length > 0, !NOTHING_TO_NAME.has(name), JSON.stringify(findings));
    });
  }

  describe('writes', () => {
    const STATIC = 'FROM golang:1.27 AS b\nRUN CGO_ENABLED=0 go build -o /a\n';
    const USE = 'COPY --from=b /a /a\nUSER 1000\nENTRYPOINT ["/a"]\n';
    for (const [what, before, after] of [
      [
        'the name and the tag',
        `${STATIC}FROM debian:13\n${USE}`,
        `${STATIC}FROM gcr.io/distroless/static-debian13:latest\n${USE}`,
      ],
      [
        'the value of an ARG, in its quotes',
        `ARG BASE='debian:trixie-slim'\n${STATIC}FROM $BASE AS run\n${USE}`,
        `ARG BASE='gcr.io/distroless/static-debian13:latest'\n${STATIC}FROM $BASE AS run\n${USE}`,
      ],
      [
        'the value of an ARG that holds the tag, where nothing of it stays',
        `ARG TAG=13\n${STATIC}FROM debian:\${TAG}\n${USE}`,
        `ARG TAG=latest\n${STATIC}FROM gcr.io/distroless/static-debian13:\${TAG}\n${USE}`,
      ],
      [
        'behind the variable of a tag',
        'ARG V=10.0\nFROM  mcr.microsoft.com/dotnet/aspnet:${V}   AS  x\nCMD ["dotnet", "a.dll"]\n',
        'ARG V=10.0\nFROM  mcr.microsoft.com/dotnet/aspnet:${V}-noble-chiseled-extra   AS  x\nCMD ["dotnet", "a.dll"]\n',
      ],
      [
        'less than there was',
        'ARG V=24\nFROM dhi.io/node:${V}-dev\nCMD ["node", "/a.js"]\n',
        'ARG V=24\nFROM dhi.io/node:${V}\nCMD ["node", "/a.js"]\n',
      ],
    ] as const) {
      it(what, async () => {
        const [fix] = switches(await found(before));
        assert.ok(fix !== undefined);
        assert.equal(applyEdits(before, fix.edits), after);
      });
    }
  });

  it('goes by the organisation: what its policy names is not gone past', async () => {
    const text = 'FROM mcr.microsoft.com/dotnet/aspnet:10.0\nCMD ["dotnet", "/a.dll"]\n';
    assert.equal(switches(await found(text)).length, 1);
    const policy =
      'catalogue:\n  - {image: mcr.microsoft.com/dotnet/aspnet, minimal: registry.example.com/base/aspnet}\n';
    assert.equal(switches(await found(text, policy)).length, 0);
  });

  it('goes by the catalogue: an image that the policy calls something else is not minimal', async () => {
    const text = 'FROM mcr.microsoft.com/dotnet/aspnet:10.0\nCMD ["dotnet", "/a.dll"]\n';
    const policy = 'catalogue:\n  - {image: mcr.microsoft.com/dotnet/aspnet, packageManager: apt, shell: bash}\n';
    const findings = await found(text, policy);
    assert.deepEqual(switches(findings), []);
    assert.match(reasons(findings)[0] ?? '', /that it is minimal is not recorded/);
  });
});
