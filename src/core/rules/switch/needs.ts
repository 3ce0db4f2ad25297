// SPDX-License-Identifier: Apache-2.0
// What stands in the way of another base: everything that stages ask of theirs, held against what the other one has.
import type { SwitchRow } from '../../catalogue/switches-schema.ts';
import type { Instruction, Stage } from '../../dockerfile/model.ts';
import { StageNames } from '../../dockerfile/stages.ts';
import type { Span } from '../../text/source-text.ts';
import { copySources } from '../copy-sources.ts';
import type { DockerfileRuleContext } from '../define.ts';
import { isStatic } from './static-programs.ts';
import { bottomStage, lineage } from '../lineage.ts';
import type { Script } from '../shell/scripts.ts';

/** Why a base is not switched: a clause without its full stop, and the place that asks for it. */
export interface Obstacle {
  readonly span: Span;
  readonly why: string;
}

export type NeedsContext = Pick<DockerfileRuleContext, 'facts' | 'catalogue' | 'shared'>;

/** Below this, ports are for root alone. */
const FIRST_FREE_PORT = 1024;
const SYSTEM_FOLDER = /^\/(?:(?:usr\/(?:local\/)?)?s?bin|busybox|lib\w*)\//;
const PACKAGE_TOOLS = new Set('apk apt apt-get aptitude dnf dpkg microdnf rpm tdnf yum zypper'.split(' '));

/** The first thing in the stages on this base that the other image does not give; null where it gives everything. */
export function obstacle(row: SwitchRow, bottom: Stage, target: string, context: NeedsContext): Obstacle | null {
  if (row.lacks.length === 0) return null;
  // What another stage is built on is changed with it, whether or not this build asks for that stage.
  const stages = context.facts.stages.filter((stage) => bottomStage(stage, context.facts).index === bottom.index);
  for (const stage of stages) {
    const found = inStage(row, stage, target, context);
    if (found !== null) return found;
  }
  const final = stages.find((each) => each.final);
  return final === undefined ? null : atStart(row, final, target, context);
}

function inStage(row: SwitchRow, stage: Stage, target: string, context: NeedsContext): Obstacle | null {
  for (const instruction of stage.instructions) {
    const why = whyNot(row, stage, instruction, target, context);
    if (why !== null) return { span: instruction.keywordSpan, why };
  }
  return null;
}

function whyNot(
  row: SwitchRow,
  stage: Stage,
  instruction: Instruction,
  target: string,
  context: NeedsContext,
): string | null {
  switch (instruction.keyword) {
    case 'ONBUILD':
      return 'what ONBUILD triggers is not followed';
    case 'RUN':
      return instruction.exec === null ? 'RUN needs a shell' : `what RUN starts need not be in ${target}`;
    case 'CMD':
    case 'ENTRYPOINT':
      return instruction.exec === null ? `${instruction.keyword} in shell form needs a shell` : null;
    case 'HEALTHCHECK':
      return health(row, stage, instruction, target, context);
    case 'USER':
      return unknownUser(row, instruction.words[0]?.text ?? '', target);
    case 'COPY':
    case 'ADD':
      return copied(row, stage, instruction, target, context);
    case 'EXPOSE':
      return lowPort(row, stage, instruction, context);
    case 'VOLUME':
      return row.runsAs === undefined || setsUser(stage, context)
        ? null
        : `the volume belongs to root, and ${target} runs as ${row.runsAs}`;
    default:
      return null;
  }
}

function health(
  row: SwitchRow,
  stage: Stage,
  { span, words }: Instruction,
  target: string,
  context: NeedsContext,
): string | null {
  if (/^none$/i.test(words[0]?.text ?? '')) return null;
  const script = context.shared.scripts.find(({ instruction }) => instruction.span.start === span.start);
  if (script === undefined || script.shellForm) return 'HEALTHCHECK in shell form needs a shell';
  return notStarted(row, stage, script, target, context);
}

