// SPDX-License-Identifier: Apache-2.0
// Renaming of what a file names itself: variables, inputs, lists under `data`.
import { err, ok, type Result } from '../model/result.ts';
import type { Span } from '../text/source-text.ts';
import type { GoNode } from '../yaml/go/node.ts';
import { usesOf, type Analysis } from './analysis.ts';
import type { RenameEdits, RenameRefusal, Renaming } from './model.ts';
import { allReferences, inputsOf, referencesIn, stepDeclaring, type Named } from './references.ts';
import { ancestors, enclosing, frameAt, framesOf, isField, type Frame } from './walk.ts';

type Renamed =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'data'; readonly name: string }
  | { readonly kind: 'input'; readonly name: string; readonly step: Frame };

const refuse = (message: string): Result<never, RenameRefusal> => err({ message });
const LABEL = { variable: 'variable', data: 'list', input: 'input' } as const;
/** What melange reads as a name in `${{…}}`, without what YAML would take for a number or a sign. */
const VALID = /^[A-Za-z_][A-Za-z0-9._-]*$/;
/** Words that YAML takes for something else than text. */
const NO_TEXT = /^(?:y|n|yes|no|on|off|true|false|null|inf|nan)$/i;

interface Subject {
  readonly renamed: Renamed;
  /** The word under the cursor. */
  readonly span: Span;
}

/** What is named at an offset, with why it cannot be renamed where it cannot. */
function subjectAt(analysis: Analysis, offset: number): Result<Subject, RenameRefusal> {
  const { root, text, kind, exact } = analysis;
  const nothing = refuse('Only variables, inputs and the lists under "data" can be renamed, and there is none here.');
  if (kind === 'apko' || root === null) return nothing;
  if (!exact) return refuse('This file cannot be read as YAML yet. Correct that first, so that nothing is overlooked.');
  const found = frameAt(root, offset);
  if (found === null) return nothing;
  const { frame, on } = found;
  if (on === 'key' && frame.key !== null && typeof frame.name === 'string') {
    const span = { start: frame.key.start, end: frame.key.end };
    const { parent } = frame;
    if (parent === null) return nothing;
    if (isField(parent, 'melange.Configuration', 'vars') || isField(parent, 'melange.BuildOption', 'vars')) {
      return ok({ renamed: { kind: 'variable', name: frame.name }, span });
    }
    if (isField(parent, 'melange.Pipeline', 'inputs') && parent.parent !== null) {
      return ok({ renamed: { kind: 'input', name: frame.name, step: parent.parent }, span });
    }
    if (isField(parent, 'melange.Pipeline', 'with')) {
      return refuse(`The pipeline ${usesOf(frame)} declares this input. Rename it there.`);
    }
    return nothing;
  }
  const { node } = frame;
  if (node.kind !== 'scalar') return nothing;
  const reference = referencesIn(text, node).find(({ whole }) => offset >= whole.start && offset <= whole.end);
  if (reference !== undefined) return referenced(frame, reference.name, reference.span);
  const span = { start: node.start, end: node.end };
  if (isField(frame, 'melange.VarTransforms', 'to'))
    return ok({ renamed: { kind: 'variable', name: node.value }, span });
  if (isField(frame, 'melange.Subpackage', 'range') || isField(frame, 'melange.RangeData', 'name')) {
    return ok({ renamed: { kind: 'data', name: node.value }, span });
  }
  return nothing;
}

function referenced(frame: Frame, reference: string, span: Span): Result<Subject, RenameRefusal> {
  const at = reference.indexOf('.');
  const [group, name] = [reference.slice(0, at), reference.slice(at + 1)];
  const own = { start: span.start + at + 1, end: span.end };
  if (group === 'vars') return ok({ renamed: { kind: 'variable', name }, span: own });
  if (group === 'inputs') {
    const step = stepDeclaring(frame, name);
    return step === null
      ? refuse(`Nothing in this file declares the input ${JSON.stringify(name)}.`)
      : ok({ renamed: { kind: 'input', name, step }, span: own });
  }
  return refuse(`\${{${reference}}} is a name of melange's own and cannot be changed.`);
}

/** Names of the same kind, with where they are given. */
function given({ names }: Analysis, renamed: Renamed): readonly Named[] {
  switch (renamed.kind) {
    case 'variable':
      return [...names.transforms, ...names.vars, ...names.optionVars];
    case 'data':
      return names.data;
    default:
      return inputsOf(renamed.step);
  }
}

const isWithin = (frame: Frame, step: Frame): boolean => {
  for (const each of ancestors(frame)) if (each.node === step.node) return true;
  return false;
};

