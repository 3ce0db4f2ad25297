// SPDX-License-Identifier: Apache-2.0
import type { Fix, RawFinding } from '../../model/finding.ts';
import type { SourceText } from '../../text/source-text.ts';
import { spanOf, type GoNode } from '../../yaml/go/node.ts';
import type { GoStruct, Placed } from '../../yaml/go/types.ts';
import { splitPackage } from '../config-values.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';

const HEAD = 'package:\n  name: hello\n  version: 1.0.0\n  epoch: 0\n';

/** Removes an item that stands on a line of its own. */
function removeLine(node: GoNode, source: SourceText): Fix[] {
  const { line } = source.positionAt(node.start);
  const { start, end } = source.lineSpan(line);
  if (!/^\s*- /.test(source.text.slice(start, node.start)) || source.text.slice(node.end, end).trim() !== '') return [];
  const next = line < source.lineCount ? source.lineSpan(line + 1).start : end;
  return [{ title: 'Remove the second one', edits: [{ span: { start, end: next }, newText: '' }], preferred: true }];
}

function* repeated(list: readonly Placed<string>[], source: SourceText): Generator<RawFinding> {
  const seen = new Map<string, GoNode>();
  for (const { value, node } of list) {
    const first = seen.get(value);
    if (first === undefined) seen.set(value, node);
    else {
      yield {
        span: spanOf(node),
        message: `${JSON.stringify(value)} is in this list already. Remove one of the two.`,
        related: [{ span: spanOf(first), message: 'It stands here first' }],
        fixes: removeLine(node, source),
      };
    }
  }
}

function* selfDependency(owner: GoStruct, name: string): Generator<RawFinding> {
  for (const { value, node } of owner.struct('dependencies')?.strings('runtime') ?? []) {
    if (splitPackage(value).name !== name && value !== '${{package.name}}') continue;
    if (value === '${{package.name}}' && owner.type.name !== 'melange.Package') continue;
    yield { span: spanOf(node), message: `The package depends on itself. Remove ${JSON.stringify(value)}.` };
  }
}

export const dependencyRepeated = defineRule({
  id: 'WB3006',
  slug: 'dependency-repeated',
  title: 'Dependency stands twice, or on itself',
  language: 'melange',
  severity: 'warning',
  category: 'build',
  since: '0.2.0',
  why: 'A dependency that stands twice gets removed or changed once, and the other one stays. A package that depends on itself cannot be installed for the first time.',
  controls: controls('CM-2', 'CM-8'),
  examples: {
    bad: [
      {
        text: `${HEAD}environment:\n  contents:\n    packages:\n      - busybox\n      - build-base\n      - busybox\n`,
        note: 'Twice in the build environment.',
      },
      { text: `${HEAD}  dependencies:\n    runtime: [openssl, openssl]\n`, note: 'Twice at run time.' },
      { text: `${HEAD}  dependencies:\n    runtime:\n      - hello\n`, note: 'On itself.' },
    ],
    good: [
      {
        text: `${HEAD}  dependencies:\n    runtime: [busybox]\nenvironment:\n  contents:\n    packages: [busybox]\n`,
        note: 'Once in each list.',
      },
      {
        text: `${HEAD}  dependencies:\n    runtime: [hello-data]\n`,
        note: 'On another package whose name begins alike.',
        nearMiss: true,
      },
      {
        text: `${HEAD}subpackages:\n  - name: hello-dev\n    dependencies:\n      runtime: ["\${{package.name}}"]\n`,
        note: 'A subpackage on its package.',
      },
    ],
  },
  refs: ['melange: dependencies.runtime, environment.contents.packages'],
  *check({ config, source }) {
    const pack = config.struct('package');
    const owners = [...(pack === null ? [] : [pack]), ...config.structs('subpackages').map(({ value }) => value)];
    for (const owner of owners) {
      for (const field of ['runtime', 'provides', 'replaces']) {
        yield* repeated(owner.struct('dependencies')?.strings(field) ?? [], source);
      }
      yield* selfDependency(owner, owner.string('name'));
      yield* repeated(
        owner.struct('test')?.struct('environment')?.struct('contents')?.strings('packages') ?? [],
        source,
      );
    }
    for (const environment of [config.struct('environment'), config.struct('test')?.struct('environment') ?? null]) {
      yield* repeated(environment?.struct('contents')?.strings('packages') ?? [], source);
    }
  },
});
