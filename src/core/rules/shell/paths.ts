// SPDX-License-Identifier: Apache-2.0
import type { Instruction, Stage } from '../../dockerfile/model.ts';
import type { Invocation } from './invocation.ts';

/** The folder in which a base image starts: nobody knows it, and it stays the same one. */
const UNKNOWN_FOLDER = '.';
/** Spellings that braces may grow to; what makes more is kept as it is written. */
const MAX_SPELLINGS = 64;
/** No path is longer; the time for braces grows with the square. */
const MAX_PATH = 1000;

/** A path seen from a folder, without `.`, `..` and doubled slashes; variables stay in it as `$NAME`. */
export function joinPath(folder: string, path: string): string {
  // What begins with a variable or a tilde is one folder wherever it is written.
  const whole = /^[/$~]/.test(path) ? path : `${folder}/${path}`;
  if (whole.startsWith('/') && !/\/\/|\/\.|\/$|\$\{/.test(whole)) return whole;
  const parts: string[] = [];
  for (const part of whole.replaceAll(/\$\{([A-Za-z_]\w*)\}/g, '$$$1').split('/')) {
    const last = parts.at(-1);
    if (part === '..' && last !== undefined && last !== '..' && last !== UNKNOWN_FOLDER && !/^[$~]/.test(last)) {
      parts.pop();
    } else if (part !== '' && (part !== '.' || (parts.length === 0 && !whole.startsWith('/')))) parts.push(part);
  }
  return `${whole.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}

/** `/var/lib/{apt,dpkg}` as a shell with braces spells it out. */
export function spellings(path: string): readonly string[] {
  if (!path.includes('{')) return [path];
  if (path.length > MAX_PATH) return [];
  let found = [path];
  for (;;) {
    const next = found.flatMap((each) => {
      const [whole, before = '', inner = '', after = ''] = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(each) ?? [];
      return whole === undefined ? [each] : inner.split(',').map((part) => before + part + after);
    });
    if (next.length > MAX_SPELLINGS || next.length === found.length) return found;
    found = next;
  }
}

/** The folder in which the next command of a script runs. */
export function folderAfter(folder: string, { name, args }: Invocation): string {
  const target = name === 'cd' || name === 'pushd' ? args.find(({ value }) => !value.startsWith('-')) : undefined;
  return target === undefined ? folder : joinPath(folder, target.value);
}

/** The folder in which each instruction of a file begins. */
export function workingFolders(stages: readonly Stage[]): ReadonlyMap<Instruction, string> {
  const folders = new Map<Instruction, string>();
  const ends: string[] = [];
  for (const { index, base, instructions } of stages) {
    let folder =
      base.kind === 'stage' ? (ends[base.index] ?? UNKNOWN_FOLDER) : base.kind === 'scratch' ? '/' : UNKNOWN_FOLDER;
    for (const instruction of instructions) {
      folders.set(instruction, folder);
      const path =
        instruction.keyword === 'WORKDIR' ? instruction.words[0]?.text.replace(/^["']|["']$/g, '') : undefined;
      if (path !== undefined) folder = joinPath(folder, path);
    }
    ends[index] = folder;
  }
  return folders;
}
