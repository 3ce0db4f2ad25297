// SPDX-License-Identifier: Apache-2.0
import type { TextEdit } from '../../text/edit.ts';
import type { SourceText } from '../../text/source-text.ts';
import { spanOf, type GoNode } from '../../yaml/go/node.ts';
import type { GoStruct } from '../../yaml/go/types.ts';
import { blockAtEnd, entriesInto } from '../config-edits.ts';
import { keySpan } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const CONTENTS = 'contents:\n  packages: [app]\n';
const USER = '  users:\n    - username: nonroot\n      uid: 65532\n';

/** By convention the user without rights of distroless images. */
const NOBODY = '65532';
const OWN_USER = [
  'users:',
  '  - username: nonroot',
  `    uid: ${NOBODY}`,
  `    gid: ${NOBODY}`,
  'groups:',
  '  - groupname: nonroot',
  `    gid: ${NOBODY}`,
];

/** Names the user, and makes one where the file has neither users nor groups of its own. */
function withUser(config: GoStruct, root: GoNode, source: SourceText, user: string): TextEdit | null {
  const accounts = config.struct('accounts');
  const node = accounts?.node('run-as') ?? null;
  const known = (accounts?.structs('users').length ?? 0) > 0;
  if (!known && ['users', 'groups'].some((field) => accounts?.fields.has(field))) return null;
  if (accounts === null) {
    const lines = [`run-as: ${user}`, ...OWN_USER].map((line) => `  ${line}`);
    return config.fields.has('accounts') ? null : blockAtEnd(root, source, ['accounts:', ...lines]);
  }
  if (node === null)
    return entriesInto(config.node('accounts'), source, [`run-as: ${user}`, ...(known ? [] : OWN_USER)]);
  if (known) return { span: spanOf(node), newText: user };
  // One edit for both, where the key is the first of its block.
  const first = entriesInto(config.node('accounts'), source, OWN_USER);
  const start = accounts.fields.get('run-as')?.key?.start;
  return first !== null && first.span.start === start
    ? { span: { start: first.span.start, end: node.end }, newText: `${first.newText}run-as: ${user}` }
    : null;
}

export const apkoRunsAsRoot = defineRule({
  id: 'WB2012',
  slug: 'apko-runs-as-root',
  title: 'Image runs as root',
  language: 'apko',
  severity: 'warning',
  category: 'runtime',
  since: '0.2.0',
  why: 'A program that runs as root and is taken over owns the container, and what the host gives to it. apko runs it as root unless accounts.run-as names another user.',
  controls: controls('AC-6', 'AC-6(10)'),
  examples: {
    bad: [
      { text: `${CONTENTS}entrypoint:\n  command: /usr/bin/app\n`, note: 'No user is named.' },
      { text: `${CONTENTS}accounts:\n  run-as: 0\n`, note: 'Root by its number.' },
      {
        text: `${CONTENTS}accounts:\n  run-as: root\n${USER}`,
        note: 'Root by its name, though another user is there.',
      },
      { text: `${CONTENTS}accounts:\n${USER}`, note: 'A user that nothing runs as.' },
    ],
    good: [
      { text: `${CONTENTS}accounts:\n  run-as: 65532\n`, note: 'A number.' },
      { text: `${CONTENTS}accounts:\n  run-as: nonroot\n${USER}`, note: 'A user of the file.', nearMiss: true },
      { text: 'include: base.apko.yaml\n', note: 'What is included may name the user.' },
    ],
  },
  refs: ['apko: accounts.run-as', 'NIST SP 800-190, 4.4.3'],
  *check({ config, root, source }) {
    if (config.string('include') !== '') return;
    if ((config.struct('contents')?.struct('baseimage') ?? null) !== null) return;
    const accounts = config.struct('accounts');
    const runAs = accounts?.string('run-as') ?? '';
    const first = accounts?.structs('users')[0]?.value;
    const user = first === undefined ? null : first.number('uid').toString();
    if (runAs !== '' && !/^(?:0+|root)(?::.*)?$/.test(runAs)) return;
    const node = accounts?.node('run-as') ?? null;
    const place = ['contents', 'entrypoint', 'accounts'].reduce(
      (span, field) => keySpan(config, field, span),
      spanOf(root),
    );
    const named = user ?? NOBODY;
    const edit = withUser(config, root, source, named);
    yield {
      span: node === null ? place : spanOf(node),
      message:
        node === null
          ? `No user is named, so the image runs as root. Add "run-as: ${named}" under accounts.`
          : `The image runs as root. Name another user, for example "run-as: ${named}".`,
      fixes:
        edit === null
          ? []
          : [
              {
                title: user === null ? `Run as a user of its own, ${named}` : `Run as ${named}`,
                edits: [edit],
                caveat: 'the program may need files that only root may read',
                ...(node !== null && user !== null ? { preferred: true } : {}),
              },
            ],
    };
  },
});
