// SPDX-License-Identifier: Apache-2.0
// `big`: eight thousand npm packages (their package.json only), so that lists, filters and stores meet a large image.
// Names and versions are made up, except that every 500th package is one with published advisories.
import { type BuiltImage, type Entry, buildImage } from '../../../scripts/lib/oci-layout.mjs';
import { CREATED } from './goapp.ts';

const PACKAGES = 8000;
const WORDS = [
  'lantern',
  'harbour',
  'ferry',
  'anchor',
  'ledger',
  'parcel',
  'crane',
  'dock',
  'cargo',
  'manifest',
  'tide',
];
const LICENCES = ['MIT', 'ISC', 'Apache-2.0', 'BSD-3-Clause', 'BSD-2-Clause', '(MIT OR CC0-1.0)'];
const KNOWN = [
  { name: 'lodash', version: '4.17.20' },
  { name: 'minimist', version: '1.2.5' },
  { name: 'axios', version: '0.21.1' },
  { name: 'express', version: '4.17.1' },
] as const;

const pick = <T>(list: readonly T[], at: number): T => list[at % list.length] as T;

function packageEntry(at: number): Entry {
  const word = pick(WORDS, at);
  const known = at % 500 === 0 ? pick(KNOWN, at / 500) : undefined;
  const name = known?.name ?? (at % 7 === 0 ? `@scope${at % 40}/${word}-${at}` : `${word}-${at}`);
  const nested = known === undefined && at % 11 === 0 ? `node_modules/parent-${at % 300}/` : '';
  const manifest = {
    name,
    version: known?.version ?? `${at % 9}.${at % 17}.${at % 23}`,
    description: `package ${at}`,
    license: pick(LICENCES, at),
    author: `dev${at % 500} <dev${at % 500}@example.invalid>`,
    homepage: `https://example.invalid/${word}`,
  };
  const app = Math.floor(at / 1000);
  return { path: `srv/app${app}/${nested}node_modules/${name}/package.json`, data: JSON.stringify(manifest) };
}

/** The image, made in memory. */
export function bigImage(): BuiltImage {
  const entries = Array.from({ length: PACKAGES }, (_, at) => packageEntry(at));
  return buildImage({
    created: CREATED,
    gzip: true,
    layers: [
      {
        entries: [
          {
            path: 'etc/os-release',
            data: 'ID=wolfi\nNAME="Wolfi"\nPRETTY_NAME="Wolfi"\nVERSION_ID="20230201"\nHOME_URL="https://wolfi.dev"\n',
          },
        ],
      },
      { entries },
    ],
    config: { Cmd: ['/bin/true'] },
  });
}
