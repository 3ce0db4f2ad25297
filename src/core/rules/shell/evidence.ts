// SPDX-License-Identifier: Apache-2.0
import { baseName, type Invocation } from './invocation.ts';
import type { ShellWord } from './model.ts';
import { readArguments } from './options.ts';
import { recordsAt, recordsBelow } from './package-records.ts';
import { joinPath, spellings } from './paths.ts';
import type { RunCommand } from './scripts.ts';

/** Evidence that a step takes away or never makes. */
export interface LostEvidence {
  readonly word: ShellWord;
  readonly kind: 'packages' | 'sbom' | 'attestation' | 'revision';
  /** What is lost, in words that begin a sentence. */
  readonly what: string;
}

/** Programs that take away the files they are given. */
const REMOVES = new Set(['rm', 'unlink', 'shred']);

/** The absolute paths that a word stands for. */
function pathsOf({ value }: ShellWord, folder: string): readonly string[] {
  return spellings(value)
    .map((path) => joinPath(folder, path).replaceAll(/\*+/g, '*'))
    .filter((path) => path.startsWith('/'));
}

function removed(words: readonly ShellWord[], folder: string): readonly LostEvidence[] {
  return words.flatMap((word): readonly LostEvidence[] => {
    const lost = pathsOf(word, folder)
      .map(recordsAt)
      .find((each) => each !== null);
    return lost === undefined ? [] : [{ word, ...lost }];
  });
}

/** Tests of find that leave nothing out, by the number of their values. */
const WHOLE_FIND: Readonly<Record<string, number>> = {
  '-type': 1,
  '-maxdepth': 1,
  '-mindepth': 1,
  '-depth': 0,
  '-xdev': 0,
  '-mount': 0,
  '-print': 0,
};

/** `find FOLDER… -name PATTERN -delete`, or with rm behind -exec. With any other test nobody can tell what goes. */
function found({ args }: Invocation, folder: string): readonly LostEvidence[] {
  const first = args.findIndex(({ value }) => /^[-(!]/.test(value));
  let pattern = '*';
  let word: ShellWord | undefined;
  let deletes = false;
  for (let at = first; at >= 0 && at < args.length; at++) {
    const value = args[at]?.value ?? '';
    const values = Object.hasOwn(WHOLE_FIND, value) ? WHOLE_FIND[value] : undefined;
    if (values !== undefined) at += values;
    else if (value === '-name' && word === undefined) {
      word = args[++at];
      pattern = word?.value ?? '';
    } else if (value === '-delete') deletes = true;
    else if (/^-(?:exec|ok)(?:dir)?$/.test(value) && REMOVES.has(baseName(args[at + 1]?.value ?? ''))) {
      deletes = true;
      while (at < args.length && !/^[;+]$/.test(args[at]?.value ?? '')) at++;
    } else return [];
  }
  if (!deletes || first <= 0) return [];
  for (const start of args.slice(0, first)) {
    for (const path of pathsOf(start, folder)) {
      const lost = word === undefined ? recordsAt(path) : recordsBelow(path, pattern);
      if (lost !== null) return [{ word: word ?? start, ...lost }];
    }
  }
  return [];
}

/** A file that is emptied: `truncate -s 0 FILE`, or anything that writes over it. */
function emptied({ invocation, command, folder }: RunCommand): readonly LostEvidence[] {
  const targets = command.redirections.flatMap(({ operator, target }) =>
    /^(?:>|>\||&>)$/.test(operator) ? [target] : [],
  );
  return removed(
    invocation.name === 'truncate' ? [...targets, ...readArguments(invocation.args, 'sr').operands] : targets,
    folder,
  );
}

function builds({ name, args }: Invocation): boolean {
  if (!['docker', 'podman', 'nerdctl', 'buildx'].includes(name)) return false;
  return args.slice(0, 3).some(({ value }) => value === 'build' || value === 'bake');
}

const OFF = /^(?:0|f|false)$/i;

function switchedOff({ args }: Invocation): readonly LostEvidence[] {
  return args.flatMap((word): readonly LostEvidence[] => {
    const [, option = '', value = ''] = /^--(provenance|sbom)=(.*)$/s.exec(word.value) ?? [];
    if (option === '' || !OFF.test(value)) return [];
    return [
      { word, kind: 'attestation', what: option === 'sbom' ? 'the SBOM attestation' : 'the provenance attestation' },
    ];
  });
}

/** What a command takes away of the evidence about its image, or keeps from being made. */
export function lostEvidence(run: RunCommand): readonly LostEvidence[] {
  const { invocation, folder } = run;
  const { name, args } = invocation;
  if (REMOVES.has(name)) return removed(readArguments(args).operands, folder);
  if (name === 'mv') return removed(readArguments(args, 't').operands.slice(0, -1), folder);
  if (name === 'find') return found(invocation, folder);
  if (name === 'go') {
    const word = args.find(({ value }) => /^--?buildvcs=(?:0|f|false)$/i.test(value));
    return word === undefined ? [] : [{ word, kind: 'revision', what: 'the revision in the Go binary' }];
  }
  return builds(invocation) ? switchedOff(invocation) : emptied(run);
}
