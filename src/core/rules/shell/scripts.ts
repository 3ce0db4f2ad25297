// SPDX-License-Identifier: Apache-2.0
import type { DockerfileFacts, Heredoc, Instruction, Stage } from '../../dockerfile/model.ts';
import type { SourceText } from '../../text/source-text.ts';
import { isShell } from './interpreters.ts';
import { baseName, invocationOf, type Invocation } from './invocation.ts';
import type { Pipeline, ShellCommand, ShellList, ShellWord } from './model.ts';
import { parseShell } from './parse.ts';
import { folderAfter, workingFolders } from './paths.ts';
import { joinedArguments, jsonStrings, PlacedText } from './placed-text.ts';

/** One command that an instruction runs, however deep it stands in groups, substitutions and `sh -c`. */
export interface RunCommand {
  readonly invocation: Invocation;
  readonly command: ShellCommand;
  /** The pipeline it stands in, and its place there. */
  readonly pipeline: Pipeline;
  readonly place: number;
  /** True inside `if`, `case` and loops with a condition, and in lists joined by ||. */
  readonly conditional: boolean;
  /** The folder it runs in, as `joinPath` writes it; begins with `.` where only the base image knows. */
  readonly folder: string;
}

/** What an instruction runs. */
export interface Script {
  readonly stage: Stage;
  /** The instruction itself; what ONBUILD triggers where it is one. */
  readonly instruction: Instruction;
  readonly onbuild: boolean;
  /** True where a shell reads it; false for the exec form. */
  readonly shellForm: boolean;
  readonly lists: readonly ShellList[];
  readonly commands: readonly RunCommand[];
}

const RUNS = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK']);
/** `sh -c` inside `sh -c`; deeper ones are not read. */
const MAX_NESTING = 4;

/** The script of `sh -c SCRIPT`, `bash -euxo pipefail -c SCRIPT`, `su -c SCRIPT`; null where there is none. */
function scriptWord({ name, args }: Invocation): ShellWord | null {
  if (!isShell(name) && name !== 'su') return null;
  for (let at = 0; at < args.length; at++) {
    const value = args[at]?.value ?? '';
    if (/^-[A-Za-z]*c$/.test(value) || value === '--command') return args[at + 1] ?? null;
    if (/^[-+][A-Za-z]*[oO]$/.test(value)) at++;
    else if (!/^[-+]/.test(value) && name !== 'su') return null;
  }
  return null;
}

/** Collects the commands of a list that begins in a folder; answers the folder in which it ends. */
function collect(list: ShellList, conditional: boolean, nesting: number, start: string, found: RunCommand[]): string {
  let folder = start;
  for (const pipeline of list) {
    const uncertain = conditional || pipeline.conditional || pipeline.before === '||' || pipeline.after === '||';
    for (const [place, command] of pipeline.commands.entries()) {
      const invocation = invocationOf(command);
      const script = invocation === null ? null : scriptWord(invocation);
      if (invocation !== null) found.push({ invocation, command, pipeline, place, conditional: uncertain, folder });
      // Whether it is a subshell, whose folder ends with it, is not asked: what follows seldom counts on the other.
      if (command.group !== null) folder = collect(command.group, uncertain, nesting, folder, found);
      for (const word of [...command.assignments, ...command.words, ...command.redirections.map((r) => r.target)]) {
        for (const inner of word.substitutions) collect(inner, uncertain, nesting, folder, found);
      }
      if (script !== null && script.substitutions.length === 0 && nesting < MAX_NESTING) {
        collect(parseShell(script.placed()), uncertain, nesting + 1, folder, found);
      }
      if (invocation !== null) folder = folderAfter(folder, invocation);
    }
  }
  return folder;
}

/** A word for each string of an exec form. */
function execWords(joined: PlacedText): readonly ShellWord[] {
  const strings = jsonStrings(joined.slice(Math.max(joined.text.indexOf('['), 0)));
  return strings.map(({ value, span }) => ({
    value: value.text,
    literal: true,
    span,
    placed: () => value,
    substitutions: [],
  }));
}

