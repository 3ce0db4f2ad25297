// SPDX-License-Identifier: Apache-2.0
import { splitPackage } from '../rules/config-values.ts';
import type { Span } from '../text/source-text.ts';
import { usesOf, type Analysis } from './analysis.ts';
import { pipelineUrl } from './docs.ts';
import type { ConfigLink, Definition, Target } from './model.ts';
import { inputsOf, referencesIn, stepDeclaring, type Named } from './references.ts';
import { pipelineInfo } from './scope.ts';
import { enclosing, frameAt, framesOf, isField, type Frame } from './walk.ts';

const spanOf = ({ start, end }: Span): Span => ({ start, end });
const here = ({ node }: Named): Target => ({ path: null, span: spanOf(node) });
const START: Span = { start: 0, end: 0 };

/** Where the thing at an offset is defined; null where nothing is, or nobody knows where. */
export function definitionAt(analysis: Analysis, offset: number): Definition | null {
  const { root, text } = analysis;
  const found = root === null ? null : frameAt(root, offset);
  if (found === null) return null;
  const { frame, on } = found;
  const answer = (origin: Span, targets: readonly Target[]): Definition | null =>
    targets.length === 0 ? null : { origin: spanOf(origin), targets };
  if (on === 'key') return frame.key === null ? null : answer(frame.key, inputTargets(analysis, frame));
  const { node } = frame;
  if (node.kind !== 'scalar') return null;
  const reference = referencesIn(text, node).find(({ whole }) => offset >= whole.start && offset <= whole.end);
  if (reference !== undefined) return answer(reference.whole, variableTargets(analysis, frame, reference.name));
  if (isField(frame, 'melange.Pipeline', 'uses')) {
    const path = pipelineInfo(node.value, analysis.workspace)?.path ?? null;
    return answer(node, path === null ? [] : [{ path, span: START }]);
  }
  if (isField(frame, 'melange.Subpackage', 'range')) {
    return answer(node, analysis.names.data.filter(({ name }) => name === node.value).map(here));
  }
  if (isField(frame, 'apko.ImageConfiguration', 'include')) {
    return answer(node, node.value === '' ? [] : [{ path: node.value, span: START }]);
  }
  return isPackage(frame) ? answer(node, packageTargets(analysis, node.value)) : null;
}

/** The declaration of an input that is given under `with`. */
function inputTargets({ workspace }: Analysis, frame: Frame): readonly Target[] {
  if (frame.parent === null || !isField(frame.parent, 'melange.Pipeline', 'with')) return [];
  const info = pipelineInfo(usesOf(frame), workspace);
  const input = info?.inputs.find(({ name }) => name === frame.name);
  if (info === null || info.path === null || input === undefined || input.span === null) return [];
  return [{ path: info.path, span: input.span }];
}

function variableTargets({ names }: Analysis, frame: Frame, reference: string): readonly Target[] {
  const at = reference.indexOf('.');
  const [group, name] = [reference.slice(0, at), reference.slice(at + 1)];
  const named = (list: readonly Named[]): Target[] => list.filter((each) => each.name === name).map(here);
  switch (group) {
    case 'vars':
      return [...named(names.transforms), ...named(names.vars), ...named(names.optionVars)];
    case 'inputs': {
      const step = stepDeclaring(frame, name);
      return named(inputsOf(step));
    }
    case 'package': {
      // What it is made of: `full-version` is version and epoch.
      const field = names.package.get(name === 'full-version' ? 'version' : name);
      return field === undefined ? [] : [here(field)];
    }
    case 'options':
      return names.options.filter((each) => `${each.name}.enabled` === name).map(here);
    case 'range': {
      const range = subpackageField(frame, 'range');
      return names.data.filter((each) => each.name === range).map(here);
    }
    case 'subpkg':
    case 'context': {
      const subpackage = enclosing(frame, 'melange.Subpackage');
      const own = names.subpackages.find(({ span }) => span.start === subpackage?.node.start);
      const main = group === 'context' && subpackage === null ? names.package.get('name') : undefined;
      return own !== undefined ? [here(own)] : main === undefined ? [] : [here(main)];
    }
    case 'targets':
      return packageTargets({ names }, name.replace(/^package\./, ''));
    default:
      return [];
  }
}

function subpackageField(frame: Frame, field: string): string {
  const subpackage = enclosing(frame, 'melange.Subpackage');
  if (subpackage === null) return '';
  for (const each of framesOf(subpackage))
    if (each.parent === subpackage && each.name === field) return each.node.value;
  return '';
}

const LISTS = new Set(['packages', 'runtime', 'replaces', 'provides', 'add', 'remove']);

function isPackage({ name, parent }: Frame): boolean {
  return typeof name === 'number' && parent !== null && parent.owner !== null && LISTS.has(String(parent.name));
}

/** The subpackage of this file, or the file of the workspace, that makes a package. */
function packageTargets(
  { names, workspace }: Pick<Analysis, 'names'> & Partial<Pick<Analysis, 'workspace'>>,
  written: string,
): readonly Target[] {
  const main = names.package.get('name')?.value ?? '';
  const full = (text: string): string => text.replaceAll(/\$\{\{[ \t]*package\.name[ \t]*\}\}/g, main);
  const name = full(splitPackage(full(written)).name);
  const sub = names.subpackages.filter((each) => full(each.name) === name).map(here);
  if (sub.length > 0) return sub;
  const own = names.package.get('name');
  if (own !== undefined && name === main && main !== '') return [{ path: null, span: spanOf(own.node) }];
  const built = workspace?.built.find((each) => each.name === name);
  return built === undefined ? [] : [{ path: built.path, span: START }];
}

/** Links of a whole file: pipelines and includes. */
export function linksOf({ root, workspace }: Analysis): readonly ConfigLink[] {
  if (root === null) return [];
  const links: ConfigLink[] = [];
  for (const frame of framesOf(root)) {
    const { node } = frame;
    if (node.kind !== 'scalar' || node.value === '' || node.style === 'literal' || node.style === 'folded') continue;
    const span = spanOf(node);
    if (isField(frame, 'melange.Pipeline', 'uses')) {
      const info = pipelineInfo(node.value, workspace);
      const url = pipelineUrl(node.value);
      if (info !== null && info.path !== null) {
        links.push({ span, target: { path: info.path }, tooltip: `Open ${info.path}` });
      } else if (url !== null) links.push({ span, target: { url }, tooltip: 'Read this pipeline of melange' });
    } else if (isField(frame, 'apko.ImageConfiguration', 'include') && typeof workspace.read(node.value) === 'string') {
      links.push({ span, target: { path: node.value }, tooltip: `Open ${node.value}` });
    }
  }
  return links;
}
