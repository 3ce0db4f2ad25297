// SPDX-License-Identifier: Apache-2.0
// The examples of rules about images are YAML: what was found beside one. Here they become discoveries and judgements, and
// go the whole way from there: what a statement says, the level, the policy, the rules.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { assemble, type Assembled, type JudgedItem } from '../../src/core/attestations/assemble.ts';
import type { Discovery, EvidencePlace, Judgement, Signer } from '../../src/core/attestations/model.ts';
import { trustRuleFor } from '../../src/core/attestations/trust.ts';
import { loadPolicy } from '../../src/core/policy/loader.ts';
import type { Policy, TrustRule } from '../../src/core/policy/model.ts';
import { parseYaml, plainValue } from '../../src/core/yaml/parse.ts';
import { certificate, INDEX, KEY, SUBJECTS } from '../unit/attestations/evidence.ts';
import * as from from '../unit/attestations/statements.ts';

export const NOW = Date.parse('2026-11-24T12:00:00Z');
export const SOURCE = { scheme: 'registry', target: 'ghcr.io/northwind/payments-api:4.7.1' } as const;

/** One line of an example. */
interface ExampleItem {
  readonly what: string;
  readonly verdict?: Judgement['verdict'];
  readonly code?: string;
  readonly reason?: string;
  readonly signer?: string;
  readonly issuer?: string;
  readonly runner?: string;
  readonly about?: 'this' | 'platform' | 'another' | 'attestation-manifest';
  readonly root?: string;
  readonly rootAsOf?: string;
  readonly signed?: string;
}

const DIGESTS = {
  this: INDEX,
  platform: SUBJECTS[1].digest,
  another: `sha256:${'b'.repeat(64)}`,
  'attestation-manifest': SUBJECTS[2].digest,
};

function statementOf({ what, signer, about = 'this' }: ExampleItem): unknown {
  const subject = [{ name: 'app', digest: { sha256: DIGESTS[about].slice('sha256:'.length) } }];
  switch (what) {
    case 'signature':
      return from.statement('https://sigstore.dev/cosign/sign/v1', {}, { subject });
    case 'provenance':
      return { ...from.githubV1({ builder: signer ?? from.WORKFLOW }), subject };
    case 'spdx': {
      const document = {
        spdxVersion: 'SPDX-2.3',
        creationInfo: { creators: ['Tool: syft-1.54.0'] },
        packages: [{}, {}],
      };
      return from.statement('https://spdx.dev/Document/v2.3', document, { subject });
    }
    case 'cyclonedx':
      return from.statement(
        'https://cyclonedx.org/bom',
        { bomFormat: 'CycloneDX', specVersion: '1.6', components: [{}] },
        { subject },
      );
    case 'vulnerabilities':
      return from.statement(
        'https://cosign.sigstore.dev/attestation/vuln/v1',
        { scanner: { uri: 'grype' } },
        { subject },
      );
    default:
      return from.statement(what, {}, { subject });
  }
}

function signerOf({ signer, issuer, runner }: ExampleItem): Signer | null {
  if (signer === undefined) return null;
  if (signer === 'key')
    return { kind: 'key', identity: KEY.fingerprint ?? '', issuer: null, extensions: {}, certificate: null };
  const found = certificate(signer, runner === undefined ? {} : { runnerEnvironment: runner });
  return issuer === undefined ? found : { ...found, issuer };
}

function judged(item: ExampleItem, index: number): JudgedItem {
  const {
    verdict = 'verified',
    code,
    reason,
    about = 'this',
    root = 'seed',
    rootAsOf = '2026-11-21',
    signed = '2026-11-22',
  } = item;
  const statement = statementOf(item);
  const time = signed === 'none' ? null : `${signed}T16:41:09.000Z`;
  return {
    item: {
      kind: item.what === 'notation' ? 'notation-signature' : verdict === 'unsigned' ? 'buildkit-statement' : 'bundle',
      place: 'referrers',
      subject: INDEX,
      manifestDigest: DIGESTS['attestation-manifest'],
      digest: `sha256:${createHash('sha256')
        .update(`${index} ${JSON.stringify(item)}`)
        .digest('hex')}`,
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      annotations: {},
      bytes: null,
      problem: null,
    },
    judgement: {
      verdict,
      code: code ?? (verdict === 'verified' ? 'ok' : verdict),
      reason: reason ?? '',
      checks: [
        ...(verdict === 'verified' && item.signer !== 'key' && item.root !== 'tuf:tuf-repo.github.com'
          ? [{ id: 'sct', state: 'passed', detail: '' } as const]
          : []),
        { id: 'signature', state: verdict === 'verified' ? 'passed' : 'failed', detail: '' },
      ],
      signer: verdict === 'verified' ? signerOf(item) : null,
      logEntries:
        time === null || verdict !== 'verified'
          ? []
          : [{ log: 'rekor.example', index: '7', integrated: time, kind: 'dsse' }],
      times: time === null || verdict !== 'verified' ? [] : [{ source: 'log', time }],
      root: verdict === 'verified' ? { source: root, asOf: rootAsOf } : null,
      content: item.what === 'signature' ? 'signature' : item.what === 'notation' ? 'other' : 'attestation',
      predicateType: null,
      statement,
    },
    document: about === 'this' ? undefined : null,
  };
}

export interface Example extends Assembled {
  readonly policy: Policy | null;
  readonly rule: TrustRule | null;
}

/** What an example comes to, under a policy file or without one. `cosign.pub` is the key of the examples. */
export async function exampleEvidence(yaml: string, policyText?: string, mistakes = 0): Promise<Example> {
  const { root, problems } = parseYaml(yaml);
  assert.deepEqual(problems, []);
  assert.ok(root !== null, yaml);
  const { items = [], places } = plainValue(root) as {
    items?: readonly ExampleItem[];
    places?: readonly (Pick<EvidencePlace, 'kind' | 'state'> & { reason?: string })[];
  };
  const discovery: Discovery = {
    subjects: SUBJECTS,
    places: (places ?? [{ kind: 'referrers', state: items.length > 0 ? 'ok' : 'absent' }]).map(
      ({ kind, state, reason }) => ({
        kind,
        subject: INDEX,
        address: `https://ghcr.io/v2/northwind/payments-api/${kind}`,
        state,
        reason: reason ?? null,
      }),
    ),
    items: [],
  };
  const policy =
    policyText === undefined
      ? null
      : await loadPolicy('.waybill.yaml', async (path) => (path === 'cosign.pub' ? KEY.pem : null), policyText);
  assert.equal(policy?.problems.length ?? 0, mistakes, policyText);
  const found = policy === null ? null : trustRuleFor(policy, SOURCE);
  const rule: TrustRule | null =
    found === null
      ? null
      : {
          ...found,
          signers: found.signers.map((each) =>
            each.kind === 'key' ? { ...each, fingerprint: KEY.fingerprint } : each,
          ),
        };
  return { ...assemble({ discovery, judged: items.map(judged), policy, rule, now: NOW }), policy, rule };
}
