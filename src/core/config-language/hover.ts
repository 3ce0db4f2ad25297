// SPDX-License-Identifier: Apache-2.0
import { escapeMarkdown } from '../explorer/markdown.ts';
import { splitPackage } from '../rules/config-values.ts';
import { scopeOfFrame, usesOf, type Analysis } from './analysis.ts';
import { code, keyDoc, keyMarkdown, pipelineUrl } from './docs.ts';
import type { ConfigHover } from './model.ts';
import { unwrapped } from './place.ts';
import { referencesIn } from './references.ts';
import { inputLine, pipelineInfo, variablesAt, type PipelineInputInfo } from './scope.ts';
import { frameAt, isField, type Frame } from './walk.ts';

/** What is known of the word at an offset; null where that is nothing. */
export function hoverAt(analysis: Analysis, offset: number): ConfigHover | null {
  const { root, text } = analysis;
  const found = root === null ? null : frameAt(root, offset);
  if (found === null) return null;
  const { frame, on } = found;
  if (on === 'key') return keyHover(analysis, frame);
  if (frame.node.kind !== 'scalar') return null;
  const reference = referencesIn(text, frame.node).find(({ whole }) => offset >= whole.start && offset <= whole.end);
  if (reference !== undefined) return variableHover(analysis, frame, reference.name, reference.whole);
  const markdown = valueMarkdown(analysis, frame);
  return markdown === null ? null : { span: { start: frame.node.start, end: frame.node.end }, markdown };
}

function keyHover(analysis: Analysis, frame: Frame): ConfigHover | null {
  const { key, owner, name, parent } = frame;
  if (key === null || typeof name !== 'string') return null;
  const markdown =
    owner === null ? mapKeyMarkdown(analysis, frame, name, parent) : keyMarkdown(owner.name, name, frame.type);
  return markdown === null ? null : { span: { start: key.start, end: key.end }, markdown };
}

/** A key of a plain map: an input, a variable, or one that is known. */
function mapKeyMarkdown(analysis: Analysis, frame: Frame, name: string, parent: Frame | null): string | null {
  if (parent === null) return null;
  if (isField(parent, 'melange.Pipeline', 'with')) {
    const uses = usesOf(frame);
    const info = pipelineInfo(uses, analysis.workspace);
    const input = info?.inputs.find((each) => each.name === name);
    return input === undefined ? null : `${inputMarkdown(input)}\n\nInput of ${code(uses)}.`;
  }
  const field = parent.owner === null ? '' : `${parent.owner.name}.${parent.name}`;
  if (field === 'melange.Configuration.vars' || field === 'melange.BuildOption.vars') {
    return `**${escapeMarkdown(name)}**\n\nVariable, used as ${code(`\${{vars.${name}}}`)}.`;
  }
  const about = parent.owner === null ? undefined : keyDoc(parent.owner.name, String(parent.name))?.values?.[name];
  return about === undefined || about === '' ? null : `**${escapeMarkdown(name)}**\n\n${about}`;
}

function inputMarkdown({ name, markdown, required, default: preset }: PipelineInputInfo): string {
  const need = required ? 'Required.' : preset === '' ? '' : `Default: ${code(preset)}.`;
  return [`**${escapeMarkdown(name)}**`, markdown, need].filter((part) => part !== '').join('\n\n');
}

function variableHover(analysis: Analysis, frame: Frame, name: string, span: ConfigHover['span']): ConfigHover | null {
  const scope = scopeOfFrame(frame);
  const known = variablesAt(analysis.names, { ...scope, step: true }, analysis.kind).find((each) => each.name === name);
  if (known === undefined) return null;
  const value = known.value === '' ? [] : [code(known.value)];
  return { span, markdown: [`**${escapeMarkdown(name)}**`, known.about, ...value].join('\n\n') };
}

/** The field that a value is of: its own, or that of the list it is in. */
function fieldFrame(frame: Frame): Frame | null {
  if (frame.owner !== null) return frame;
  return typeof frame.name === 'number' ? frame.parent : null;
}

const PACKAGES =
  /^(?:apko\.ImageContents\.packages|melange\.(?:Dependencies\.(?:runtime|replaces|provides)|Needs\.packages|ListOption\.(?:add|remove)))$/;

function valueMarkdown(analysis: Analysis, frame: Frame): string | null {
  const field = fieldFrame(frame);
  const { value } = frame.node;
  if (field?.owner === null || field?.owner === undefined) return null;
  const path = `${field.owner.name}.${field.name}`;
  if (path === 'melange.Pipeline.uses') return pipelineMarkdown(analysis, value);
  if (path === 'melange.Subpackage.range') {
    const data = analysis.names.data.find(({ name }) => name === value);
    const items = data?.items.slice(0, MOST_ITEMS).map((item) => `- ${code(item.name)}: ${code(item.value)}`);
    return items === undefined ? null : [`**${escapeMarkdown(value)}**`, items.join('\n')].join('\n\n');
  }
  if (PACKAGES.test(path)) return packageMarkdown(analysis, value);
  const about = keyDoc(field.owner.name, String(field.name))?.values?.[value];
  const isMap = unwrapped(frame.type)?.kind === 'map';
  return about === undefined || about === '' || isMap ? null : `**${escapeMarkdown(value)}**\n\n${about}`;
}

const MOST_ITEMS = 20;

function pipelineMarkdown({ workspace }: Analysis, name: string): string | null {
  const info = pipelineInfo(name, workspace);
  if (info === null) return null;
  const url = info.path === null ? pipelineUrl(name) : null;
  const rows = info.inputs.map(inputLine);
  return [
    `**${escapeMarkdown(name)}** ${info.path === null ? 'built into melange' : escapeMarkdown(info.path)}`,
    ...(info.markdown === '' ? [] : [info.markdown]),
    ...(rows.length === 0 ? [] : [rows.join('\n')]),
    ...(url === null ? [] : [`[Its text](${url})`]),
  ].join('\n\n');
}

function packageMarkdown({ names, workspace }: Analysis, written: string): string | null {
  const { name } = splitPackage(written);
  const subpackage = names.subpackages.find((each) => each.name === name);
  const title = `**${escapeMarkdown(name)}**`;
  if (subpackage !== undefined) {
    return [title, 'Subpackage of this file.', escapeMarkdown(subpackage.value)]
      .filter((part) => part !== '')
      .join('\n\n');
  }
  const indexed = workspace.packages.find((each) => each.name === name);
  const built = workspace.built.find((each) => each.name === name);
  if (indexed === undefined && built === undefined) return null;
  return [
    `${title}${indexed === undefined ? '' : ` ${escapeMarkdown(indexed.version)}`}`,
    ...(indexed === undefined || indexed.description === '' ? [] : [escapeMarkdown(indexed.description)]),
    ...(built === undefined ? [] : [`Built by ${code(built.path)}.`]),
  ].join('\n\n');
}
