// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { catalogueData } from '../../../src/core/catalogue/data.ts';
import { Catalogue } from '../../../src/core/catalogue/lookup.ts';
import { overlayCatalogue, unknownModels } from '../../../src/core/catalogue/overlay.ts';
import { parseImageReference, type ImageReference } from '../../../src/core/model/image-reference.ts';
import {
  canonicalImage,
  expiredWaivers,
  offeredAlternatives,
  organisationImage,
  registryAllowed,
  severityOf,
  waiverOf,
  waiverSuppression,
} from '../../../src/core/policy/evaluate.ts';
import { globMatches } from '../../../src/core/policy/glob.ts';
import { NO_POLICY, type Policy } from '../../../src/core/policy/model.ts';
import { PolicyFinder } from '../../../src/core/policy/find.ts';
import { loadPolicy } from '../../../src/core/policy/loader.ts';
import { relativeTo, resolvePath } from '../../../src/core/policy/paths.ts';

const TODAY = '2026-11-25';

function reader(files: Readonly<Record<string, string>>) {
  return async (path: string): Promise<string | null> => (Object.hasOwn(files, path) ? (files[path] ?? null) : null);
}

const load = async (text: string, files: Readonly<Record<string, string>> = {}): Promise<Policy> =>
  loadPolicy('a/.waybill.yaml', reader({ 'a/.waybill.yaml': text, ...files }), text);

function image(text: string): ImageReference {
  const parsed = parseImageReference(text);
  assert.ok(parsed.ok, text);
  return parsed.value;
}

describe('which policy holds', () => {
  it('the nearest file wins, and without one the other way is taken', async () => {
    const read = reader({ '.waybill.yaml': 'fips: off\n', 'a/b/.waybill.yml': 'fips: required\n' });
    const finder = new PolicyFinder(read, async () => NO_POLICY);
    assert.equal((await finder.policyFor('a/b/Dockerfile')).fips.final?.value, 'required');
    assert.equal((await finder.policyFor('a/Dockerfile')).fips.final?.value, 'off');
    assert.equal((await finder.policyFor('Dockerfile')).fips.final?.value, 'off');
    assert.equal(await new PolicyFinder(reader({}), async () => NO_POLICY).policyFor('q/Dockerfile'), NO_POLICY);
  });

  it('looks at every folder once and never above the root, however many files there are', async () => {
    const asked: string[] = [];
    const read = async (path: string): Promise<string | null> => {
      asked.push(path);
      return path === 'a/.waybill.yaml' ? 'extends: ../org.yaml\n' : null;
    };
    const finder = new PolicyFinder(read, async () => NO_POLICY);
    const files = Array.from({ length: 1000 }, (_, i) => `a/${i % 10}/Dockerfile.${i}`);
    const policies = await Promise.all(files.map((file) => finder.policyFor(file)));
    assert.equal(new Set(policies).size, 1);
    assert.equal(asked.length, new Set(asked).size);
    assert.deepEqual(asked.toSorted().slice(-2), ['a/9/.waybill.yml', 'org.yaml']);
    assert.equal(asked.length, 10 * 2 + 1 + 1);
    await finder.policyFor('/elsewhere/Dockerfile');
    await finder.policyFor('../../Dockerfile');
  });

  it('works out paths', () => {
    assert.equal(resolvePath('a/b', '../c.yaml'), 'a/c.yaml');
    assert.equal(resolvePath('', '../c.yaml'), '../c.yaml');
    assert.equal(resolvePath('/a', '../../../c.yaml'), '/c.yaml');
    assert.equal(resolvePath('a', '/etc/p.yaml'), '/etc/p.yaml');
    assert.equal(relativeTo('a', 'a/b/c'), 'b/c');
    assert.equal(relativeTo('a', 'ab/c'), null);
  });
});

