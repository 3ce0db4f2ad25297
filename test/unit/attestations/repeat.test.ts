// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { PUBLISHER_KEYS } from '../../../src/core/attestations/publisher-keys.ts';
import { quoted, repeatCommands } from '../../../src/core/attestations/repeat.ts';
import type { ReportItem } from '../../../src/core/evidence/evidence.ts';
import { exampleEvidence } from '../../support/evidence-examples.ts';
import { INDEX } from './evidence.ts';
import * as from from './statements.ts';

const IMAGE = { repository: 'ghcr.io/northwind/payments-api', digest: INDEX };

async function item(line: string): Promise<ReportItem> {
  const { evidence } = await exampleEvidence(`items:\n  - ${line}\n`);
  const [found] = evidence.items;
  assert.ok(found !== undefined);
  return found;
}

describe('commands that repeat a check', () => {
  it('cosign for a signature by a certificate', async () => {
    const [cosign] = repeatCommands(await item(`{what: signature, signer: '${from.WORKFLOW}'}`), IMAGE);
    assert.equal(
      cosign?.command,
      `cosign verify --certificate-identity=${from.WORKFLOW} --certificate-oidc-issuer=https://token.actions.githubusercontent.com ghcr.io/northwind/payments-api@${INDEX}`,
    );
  });

  it('cosign and gh for provenance', async () => {
    const commands = repeatCommands(await item(`{what: provenance, signer: '${from.WORKFLOW}'}`), IMAGE);
    assert.deepEqual(
      commands.map(({ tool }) => tool),
      ['cosign', 'gh'],
    );
    assert.match(commands[0]?.command ?? '', /^cosign verify-attestation --type=slsaprovenance1 /);
    assert.equal(
      commands[1]?.command,
      `gh attestation verify oci://ghcr.io/northwind/payments-api@${INDEX} --repo=northwind/payments-api --cert-identity=${from.WORKFLOW} --bundle-from-oci --predicate-type=https://slsa.dev/provenance/v1`,
    );
  });

  it("neither asks Cosign where it cannot look, nor for GitHub's own instance, whose root it does not have", async () => {
    const found = await item(`{what: provenance, signer: '${from.WORKFLOW}'}`);
    const tools = (more: Partial<ReportItem>): readonly string[] =>
      repeatCommands({ ...found, ...more }, IMAGE).map(({ tool }) => tool);
    assert.deepEqual(tools({}), ['cosign', 'gh']);
    assert.deepEqual(tools({ kind: 'in-toto-referrer' }), []);
    assert.deepEqual(tools({ place: 'github-attestations' }), ['gh']);
    assert.deepEqual(tools({ mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.2' }), ['gh']);
    assert.deepEqual(tools({ root: { source: 'tuf:tuf-repo.github.com', asOf: null } }), ['gh']);
    assert.deepEqual(tools({ root: { source: 'tuf:tuf-repo-cdn.sigstore.dev', asOf: null } }), ['cosign', 'gh']);
  });

  it('tells Cosign and gh of a root of one’s own, and Cosign what it was to do without', async () => {
    const found = await item(
      `{what: provenance, signer: '${from.WORKFLOW}', signed: none, root: 'file:github root.json'}`,
    );
    const named = { ...IMAGE, trustedRoot: '../roots/github root.json' };
    for (const { command } of repeatCommands({ ...found, checks: [] }, named))
      assert.ok(command.includes("trusted-root='../roots/github root.json'"), command);
    const commands = repeatCommands({ ...found, checks: [] }, IMAGE).map(({ command }) => command);
    assert.match(
      commands[0] ?? '',
      / --insecure-ignore-tlog --use-signed-timestamps --insecure-ignore-sct --trusted-root='github root\.json' /,
    );
    assert.match(commands[1] ?? '', / --custom-trusted-root='github root\.json' /);
    const older = await item(`{what: signature, signer: '${from.WORKFLOW}'}`);
    const verify = (more: Partial<ReportItem>): string =>
      repeatCommands({ ...older, ...more }, IMAGE)[0]?.command ?? '';
    assert.match(verify({ kind: 'legacy-signature' }), / --experimental-oci11 /);
    assert.doesNotMatch(verify({ kind: 'legacy-signature', place: 'cosign-signature-tag' }), /experimental/);
  });

  it('cosign with a key as the policy names it, saying where there is no log entry', async () => {
    const signed = await item('{what: signature, signer: key, signed: none, root: key}');
    const command = (keyName: string | null, policy: string | null): string =>
      repeatCommands({ ...signed, keyName }, { ...IMAGE, policy })[0]?.command ?? '';
    assert.equal(
      command('keys/our key.pub', 'policies/.waybill.yaml'),
      `cosign verify --key='policies/keys/our key.pub' --insecure-ignore-tlog ghcr.io/northwind/payments-api@${INDEX}`,
    );
    assert.match(command('keys/a.pub', '.waybill.yaml'), / --key=keys\/a\.pub /);
    assert.match(command('key in .waybill.yaml:5', '.waybill.yaml'), / --key=cosign\.pub /);
    assert.match(command(null, null), / --key=cosign\.pub /);
  });

  it('cosign with the key of a publisher, where its publisher serves it', async () => {
    const [key] = PUBLISHER_KEYS;
    assert.ok(key !== undefined);
    const signed = await item('{what: signature, signer: key, signed: none}');
    assert.ok(signed.signer !== null);
    const [cosign] = repeatCommands({ ...signed, signer: { ...signed.signer, identity: key.fingerprint } }, IMAGE);
    assert.match(cosign?.command ?? '', new RegExp(`^cosign verify --key=${key.address} `));
  });

  it('none for what is not signed, or in no registry', async () => {
    assert.deepEqual(repeatCommands(await item('{what: signature, verdict: unsigned}'), IMAGE), []);
    assert.deepEqual(
      repeatCommands(await item(`{what: signature, signer: '${from.WORKFLOW}'}`), { ...IMAGE, repository: null }),
      [],
    );
  });

  it('a shell reads every word as it was, whatever a stranger chose', function () {
    this.timeout(20_000);
    const words = fc.sample(
      fc.string({ unit: fc.constantFrom(...'ab $`;()*?!~#\\{}[]\t-=%,@'), minLength: 1, maxLength: 12 }),
      200,
    );
    const safe = words.flatMap((word) => {
      const written = quoted(word);
      return written === null ? [] : [[word, written] as const];
    });
    assert.ok(safe.length > 50);
    const out = execFileSync('sh', ['-c', `printf '%s\\n' ${safe.map(([, written]) => written).join(' ')}`], {
      encoding: 'utf8',
    });
    assert.deepEqual(
      out.split('\n').slice(0, -1),
      safe.map(([word]) => word),
    );
  });

  it('does not exist where a word cannot be shown as it is, or ends a quotation or a command in some shell', async () => {
    const ends = ["a'b", 'a"b', 'a’; calc; ‘b', 'a‛b', 'a”b', 'a&b', 'a|b', 'a<b', 'a>b', 'a^b'];
    for (const bad of ['a\nb', 'a\u202eb', 'a\u0000b', '\u200b', '', ...ends])
      assert.equal(quoted(bad), null, JSON.stringify(bad));
    const found = await item(`{what: signature, signer: "${'https://x.example/\\u202egnp.exe'}"}`);
    assert.deepEqual(repeatCommands(found, IMAGE), []);
    const evil = await item(`{what: signature, signer: "https://x.example/a'; calc; '@refs/heads/b"}`);
    assert.deepEqual(repeatCommands(evil, IMAGE), []);
  });
});