/** Names that COPY and USER take have to be known in the image, numbers need not. */
function unknownUser({ users = [] }: SwitchRow, written: string, target: string): string | null {
  const unknown = written
    .replaceAll(/["']/g, '')
    .split(':')
    .find((name) => name !== '' && name !== 'root' && !/^\d+$/.test(name) && !users.includes(name));
  return unknown === undefined ? null : `the user ${unknown} is not known to be in ${target}`;
}

function setsUser(stage: Stage, { facts }: NeedsContext): boolean {
  const last = lineage(stage, facts).flatMap(({ instructions }) =>
    instructions.filter(({ keyword }) => keyword === 'USER'),
  );
  return last.length > 0;
}

function lowPort(row: SwitchRow, stage: Stage, { words }: Instruction, context: NeedsContext): string | null {
  if (row.runsAs === undefined || setsUser(stage, context)) return null;
  const low = words
    .map(({ text }) => text.replace(/["']/g, ''))
    .find((text) => !/^\d/.test(text) || Number.parseInt(text, 10) < FIRST_FREE_PORT);
  return low === undefined ? null : `port ${low} may need root, and it would run as ${row.runsAs}`;
}

function copied(
  row: SwitchRow,
  stage: Stage,
  instruction: Instruction,
  target: string,
  context: NeedsContext,
): string | null {
  const flag = (name: string) => instruction.flags.find((each) => each.name === name)?.value ?? null;
  const owner = flag('chown');
  const unknown = owner === null ? null : unknownUser(row, owner, target);
  if (unknown !== null) return unknown;
  if (row.workdir === true && !hasWorkdir(stage, context)) {
    const { destination } = copySources(instruction, context.facts);
    if (!destination.startsWith('/')) return `the working folder of ${target} is another, and no WORKDIR is set`;
  }
  const from = flag('from');
  return from === null || row.builds === undefined
    ? null
    : foreign(row.builds, stage, instruction, from, target, context);
}

function hasWorkdir(stage: Stage, { facts }: NeedsContext): boolean {
  return lineage(stage, facts).some(({ instructions }) =>
    instructions.some(({ keyword, words }) => keyword === 'WORKDIR' && /^["']?\//.test(words[0]?.text ?? '')),
  );
}

/** Why what is copied from elsewhere need not run on the other image; null where it does. */
function foreign(
  builds: readonly string[],
  stage: Stage,
  instruction: Instruction,
  from: string,
  target: string,
  context: NeedsContext,
): string | null {
  const { facts, catalogue, shared } = context;
  const why = `what is copied from ${from} may need more than ${target} has`;
  const source = new StageNames(facts.stages).source(from, stage.index);
  const builder = source.kind === 'stage' ? facts.stages[source.index] : undefined;
  const base = builder === undefined ? source : bottomStage(builder, facts).base;
  if (builds.includes('static') && builder !== undefined) {
    const taken = copySources(instruction, facts).sources.map(({ text }) => text);
    if (isStatic(builder, taken, context)) return null;
  }
  if (base.kind !== 'image') return why;
  const reference = catalogue.canonical(base.reference);
  const name = catalogue.find(reference)?.repository ?? `${reference.registry}/${reference.repository}`;
  const tagged = `${name}:${reference.tag ?? 'latest'}`;
  const self = builds.includes('self') && sameRepository(stage, name, context);
  if (!self && !builds.some((each) => each.startsWith('^') && new RegExp(each).test(tagged))) return why;
  // Libraries that a builder installs are not copied along with what was linked to them.
  const steps = builder === undefined ? [] : lineage(builder, facts).map(({ index }) => index);
  const installs = shared.scripts.some(
    (script) =>
      steps.includes(script.stage.index) &&
      script.commands.some(({ invocation }) => PACKAGE_TOOLS.has(invocation.name)),
  );
  return installs ? `${from} installs packages that ${target} need not have` : null;
}

function sameRepository(stage: Stage, name: string, { facts, catalogue }: NeedsContext): boolean {
  const { base } = bottomStage(stage, facts);
  return base.kind === 'image' && catalogue.find(base.reference)?.repository === name;
}

/** What the container starts: the last ENTRYPOINT, or CMD where there is none. */
function atStart(row: SwitchRow, final: Stage, target: string, context: NeedsContext): Obstacle | null {
  const last = (keyword: string): Script | undefined => {
    for (const stage of lineage(final, context.facts)) {
      const found = context.shared.scripts.findLast(
        (script) => script.stage.index === stage.index && script.instruction.keyword === keyword,
      );
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const [entrypoint, command] = [last('ENTRYPOINT'), last('CMD')];
  const started = entrypoint ?? command;
  if (started === undefined) return { span: final.baseSpan, why: 'what the container starts is not said' };
  const isArgument = entrypoint === undefined && row.entrypoint === 'same';
  if (isArgument && mayBeArgument(started)) return null;
  const why = notStarted(row, final, started, target, context);
  return why === null ? null : { span: started.instruction.keywordSpan, why };
}

/** `-m app`, `main.py`: nothing that the entrypoint of the image would not be given as well. */
function mayBeArgument(script: Script): boolean {
  const first = firstWord(script);
  return first.startsWith('-') || /^[\w./-]+\.\w+$/.test(first);
}

/** The program that an exec form names, and not the one that `env` or `tini` in front of it start. */
function firstWord({ lists }: Script): string {
  return lists[0]?.[0]?.commands[0]?.words[0]?.value ?? '';
}

/** Why a program need not start on the other image; null where it does. */
function notStarted(
  { programs = [] }: SwitchRow,
  stage: Stage,
  script: Script,
  target: string,
  context: NeedsContext,
): string | null {
  const program = firstWord(script);
  if (programs.includes(program)) return null;
  const own =
    /^\.{0,2}\//.test(program) && !SYSTEM_FOLDER.test(program) && !/\.(?:sh|bash|ksh|zsh|pl|rb)$/.test(program);
  if (!own)
    return `${script.instruction.keyword} starts ${program === '' ? 'something' : program}, which need not be in ${target}`;
  // A file of the build context may be a script of a shell; what a stage built for this image is taken as a program.
  const copies = lineage(stage, context.facts).flatMap(({ instructions }) =>
    instructions.filter(({ keyword }) => keyword === 'COPY' || keyword === 'ADD'),
  );
  const isBuilt = ({ flags }: Instruction): boolean => flags.some(({ name }) => name === 'from');
  const built = copies.some(isBuilt);
  const given = copies.some(
    (copy) => !isBuilt(copy) && mayBring(program, copySources(copy, context.facts).destination),
  );
  return built && !given ? null : `whether ${program} needs a shell is not known`;
}

/** True where a copy to a destination can be what brings a file; of relative paths nobody can tell. */
function mayBring(file: string, destination: string): boolean {
  if (!destination.startsWith('/') || !file.startsWith('/')) return true;
  return file === destination || file.startsWith(destination.replace(/\/*$/, '/'));
}