describe('extends', () => {
  it('the nearer word wins, part by part; lists add up', async () => {
    const policy = await load(
      'extends: ../org.yaml\nfips: {final: required}\nrules: {a: error}\nwaivers:\n  - {rule: x, owner: o, reason: r, expires: 2027-01-31}\n',
      {
        'org.yaml':
          'fips: {final: off, builder: preferred}\nminimal: required\nrules: {a: hint, b: warning}\nregistries: {allowed: [r/**]}\nwaivers:\n  - {rule: y, owner: o, reason: r, expires: 2027-01-31}\n',
      },
    );
    assert.deepEqual(policy.problems, []);
    assert.equal(policy.fips.final?.value, 'required');
    assert.deepEqual([policy.fips.builder?.value, policy.fips.builder?.path], ['preferred', 'org.yaml']);
    assert.equal(policy.minimal.final?.value, 'required');
    assert.equal(policy.minimal.builder, null);
    assert.deepEqual(policy.severities, { a: 'error', b: 'warning' });
    assert.deepEqual(
      policy.waivers.map(({ value }) => value.rule),
      ['x', 'y'],
    );
    assert.deepEqual(policy.files, ['a/.waybill.yaml', 'org.yaml']);
  });

  it('a circle, a missing file and an address are problems on their line, and the rest holds', async () => {
    const circle = await load('extends: ../b.yaml\nfips: required\n', {
      'b.yaml': 'extends: a/.waybill.yaml\nminimal: required\n',
    });
    assert.match(circle.problems[0]?.message ?? '', /circle: a\/\.waybill\.yaml → b\.yaml → a\/\.waybill\.yaml/);
    assert.equal(circle.minimal.final?.value, 'required');
    const missing = await load('fips: required\nextends: [nowhere.yaml]\n');
    assert.deepEqual(
      missing.problems.map(({ message, range }) => [message, range.start.line, range.start.column]),
      [['nowhere.yaml cannot be read. Paths are relative to this file and stay in its repository.', 2, 11]],
    );
    assert.equal(missing.fips.final?.value, 'required');
    assert.match(
      (await load('extends: https://example.com/p.yaml\n')).problems[0]?.message ?? '',
      /nothing is fetched/,
    );
    assert.match((await load('extends: .waybill.yaml\n')).problems[0]?.message ?? '', /circle/);
  });

  it('depth and number of files are bounded', async () => {
    const chain = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`c${i}.yaml`, `extends: c${i + 1}.yaml\n`]));
    const deep = await load('extends: ../c0.yaml\n', chain);
    assert.ok(deep.files.length <= 8);
    assert.match(deep.problems.at(-1)?.message ?? '', /at most 8 deep/);
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`m${i}.yaml`, 'minimal: off\n']));
    const wide = await load(
      `extends: [${Object.keys(many)
        .map((name) => `../${name}`)
        .join(', ')}]\n`,
      many,
    );
    assert.equal(wide.files.length, 32);
    assert.match(wide.problems[0]?.message ?? '', /at most 32 files/);
  });

  it('a file that two others build on is read once', async () => {
    const policy = await load('extends: [../x.yaml, ../y.yaml]\n', {
      'x.yaml': 'extends: z.yaml\n',
      'y.yaml': 'extends: z.yaml\n',
      'z.yaml': 'waivers:\n  - {rule: a, owner: o, reason: r, expires: 2027-01-31}\n',
    });
    assert.deepEqual(policy.problems, []);
    assert.equal(policy.waivers.length, 1);
  });
});