/** Everything that has to change, the definitions first. A name that is written in another way than it reads is refused. */
function placesOf(analysis: Analysis, renamed: Renamed): Result<readonly Span[], RenameRefusal> {
  const { root, text } = analysis;
  if (root === null) return ok([]);
  const nodes: GoNode[] = given(analysis, renamed)
    .filter(({ name }) => name === renamed.name)
    .map(({ node }) => node);
  if (nodes.length === 0) {
    return refuse(`Nothing in this file gives the name ${JSON.stringify(renamed.name)}, so it cannot be renamed here.`);
  }
  for (const frame of framesOf(root)) {
    if (renamed.kind === 'data' && isField(frame, 'melange.Subpackage', 'range') && frame.node.value === renamed.name) {
      nodes.push(frame.node);
    }
    if (renamed.kind === 'input' && frame.key !== null && frame.name === renamed.name && frame.parent !== null) {
      const isGiven =
        isField(frame.parent, 'melange.Pipeline', 'with') && frame.parent.parent?.node === renamed.step.node;
      if (isGiven) nodes.push(frame.key);
    }
  }
  const spans: Span[] = [];
  for (const node of nodes) {
    const span = node.kind === 'scalar' ? wordIn(text, node, renamed.name) : null;
    if (span === null) {
      return refuse('Its name stands behind an alias, or is written with signs for other signs. Rename it by hand.');
    }
    spans.push(span);
  }
  if (renamed.kind !== 'data') {
    const prefix = renamed.kind === 'variable' ? 'vars.' : 'inputs.';
    for (const { name, span, frame } of allReferences(root, text)) {
      if (name !== prefix + renamed.name) continue;
      if (renamed.kind === 'input') {
        // A step within that declares the same name has its own.
        const step = stepDeclaring(frame, renamed.name) ?? enclosing(frame, 'melange.Pipeline');
        if (step?.node !== renamed.step.node || !isWithin(frame, renamed.step)) continue;
      }
      spans.push({ start: span.start + prefix.length, end: span.end });
    }
  }
  return ok([...new Map(spans.map((span) => [span.start, span])).values()]);
}

/** Where a name stands in what is written for it, within its quotes; null where it is not written as it reads. */
function wordIn(text: string, node: GoNode, name: string): Span | null {
  const quoted = node.style === 'single' || node.style === 'double' ? 1 : 0;
  if (node.style === 'literal' || node.style === 'folded') return null;
  const start = node.start + quoted;
  const end = start + name.length;
  return text.slice(start, end) === name && end + quoted === node.end ? { start, end } : null;
}

export function prepareRename(analysis: Analysis, offset: number): Result<Renaming, RenameRefusal> {
  const subject = subjectAt(analysis, offset);
  if (!subject.ok) return subject;
  const { renamed, span } = subject.value;
  const places = placesOf(analysis, renamed);
  if (!places.ok) return places;
  const own = places.value.find(({ start, end }) => start >= span.start && end <= span.end) ?? span;
  return ok({ span: own, name: renamed.name });
}

export function rename(analysis: Analysis, offset: number, wanted: string): Result<RenameEdits, RenameRefusal> {
  const subject = subjectAt(analysis, offset);
  if (!subject.ok) return subject;
  const { renamed } = subject.value;
  const { name, kind } = renamed;
  if (!VALID.test(wanted) || wanted.length > MAX_NAME) {
    return refuse(
      `${JSON.stringify(wanted.slice(0, 60))} is no name for a ${LABEL[kind]}. It begins with a letter or "_", and goes on with letters, digits, ".", "_" and "-".`,
    );
  }
  if (NO_TEXT.test(wanted))
    return refuse(`YAML takes ${JSON.stringify(wanted)} for another thing than text. Choose another name.`);
  if (wanted !== name && given(analysis, renamed).some((each) => each.name === wanted)) {
    return refuse(`There is a ${LABEL[kind]} called ${JSON.stringify(wanted)} already. Choose another name.`);
  }
  const places = placesOf(analysis, renamed);
  if (!places.ok) return places;
  return ok(places.value.map((span) => ({ span, newText: wanted })));
}

const MAX_NAME = 128;

/** Every place that means what is named at an offset, where it is given its name first. */
export function referencesAt(analysis: Analysis, offset: number): readonly Span[] {
  const subject = subjectAt(analysis, offset);
  if (!subject.ok) return [];
  const places = placesOf(analysis, subject.value.renamed);
  return places.ok ? places.value : [];
}
