// SPDX-License-Identifier: Apache-2.0
// Texts with a mark where the cursor stands, and a workspace to ask about them.
import { NO_WORKSPACE, type ConfigKind, type ConfigWorkspace } from '../../../src/core/config-language/model.ts';
import { createConfigLanguage, type ConfigLanguage } from '../../../src/core/config-language/service.ts';

/** Stands where the cursor is; no YAML has it. */
export const CURSOR = '‸';

const PIPELINE = `name: Build with our flags
inputs:
  flags:
    description: Flags for *our* compiler
    required: true
  level:
    default: "2"
  debug:
    default: "false"
pipeline:
  - runs: make \${{inputs.flags}}
`;

export const FILES: Readonly<Record<string, string>> = {
  'pipelines/ours/build.yaml': PIPELINE,
  'base.yaml': 'contents:\n  packages: [a]\n',
};

export const WORKSPACE: ConfigWorkspace = {
  read: (path) => FILES[path] ?? null,
  pipelines: [{ name: 'ours/build', path: 'pipelines/ours/build.yaml' }],
  includes: ['base.yaml', 'images/common.yaml'],
  packages: [
    { name: 'busybox', version: '1.37.0-r50', description: 'Many small tools' },
    { name: 'openssl', version: '3.5.0-r1', description: 'A [library](x)' },
    { name: 'openssl-dev', version: '3.5.0-r1', description: '' },
  ],
  built: [{ name: 'sibling', path: 'os/sibling.yaml' }],
};

export interface Marked {
  readonly text: string;
  readonly offset: number;
  readonly language: ConfigLanguage;
}

export function marked(source: string, kind: ConfigKind = 'melange', workspace = WORKSPACE): Marked {
  const offset = source.indexOf(CURSOR);
  if (offset < 0) throw new Error(`no cursor in ${source}`);
  const text = source.replace(CURSOR, '');
  return { text, offset, language: createConfigLanguage(kind, text, workspace) };
}

export const bare = (source: string, kind: ConfigKind): ConfigLanguage =>
  createConfigLanguage(kind, source, NO_WORKSPACE);

/** The text with the first completion of that name taken; null where there is none. Places of a snippet are left empty. */
export function taken({ text, offset, language }: Marked, label: string): string | null {
  const found = language.completions(offset);
  const item = found?.items.find((each) => each.label === label);
  if (found === null || item === undefined) return null;
  const insert = item.snippet ? item.insert.replaceAll(/\$\{\d+\}/g, '').replaceAll(/\\([\\$}])/g, '$1') : item.insert;
  return text.slice(0, found.span.start) + insert + text.slice(found.span.end);
}