describe('what a policy answers', () => {
  it('severity by name or id', async () => {
    const policy = await load('rules: {base-not-minimal: error, WB1003: off}\n');
    assert.equal(severityOf(policy, { id: 'WB1001', slug: 'base-not-minimal' }), 'error');
    assert.equal(severityOf(policy, { id: 'WB1003', slug: 'base-end-of-life' }), 'off');
    assert.equal(severityOf(policy, { id: 'WB1004', slug: 'mutable-tag' }), null);
    assert.equal(severityOf(policy, { id: 'constructor', slug: 'toString' }), null);
  });

  it('a single word speaks of the final stage only', async () => {
    const policy = await load('fips: required\n');
    assert.deepEqual([policy.fips.final?.value, policy.fips.builder, policy.fips.final?.line], ['required', null, 1]);
  });

  it('registries by pattern', async () => {
    const policy = await load('registries: {allowed: ["registry.example.com/**", "docker.io/library/*"]}\n');
    assert.equal(registryAllowed(policy, image('registry.example.com/a/b/c:1')), true);
    assert.equal(registryAllowed(policy, image('node:24')), true);
    assert.equal(registryAllowed(policy, image('grafana/grafana')), false);
    assert.equal(registryAllowed(NO_POLICY, image('grafana/grafana')), true);
    assert.equal(registryAllowed(await load('registries: {allowed: []}\n'), image('node')), false);
  });

  const waivers = `waivers:
  - {rule: base-end-of-life, scope: {files: ["old/**"], bases: ["docker.io/library/node:18*"]}, owner: pay, reason: soon, expires: 2026-11-25}
  - {rule: WB1004, owner: pay, reason: was so, expires: 2026-11-01}
  - {vulnerability: CVE-2026-1234, scope: {packages: ["openssl", "pkg:deb/debian/openssl@*"], images: ["ghcr.io/acme/**"]}, owner: sec, reason: not reachable, expires: 2027-01-31}
`;

  it('a waiver holds through its last day, for what its scope says', async () => {
    const policy = await load(waivers);
    const target = {
      kind: 'rule',
      ids: ['WB1003', 'base-end-of-life'],
      file: 'a/old/x/Dockerfile',
      base: image('node:18-alpine'),
    } as const;
    assert.equal(waiverOf(policy, target, '2026-11-25')?.expired, false);
    assert.equal(waiverOf(policy, target, '2026-11-26')?.expired, true);
    assert.equal(waiverOf(policy, { ...target, file: 'a/new/Dockerfile' }, TODAY), null);
    assert.equal(waiverOf(policy, { ...target, file: 'old/Dockerfile' }, TODAY), null);
    assert.equal(waiverOf(policy, { ...target, base: image('node:20') }, TODAY), null);
    assert.equal(waiverOf(policy, { kind: 'rule', ids: target.ids }, TODAY), null);
    assert.equal(waiverOf(policy, { ...target, kind: 'vulnerability' }, TODAY), null);
    const match = waiverOf(policy, target, TODAY);
    assert.deepEqual(match === null ? null : waiverSuppression(match.waiver), {
      by: 'waiver',
      owner: 'pay',
      reason: 'soon',
      expires: '2026-11-25',
    });
  });

  it('a vulnerability matches by any of its aliases', async () => {
    const policy = await load(waivers);
    const target = {
      kind: 'vulnerability',
      ids: ['GHSA-x', 'cve-2026-1234'],
      images: ['ghcr.io/acme/pay/api:1'],
      packages: ['openssl'],
    } as const;
    assert.equal(waiverOf(policy, target, TODAY)?.waiver.value.owner, 'sec');
    assert.equal(waiverOf(policy, { ...target, packages: ['pkg:deb/debian/openssl@3.5.4'] }, TODAY)?.expired, false);
    assert.equal(waiverOf(policy, { ...target, packages: ['openssh'] }, TODAY), null);
    assert.equal(waiverOf(policy, { ...target, ids: ['GHSA-x'] }, TODAY), null);
  });

  it('an expired waiver is a finding on its own line', async () => {
    const found = expiredWaivers(await load(waivers), TODAY);
    assert.deepEqual(
      found.map(({ message, range, path }) => [message, range.start.line, path]),
      [['Waiver for WB1004 ended on 2026-11-01. Renew it with a reason or fix the finding.', 3, 'a/.waybill.yaml']],
    );
    assert.equal(expiredWaivers(await load(waivers), '2026-11-26').length, 2);
  });

  it('mirrors are seen through, and fixes go back through them', async () => {
    const policy = await load(
      'images:\n  - {from: docker.io/library/, to: registry.example.com/hub/}\n  - {from: dhi.io/node, to: registry.example.com/hard/node}\n',
    );
    assert.deepEqual(canonicalImage(policy, image('registry.example.com/hub/node:24')), image('node:24'));
    assert.deepEqual(organisationImage(policy, image('node:24')), image('registry.example.com/hub/node:24'));
    assert.deepEqual(canonicalImage(policy, image('registry.example.com/hard/node:24')), image('dhi.io/node:24'));
    assert.deepEqual(
      canonicalImage(policy, image('registry.example.com/other:1')),
      image('registry.example.com/other:1'),
    );
    assert.deepEqual(organisationImage(policy, image('dhi.io/nodejs:1')), image('dhi.io/nodejs:1'));
  });

  it('paid alternatives only for those who have a right to them', async () => {
    const all = new Catalogue(catalogueData()).find(image('node'))?.alternatives ?? [];
    const paid = all.filter((each) => each.paid === true);
    assert.ok(paid.length > 0);
    assert.ok(offeredAlternatives(NO_POLICY, all, catalogueData()).every((each) => each.paid !== true));
    const offered = offeredAlternatives(await load('entitlements: [chainguard]\n'), all, catalogueData());
    assert.ok(offered.some((each) => each.paid === true && each.image.startsWith('cgr.dev/')));
    assert.ok(!offered.some((each) => each.paid === true && each.image.startsWith('dhi.io/')));
  });
});

