// SPDX-License-Identifier: Apache-2.0
import type { StructType } from '../yaml/go/types.ts';
import type { ConfigKind, ConfigWorkspace } from './model.ts';
import { inputsOf, namesOf, type Names } from './references.ts';
import type { Variable, VariableScope } from './scope.ts';
import { readTree, rootType, type Tree } from './tree.ts';
import { ancestors, frameAt, isField, rootFrame, type Frame } from './walk.ts';
import { entryOf } from '../yaml/go/node.ts';
import { unwrapped } from './place.ts';

/** What the services know of one text; everything in it is worked out once. */
export interface Analysis {
  readonly kind: ConfigKind;
  readonly text: string;
  readonly workspace: ConfigWorkspace;
  readonly type: StructType;
  /** Null where nothing is written. */
  readonly root: Frame | null;
  /** True where the text was read as the tools read it. */
  readonly exact: boolean;
  readonly names: Names;
}

/** Completion of a key needs no tree: it is read when it is first asked for. */
export function analyse(kind: ConfigKind, text: string, workspace: ConfigWorkspace): Analysis {
  const type = rootType(kind);
  let tree: Tree | null = null;
  let names: Names | null = null;
  const read = (): Tree => (tree ??= readTree(text));
  return {
    kind,
    text,
    workspace,
    type,
    get root() {
      const { root } = read();
      return root === null ? null : rootFrame(root, type);
    },
    get exact() {
      return read().exact;
    },
    get names() {
      return (names ??= namesOf(read().root));
    },
  };
}

/** The variables that a place has beside those of the file. */
export function scopeOfFrame(frame: Frame): VariableScope {
  let step = false;
  let subpackage = false;
  let range = false;
  const inputs: Variable[] = [];
  for (const each of ancestors(frame)) {
    const type = unwrapped(each.type);
    if (type?.kind !== 'struct') continue;
    if (type.name === 'melange.Pipeline') {
      step = true;
      for (const { name, value } of inputsOf(each)) inputs.push({ name, about: 'input of this pipeline', value });
    } else if (type.name === 'melange.Subpackage') {
      subpackage = true;
      range ||= entryOf(each.node, 'range') !== null;
    }
  }
  return { step, subpackage, range, inputs };
}

/** The scope of an offset by what is written around it. */
export function scopeAt({ root }: Analysis, offset: number): VariableScope {
  const found = root === null ? null : frameAt(root, offset);
  const frame = found?.frame ?? root;
  return frame === null ? { step: false, subpackage: false, range: false, inputs: [] } : scopeOfFrame(frame);
}

/** The pipeline that a step takes its inputs from, by the frame of its `with` or anything in it; '' for none. */
export function usesOf(frame: Frame): string {
  for (const each of ancestors(frame)) {
    if (!isField(each, 'melange.Pipeline', 'with') || each.parent === null) continue;
    const uses = entryOf(each.parent.node, 'uses')?.value;
    return uses?.kind === 'scalar' ? uses.value : '';
  }
  return '';
}