const SHEBANG = /^#![ \t]*(\S+)(?:[ \t]+(?:-S[ \t]+)?(\S+))?/;

/** True where a heredoc without a command in front of it is a script of a POSIX shell. */
function isShellScript({ content }: Heredoc): boolean {
  const [, program, argument] = SHEBANG.exec(content) ?? [];
  if (program === undefined) return true;
  return isShell(baseName(baseName(program) === 'env' ? (argument ?? '') : program));
}

/** The heredocs of a RUN that a shell reads: those without a command, and those of a shell without a script. */
function heredocScripts(list: ShellList, heredocs: readonly Heredoc[], source: SourceText): readonly ShellList[] {
  const command = list[0]?.commands[0];
  if (heredocs.length === 0 || list.length !== 1 || list[0]?.commands.length !== 1 || command === undefined) return [];
  const invocation = invocationOf(command);
  const reads =
    invocation === null
      ? command.words.length === 0
      : isShell(invocation.name) && invocation.args.every(({ value }) => /^[-+]/.test(value) && !value.endsWith('c'));
  if (!reads) return [];
  return heredocs
    .filter((heredoc) => invocation !== null || isShellScript(heredoc))
    .map(({ span, content }) =>
      parseShell(new PlacedText(source.text.slice(span.start, span.start + content.length), span.start)),
    );
}

function scriptOf(
  stage: Stage,
  outer: Instruction,
  posix: boolean,
  start: string,
  { source, escape }: DockerfileFacts,
): Script | null {
  const instruction = outer.trigger ?? outer;
  if (!RUNS.has(instruction.keyword)) return null;
  const onbuild = outer.trigger !== null;
  const shellForm = instruction.exec === null;
  let joined = joinedArguments(instruction, source, escape);
  if (instruction.keyword === 'HEALTHCHECK') {
    const type = /^\s*CMD\s+/i.exec(joined.text);
    if (type === null) return null;
    joined = joined.slice(type[0].length);
  }
  const lists: ShellList[] = [];
  if (!shellForm) {
    const words = execWords(joined);
    const command = { assignments: [], words, redirections: [], group: null };
    lists.push([{ commands: [command], before: ';', after: ';', conditional: false }]);
  } else if (posix) {
    const list = parseShell(joined);
    lists.push(list, ...heredocScripts(list, outer.heredocs, source));
  }
  const commands: RunCommand[] = [];
  let folder = start;
  for (const list of lists) folder = collect(list, false, 0, folder, commands);
  return { stage, instruction, onbuild, shellForm, lists, commands };
}

/** True for a SHELL that reads POSIX scripts; PowerShell and cmd.exe are not read here. */
function isPosix(shell: readonly string[]): boolean {
  return shell.slice(0, 2).some((word) => isShell(baseName(word)));
}

function isWindows(stage: Stage): boolean {
  const { base } = stage;
  return (
    (base.kind === 'image' && /windows|nanoserver|servercore|ltsc20|dotnet\/framework/.test(base.resolved)) ||
    (stage.platform?.startsWith('windows/') ?? false)
  );
}

/** Everything that RUN, CMD, ENTRYPOINT and HEALTHCHECK of a file run, in the order of the file. */
export function scriptsOf(facts: DockerfileFacts): readonly Script[] {
  const scripts: Script[] = [];
  const folders = workingFolders(facts.stages);
  /** Whether a stage's shell is a POSIX one at its end, by the stage's index: stages built on it inherit that. */
  const posixAfter: boolean[] = [];
  for (const stage of facts.stages) {
    let posix =
      stage.base.kind === 'stage' ? (posixAfter[stage.base.index] ?? true) : facts.escape === '\\' && !isWindows(stage);
    for (const instruction of stage.instructions) {
      if (instruction.keyword === 'SHELL' && instruction.exec !== null) posix = isPosix(instruction.exec);
      const script = scriptOf(stage, instruction, posix, folders.get(instruction) ?? '', facts);
      if (script !== null) scripts.push(script);
    }
    posixAfter[stage.index] = posix;
  }
  return scripts;
}
