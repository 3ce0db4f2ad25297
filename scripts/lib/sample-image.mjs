// SPDX-License-Identifier: Apache-2.0
// Writes the sample image of sample/image.json as an OCI layout: package metadata only, no engine, no program.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './node24.mjs';
import { buildImage, sha256, writeOciLayout } from './oci-layout.mjs';

/** @param {{ name: string, version: string, source: string }[]} packages */
function dpkgStatus(packages) {
  return packages
    .map(({ name, version, source }) =>
      [
        `Package: ${name}`,
        'Status: install ok installed',
        'Priority: optional',
        'Section: misc',
        'Maintainer: sample',
        'Architecture: amd64',
        ...(source === name ? [] : [`Source: ${source}`]),
        `Version: ${version}`,
        'Description: entry of the Waybill sample',
        '',
        '',
      ].join('\n'),
    )
    .join('');
}

/** The sample's files as layer entries, sorted by the writer. */
function entriesOf(sample) {
  const osRelease = Object.entries(sample.osRelease).map(([key, value]) => `${key}="${value}"\n`);
  return [
    { path: 'usr/lib/os-release', data: osRelease.join('') },
    { path: 'etc/os-release', link: '../usr/lib/os-release' },
    { path: 'var/lib/dpkg/status', data: dpkgStatus(sample.debian) },
    ...sample.npm.map(({ name, version, license }) => ({
      path: `app/node_modules/${name}/package.json`,
      data: `${JSON.stringify({ name, version, license }, null, 2)}\n`,
    })),
    ...sample.python.map(({ name, version, license }) => ({
      path: `usr/lib/python3/dist-packages/${name}-${version}.dist-info/METADATA`,
      data: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nLicense: ${license}\n`,
    })),
  ];
}

/** Write the layout into `folder` unless it is there already for these inputs; answers true where it was written. */
export function ensureSampleImage(folder) {
  const text = readFileSync(join(root, 'sample', 'image.json'), 'utf8');
  const inputs = sha256(Buffer.from(text + readFileSync(new URL(import.meta.url), 'utf8')));
  const marker = join(folder, 'waybill-inputs');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === inputs) return false;
  const sample = JSON.parse(text);
  const image = buildImage({
    layers: [{ entries: entriesOf(sample), comment: 'sample/image.json' }],
    platform: sample.platform,
    created: sample.created,
    config: {
      User: 'root',
      Labels: {
        'org.opencontainers.image.title': 'waybill sample',
        'org.opencontainers.image.base.name': 'docker.io/library/debian:12',
      },
    },
  });
  writeOciLayout(folder, [image], { tag: 'sample' });
  writeFileSync(marker, inputs);
  return true;
}
