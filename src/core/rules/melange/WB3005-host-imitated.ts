// SPDX-License-Identifier: Apache-2.0
import { spanOf } from '../../yaml/go/node.ts';
import { distance } from '../../yaml/go/spelling.ts';
import { hostOf, stepsOf } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

/** Hosts that much free software comes from. */
const HOSTS: ReadonlySet<string> = new Set([
  'github.com',
  'gitlab.com',
  'codeberg.org',
  'bitbucket.org',
  'sourceforge.net',
  'downloads.sourceforge.net',
  'files.pythonhosted.org',
  'pypi.org',
  'registry.npmjs.org',
  'rubygems.org',
  'static.crates.io',
  'crates.io',
  'ftp.gnu.org',
  'ftpmirror.gnu.org',
  'git.savannah.gnu.org',
  'www.kernel.org',
  'cdn.kernel.org',
  'git.kernel.org',
  'gitlab.gnome.org',
  'download.gnome.org',
  'gitlab.freedesktop.org',
  'archive.apache.org',
  'downloads.apache.org',
  'dlcdn.apache.org',
  'repo1.maven.org',
  'go.dev',
  'proxy.golang.org',
  'www.openssl.org',
  'nodejs.org',
  'www.python.org',
  'download.samba.org',
  'cpan.metacpan.org',
]);

const fetch = (uri: string): string =>
  `package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\npipeline:\n  - uses: fetch\n    with:\n      uri: ${uri}\n      expected-sha256: ${'0123456789abcdef'.repeat(4)}\n`;

/** The known host that this one could be taken for. */
function imitated(host: string): string | null {
  if (HOSTS.has(host) || host.length < 6) return null;
  for (const known of HOSTS) {
    if (distance(host, known, 1) === 1 && host.split('.').length === known.split('.').length) return known;
    if (host.startsWith(`${known}.`)) return known;
  }
  return null;
}

export const hostImitated = defineRule({
  id: 'WB3005',
  slug: 'host-imitated',
  title: 'Source host that looks like a well-known one',
  language: 'melange',
  severity: 'warning',
  category: 'build',
  since: '0.2.0',
  why: 'A host that differs from a well-known one by a letter is a slip or a trap: the checksum that is copied from there proves that the trap was fetched.',
  controls: controls('SR-11', 'SR-3'),
  examples: {
    bad: [
      { text: fetch('https://githb.com/hello/hello/archive/v1.tar.gz'), note: 'A letter is missing.' },
      { text: fetch('https://gitlab.co/hello.tar.gz'), note: 'Another ending.' },
      {
        text: fetch('https://github.com.example.net/hello.tar.gz'),
        note: 'A well-known name in front of another domain.',
      },
    ],
    good: [
      { text: fetch('https://github.com/hello/hello/archive/v1.tar.gz'), note: 'The host itself.', nearMiss: true },
      { text: fetch('https://hello.example.com/hello.tar.gz'), note: 'A host of its own.' },
      { text: fetch('https://objects.githubusercontent.com/hello.tar.gz'), note: 'A longer name that is not alike.' },
    ],
  },
  refs: ['MITRE ATT&CK T1583.001'],
  *check({ config }) {
    for (const { struct } of stepsOf(config)) {
      for (const name of ['uri', 'repository']) {
        const entry = struct.map('with').get(name);
        const host = entry === undefined ? null : hostOf(entry.value);
        const known = host === null ? null : imitated(host);
        if (entry === undefined || known === null) continue;
        yield {
          span: spanOf(entry.node),
          message: `${host} looks like ${known} and is another host. Correct it, or make sure that it is meant.`,
        };
      }
    }
  },
});