describe('catalogue overlay', () => {
  const overlay = async (text: string) => {
    const policy = await load(`catalogue:\n${text}`);
    assert.deepEqual(policy.problems, []);
    return { policy, catalogue: new Catalogue(overlayCatalogue(catalogueData(), policy, TODAY)) };
  };

  it('adds an image of one’s own, like another one, and says where that was said', async () => {
    const { catalogue } = await overlay('  - {image: registry.example.com/base/node, like: node, user: 1000}\n');
    const own = image('registry.example.com/base/node:24');
    assert.equal(catalogue.packageManager(own)?.value, 'apt');
    assert.equal(catalogue.user(own)?.value, '1000');
    assert.equal(catalogue.user(own)?.source?.title, 'a/.waybill.yaml:2');
    assert.equal(catalogue.user(image('node:24'))?.value, 'root');
  });

  it('replaces a wrong fact and leaves the others, by whatever name the image has', async () => {
    const { catalogue } = await overlay(
      '  - {image: public.ecr.aws/docker/library/node, user: node, minimal: registry.example.com/min/node}\n',
    );
    assert.equal(catalogue.user(image('node:24'))?.value, 'node');
    assert.equal(catalogue.packageManager(image('node:24'))?.value, 'apt');
    const minimal = catalogue.find(image('node'))?.alternatives.filter((each) => each.for === 'minimal') ?? [];
    assert.deepEqual(
      minimal.map((each) => [each.image, each.checked]),
      [['registry.example.com/min/node', true]],
    );
  });

  it('leaves the shipped data as it is, and names models that nobody knows', async () => {
    const data = catalogueData();
    const before = JSON.stringify(data.images.images.length);
    const { policy } = await overlay('  - {image: a.example/x, like: no-such-image}\n');
    overlayCatalogue(data, policy, TODAY);
    assert.equal(JSON.stringify(data.images.images.length), before);
    assert.equal(unknownModels(data, policy.catalogue).length, 1);
    assert.equal(overlayCatalogue(data, NO_POLICY, TODAY), data);
  });
});

describe('patterns', () => {
  it('one star stays in its part, two cross parts', () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ['a/*', 'a/b', true],
      ['a/*', 'a/b/c', false],
      ['a/**', 'a/b/c', true],
      ['**/x', 'x', true],
      ['**/x', 'a/b/x', true],
      ['**/x', 'a/bx', false],
      ['a/**/x', 'a/x', true],
      ['?.y', 'a.y', true],
      ['?.y', '/.y', false],
      ['*', '', true],
      ['', '', true],
      ['a', 'ab', false],
      ['a.b', 'axb', false],
      ['*.*.*', 'a.b.c', true],
    ];
    for (const [pattern, text, expected] of cases)
      assert.equal(globMatches(pattern, text), expected, `${pattern} ${text}`);
  });

  it('no pattern takes long', () => {
    assert.equal(globMatches('*a'.repeat(200), 'a'.repeat(1000) + 'b'), false);
    assert.equal(globMatches('**a'.repeat(150), 'a'.repeat(1000) + 'b'), false);
  });
});
