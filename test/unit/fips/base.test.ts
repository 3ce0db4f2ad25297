// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { catalogueData } from '../../../src/core/catalogue/data.ts';
import { Catalogue } from '../../../src/core/catalogue/lookup.ts';
import { judgeBase } from '../../../src/core/fips/base.ts';
import { fipsFileSchema } from '../../../src/core/fips/knowledge.ts';
import { parseImageReference } from '../../../src/core/model/image-reference.ts';

const data = catalogueData();
const catalogue = new Catalogue(data);
const TODAY = '2026-11-25';

function judge(image: string, today = TODAY) {
  const parsed = parseImageReference(image);
  assert.ok(parsed.ok, image);
  return judgeBase({ reference: parsed.value, distribution: catalogue.distribution(parsed.value) }, data, today);
}

describe('FIPS judgement of a base', () => {
  it('its knowledge fits its schema', () => {
    assert.doesNotThrow(() => fipsFileSchema.parse(data.fips));
  });

  // image: module, certificate, enforced
  const expected: Readonly<Record<string, readonly [string, string, string]>> = {
    'debian:13': ['no', 'none', 'no'],
    'python:3.13-slim': ['no', 'none', 'no'],
    'alpine:3.24': ['no', 'none', 'no'],
    'node:24-alpine': ['no', 'none', 'no'],
    'eclipse-temurin:21-jre': ['no', 'none', 'no'],
    'gcr.io/distroless/static-debian13:nonroot': ['none', 'none', 'no'],
    'gcr.io/distroless/base-debian13': ['no', 'none', 'no'],
    'cgr.dev/chainguard/node:latest': ['no', 'none', 'no'],
    'cgr.dev/acme.example/node-fips:24': ['claimed', 'active', 'configured'],
    'dhi.io/python:3.13-debian13-fips': ['claimed', 'unknown', 'unknown'],
    'dhi.io/python:3.13-debian13': ['no', 'none', 'no'],
    'registry.access.redhat.com/ubi9/ubi-minimal:9.6': ['yes', 'update', 'host'],
    'registry.access.redhat.com/ubi8/ubi:8.10': ['yes', 'historical', 'host'],
    'registry.access.redhat.com/ubi9/ubi-micro:9.6': ['unknown', 'unknown', 'host'],
    'registry.access.redhat.com/ubi10/ubi:10.1': ['unknown', 'unknown', 'host'],
    'registry.access.redhat.com/hi/python:3': ['unknown', 'unknown', 'unknown'],
    'ubuntu:22.04': ['no', 'none', 'no'],
    'ubuntu:jammy': ['no', 'none', 'no'],
    'oraclelinux:9-slim-fips': ['claimed', 'active', 'unknown'],
    'oraclelinux:8-slim-fips': ['claimed', 'historical', 'unknown'],
    'oraclelinux:9-slim': ['unknown', 'unknown', 'unknown'],
    'amazonlinux:2023': ['unknown', 'active', 'host'],
    'amazonlinux:2': ['unknown', 'historical', 'host'],
    'rockylinux:9': ['no', 'none', 'host'],
    'almalinux:9': ['unknown', 'none', 'host'],
    'registry.suse.com/bci/bci-base-fips:15.7': ['unknown', 'unknown', 'configured'],
    'mcr.microsoft.com/oss/go/microsoft/golang:1.26-fips-bookworm': ['claimed', 'unknown', 'unknown'],
    'mcr.microsoft.com/azurelinux/base/core:3.0': ['unknown', 'none', 'host'],
    'example.com/team/base-fips:1': ['unknown', 'unknown', 'unknown'],
    'example.com/team/base:1': ['unknown', 'unknown', 'unknown'],
  };
  for (const [image, answers] of Object.entries(expected)) {
    it(`${image}: ${answers.join(', ')}`, () => {
      const { module, certificate, enforced } = judge(image);
      assert.deepEqual([module.value, certificate.value, enforced.value], answers);
    });
  }

  it('never answers yes without evidence that has a source', () => {
    for (const image of data.images.images) {
      const found = judge(image.repository);
      if (found.module.value === 'yes') assert.ok(found.module.evidence[0]?.source, image.repository);
      const words = [found.module.text, found.certificate.text, found.enforced.text, ...found.limits].join(' ');
      assert.doesNotMatch(words, /complian|secure\b|\bsafe\b/i, image.repository);
    }
  });

  it('says that the provider of UBI 9 is a newer build than its certificate names, and that the host decides', () => {
    const ubi = judge('registry.access.redhat.com/ubi9/ubi-minimal:9.6');
    assert.match(ubi.certificate.text, /#4857.*3\.0\.7-cda111b5812c30d4/);
    assert.ok(ubi.limits.some((limit) => /newer build than certificate #4857/.test(limit)));
    assert.match(ubi.enforced.text, /host has to be in FIPS mode/);
  });

  it('names certificates that exist but speak of something else, without counting them', () => {
    assert.match(judge('rockylinux:9').certificate.text, /#5116.*not for what is in this image/);
    assert.match(judge('ubuntu:24.04').certificate.text, /#5115.*Ubuntu Pro/);
  });

  it('says that old certificate data is old', () => {
    assert.ok(judge('cgr.dev/acme.example/node-fips:24').limits.some((limit) => /of 2026-03-29/.test(limit)));
    assert.ok(
      !judge('cgr.dev/acme.example/node-fips:24', '2026-05-01').limits.some((limit) => /of 2026-03-29/.test(limit)),
    );
  });

  it('the same base is judged by the day: UBI 8 lost its certificates after 21 September 2026', () => {
    assert.equal(judge('registry.access.redhat.com/ubi8/ubi:8.10', '2026-09-21').certificate.value, 'active');
    assert.equal(judge('registry.access.redhat.com/ubi8/ubi:8.10', '2026-09-22').certificate.value, 'historical');
  });

  it('a name is a claim and nothing more', () => {
    for (const image of [
      'example.com/team/base-fips:1',
      'node:24-fips',
      'dhi.io/python:3-fips',
      'registry.suse.com/bci/bci-base-fips:15.7',
    ]) {
      assert.deepEqual(
        judge(image).claims.map(({ id }) => id),
        ['name-says-fips'],
        image,
      );
      assert.notEqual(judge(image).module.value, 'yes', image);
    }
    for (const image of ['example.com/team/fipster:1', 'example.com/antifips/base:1', 'debian:13']) {
      assert.deepEqual(judge(image).claims, [], image);
    }
  });
});
