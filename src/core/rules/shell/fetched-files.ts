// SPDX-License-Identifier: Apache-2.0
import type { DockerfileFacts, Instruction } from '../../dockerfile/model.ts';
import { StageNames } from '../../dockerfile/stages.ts';
import type { Span } from '../../text/source-text.ts';
import { copySources } from '../copy-sources.ts';
import { CURL_VALUED, downloadsToOutput, isLocal, WGET_VALUED } from './download.ts';
import { fileRun, isInterpreter } from './interpreters.ts';
import type { ShellWord } from './model.ts';
import { readArguments, type ReadArguments } from './options.ts';
import { joinPath, workingFolders } from './paths.ts';
import type { RunCommand, Script } from './scripts.ts';

/** A file that was downloaded and that nothing has compared since. */
export interface FetchedFile {
  /** The program that fetched it. */
  readonly by: string;
  readonly place: Span;
}

/** A RUN that starts such a file. */
export interface FetchedRun extends FetchedFile {
  readonly script: Script;
  /** The file as it is written where it is run. */
  readonly word: ShellWord;
}

/** Fetched files by their paths. */
type Fetched = Map<string, FetchedFile>;

/** Programs that compare a file with what it should be. Which of the files, is not asked: to be silent is the lesser harm. */
const COMPARES =
  /^(?:(?:sha\d*|md5|b2|b3|ck)sum|shasum|sha\d*|md5|digest|rhash|openssl|gpgv?2?|sqv?|cosign|minisign|signify|slsa-verifier|gh|rekor-cli|cmp|diff)$/;
/** Options of curl and wget with a value in the next word, and what they say. */
const OUTPUT = /^(?:-o|--output|-O|--output-document)$/;
const FOLDER = /^(?:--output-dir|-P|--directory-prefix)$/;

function compares({ invocation }: RunCommand): boolean {
  const { name, args } = invocation;
  if (COMPARES.test(name)) return true;
  // `php -r "if (hash_file('sha384', …) …"`
  return (
    isInterpreter(name) && fileRun(invocation) === null && args.some(({ value }) => /hash|sha\d|verif/i.test(value))
  );
}

/** The values of an option, in the same word or the next. */
function valuesOf(option: RegExp, { options }: ReadArguments, args: readonly ShellWord[]): readonly string[] {
  return options.flatMap(({ name, value, word }) => {
    if (!option.test(name)) return [];
    const text = value ?? args[args.indexOf(word) + 1]?.value;
    return text === undefined ? [] : [text];
  });
}

/** The file name that an address ends in; null where it ends in none. */
function nameOf(address: string): string | null {
  const name = /^[^?#]*\/([^/?#]+)(?:[?#]|$)/.exec(address.replace(/^[a-z][a-z0-9+.-]*:\/\//i, ''))?.[1];
  return name ?? null;
}

/** The files that a command downloads into, by their paths. */
function fetchedBy({ invocation, command, folder }: RunCommand): readonly string[] {
  const { name, args } = invocation;
  if (name !== 'curl' && name !== 'wget') return [];
  const read = readArguments(args, name === 'curl' ? CURL_VALUED : WGET_VALUED);
  const { options, operands } = read;
  const addresses = operands.map(({ value }) => value).filter((value) => value.includes('/'));
  if (addresses.some(isLocal)) return [];
  const redirected = command.redirections.flatMap(({ operator, target }) =>
    operator === '>' || operator === '>|' ? [target.value] : [],
  );
  const where = joinPath(folder, valuesOf(FOLDER, read, args)[0] ?? '.');
  // To curl -O is an option without a value.
  const named = valuesOf(name === 'curl' ? /^(?:-o|--output)$/ : OUTPUT, read, args).filter((file) => file !== '-');
  const ownNames =
    name === 'curl' ? options.some((each) => /^(?:-O|--remote-name(?:-all)?)$/.test(each.name)) : named.length === 0;
  const own = ownNames ? addresses.map(nameOf).filter((file) => file !== null) : [];
  if (downloadsToOutput(invocation) && own.length + named.length === 0) {
    return redirected.map((file) => joinPath(folder, file));
  }
  return [...named, ...own].map((file) => joinPath(where, file));
}

/** What `cp`, `mv` and `install` make of fetched files. */
function moveFetched({ invocation: { name, args }, folder }: RunCommand, fetched: Fetched): void {
  const { operands } = readArguments(args, name === 'install' ? 'gmot' : 't');
  const last = operands.at(-1)?.value;
  if (last === undefined) return;
  for (const { value } of operands.slice(0, -1)) {
    const from = joinPath(folder, value);
    const file = fetched.get(from);
    if (file === undefined) continue;
    if (name === 'mv') fetched.delete(from);
    // A folder or a file: whichever it is, one of the two names is never used.
    fetched.set(joinPath(folder, last), file);
    fetched.set(joinPath(joinPath(folder, last), from.slice(from.lastIndexOf('/') + 1)), file);
  }
}

/** What a COPY --from takes over from the fetched files of another stage. */
function copyFetched(
  instruction: Instruction,
  folder: string,
  from: Fetched,
  to: Fetched,
  facts: DockerfileFacts,
): void {
  const words = copySources(instruction, facts);
  const target = joinPath(folder, words.destination);
  for (const { text } of words.sources) {
    const source = joinPath('/', text);
    for (const [path, file] of from) {
      if (path === source) {
        to.set(target, file);
        to.set(joinPath(target, path.slice(path.lastIndexOf('/') + 1)), file);
      } else if (path.startsWith(`${source}/`)) to.set(joinPath(target, path.slice(source.length + 1)), file);
    }
  }
}

/** Every RUN of a file that was fetched before, in this stage, in those it stands on or in one that it was copied from. */
export function* fetchedRuns(facts: DockerfileFacts, scripts: readonly Script[]): Generator<FetchedRun> {
  if (!/\b(?:curl|wget)\b/.test(facts.source.text)) return;
  const byInstruction = new Map(scripts.map((script) => [script.instruction, script]));
  const names = new StageNames(facts.stages);
  const ends: Fetched[] = [];
  for (const { index, base, instructions } of facts.stages) {
    const fetched: Fetched = new Map(base.kind === 'stage' ? ends[base.index] : []);
    ends[index] = fetched;
    for (const instruction of instructions) {
      const from = instruction.keyword === 'COPY' ? instruction.flags.find(({ name }) => name === 'from') : undefined;
      const source = from?.value === null || from === undefined ? null : names.source(from.value, index);
      const known = source?.kind === 'stage' ? ends[source.index] : undefined;
      if (known !== undefined && known.size > 0) {
        copyFetched(instruction, workingFolders(facts.stages).get(instruction) ?? '', known, fetched, facts);
      }
      const script = instruction.keyword === 'RUN' ? byInstruction.get(instruction) : undefined;
      for (const command of script?.commands ?? []) {
        const { name } = command.invocation;
        if (fetched.size > 0 && compares(command)) fetched.clear();
        for (const path of fetchedBy(command)) fetched.set(path, { by: name, place: command.invocation.program.span });
        if (fetched.size === 0) continue;
        if (name === 'cp' || name === 'mv' || name === 'install') moveFetched(command, fetched);
        const word = fileRun(command.invocation);
        const file = word === null ? undefined : fetched.get(joinPath(command.folder, word.value));
        if (script !== undefined && word !== null && file !== undefined) yield { ...file, script, word };
      }
    }
  }
}
