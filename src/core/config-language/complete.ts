// SPDX-License-Identifier: Apache-2.0
import type { GoType } from '../yaml/go/types.ts';
import { scopeAt, type Analysis } from './analysis.ts';
import { keyDoc, keyMarkdown } from './docs.ts';
import { lineAt } from './loose.ts';
import type { Completion, Completions } from './model.ts';
import { placeAt, unwrapped, type Level, type Place } from './place.ts';
import { pipelineInfo, variablesAt, type VariableScope } from './scope.ts';
import { fieldOf, value, valuesFor } from './values.ts';
import { escapeMarkdown } from '../explorer/markdown.ts';

/** What can be written at an offset; null where nothing of ours belongs. */
export function complete(analysis: Analysis, offset: number): Completions | null {
  const { text, type } = analysis;
  if (offset < 0 || offset > text.length) return null;
  const place = placeAt(text, offset, type);
  const reference = referenceBefore(text, offset);
  if (reference !== null && analysis.kind !== 'apko') {
    const comment = /^\s*#/.test(text.slice(lineStart(text, offset), offset)) && place?.kind !== 'text';
    return comment ? null : variables(analysis, place, offset, reference);
  }
  if (place === null || place.kind === 'text') return null;
  const found = place.kind === 'key' ? keys(analysis, place) : values(analysis, place);
  return found === null || found.items.length === 0 ? null : found;
}

function lineStart(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && !/[\r\n]/.test(text.charAt(at - 1))) at--;
  return at;
}

/** A reference that is being written: where its name begins. */
function referenceBefore(text: string, offset: number): number | null {
  const before = text.slice(Math.max(lineStart(text, offset), offset - MAX_REFERENCE), offset);
  const found = /\$\{\{[ \t]*([A-Za-z0-9._-]*)$/.exec(before);
  return found === null ? null : offset - (found[1]?.length ?? 0);
}

const MAX_REFERENCE = 200;

function scopeOf(analysis: Analysis, place: Place | null, offset: number): VariableScope {
  const scope = scopeAt(analysis, offset);
  if (place === null) return scope;
  // The levels are right where the text is too broken for the tree.
  const within = (struct: string): Level | undefined =>
    place.levels.find(({ type }) => type?.kind === 'struct' && type.name === struct);
  const subpackage = within('melange.Subpackage');
  return {
    step: scope.step || within('melange.Pipeline') !== undefined,
    subpackage: scope.subpackage || subpackage !== undefined,
    range: scope.range || subpackage?.siblings.has('range') === true,
    inputs: scope.inputs,
  };
}

function variables(analysis: Analysis, place: Place | null, offset: number, start: number): Completions {
  const { text, names, kind } = analysis;
  const rest = text.slice(offset, lineAt(text, offset).end);
  const word = /^[A-Za-z0-9._-]*/.exec(rest)?.[0] ?? '';
  const closed = /^[ \t]*\}\}/.test(rest.slice(word.length));
  // A single brace was put there by the editor when the first was typed.
  const braces = closed ? '' : (/^\}/.exec(rest.slice(word.length))?.[0] ?? '');
  const end = offset + word.length + braces.length;
  const items = variablesAt(names, scopeOf(analysis, place, offset), kind).map((each) =>
    value(each.name, 'variable', each.about.replaceAll('`', ''), {
      documentation: each.value === '' ? '' : escapeMarkdown(each.value.slice(0, 200)),
      insert: closed ? each.name : `${each.name}}}`,
    }),
  );
  return { span: { start, end }, items, incomplete: false };
}

function values(analysis: Analysis, place: Place): Completions | null {
  const { kind, text } = analysis;
  const dash = place.needsDash ? '- ' : '';
  if (/\$\{?$/.test(place.typed) && kind !== 'apko') {
    const start = place.span.start + place.typed.search(/\$\{?$/);
    const scope = scopeOf(analysis, place, place.span.start);
    const items = variablesAt(analysis.names, scope, kind).map((each) =>
      value(`\${{${each.name}}}`, 'variable', each.about.replaceAll('`', '')),
    );
    return { span: { start, end: place.span.start + place.typed.length }, items, incomplete: false };
  }
  const { items, incomplete, from } = valuesFor(analysis, place);
  const field = fieldOf(place.levels);
  const isUses = field?.struct === 'melange.Pipeline' && field.key === 'uses';
  const atEnd = text.slice(place.span.end, lineAt(text, place.span.end).end).trim() === '';
  const siblings = place.levels.at(-2)?.siblings;
  const mayHaveInputs = isUses && !place.flow && place.quote === '' && atEnd && siblings?.has('with') !== true;
  return {
    span: { start: place.span.start + from, end: place.span.end },
    items: items.map((item) => {
      const inputs = mayHaveInputs ? withInputs(analysis, item.label, place.column) : null;
      return {
        ...item,
        ...(inputs === null ? {} : { insert: item.insert + inputs, snippet: true }),
        ...(inputs === null ? { insert: dash + quotedFor(item.insert, place) } : {}),
      };
    }),
    incomplete,
  };
}

/** A plain value that YAML would not take as the text it is gets quotes. */
function quotedFor(text: string, { quote }: Place): string {
  return quote === '' && /^[@`%&*!|>'"[\]{},?]|: | #/.test(text) ? `'${text.replaceAll("'", "''")}'` : text;
}

/** The inputs that a pipeline needs, as a snippet to follow its name. */
function withInputs({ text, workspace }: Analysis, name: string, column: number): string | null {
  const required = pipelineInfo(name, workspace)?.inputs.filter((input) => input.required) ?? [];
  if (required.length === 0) return null;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = ' '.repeat(column);
  const lines = required.map(({ name: input }, i) => `${indent}  ${snippetText(input)}: \${${i + 1}}`);
  return [`${newline}${indent}with:`, ...lines].join(newline);
}

/** Text that a snippet leaves as it is. */
export const snippetText = (text: string): string => text.replaceAll(/[\\$}]/g, '\\$&');

function keys(analysis: Analysis, place: Place): Completions | null {
  const level = place.levels.at(-1);
  const items = level?.type?.kind === 'struct' ? fields(analysis, place, level) : mapKeys(analysis, place);
  return { span: place.span, items, incomplete: false };
}

/** Keys that do not stand beside one that is there. */
const EXCLUDED: Readonly<Record<string, readonly string[]>> = {
  uses: ['runs'],
  with: ['runs'],
  runs: ['uses', 'with'],
};

function fields(analysis: Analysis, place: Place, level: Level): Completion[] {
  if (level.type?.kind !== 'struct') return [];
  const { name: struct, fields: known } = level.type;
  const isStep = struct === 'melange.Pipeline';
  const excluded = new Set(isStep ? [...level.siblings.keys()].flatMap((key) => EXCLUDED[key] ?? []) : []);
  const ordered = isStep ? ['uses', 'runs', 'with', ...known.keys()] : [...known.keys()];
  return [...new Set(ordered)].flatMap((key) => {
    if (level.siblings.has(key) || excluded.has(key)) return [];
    const type = unwrapped(known.get(key) ?? null);
    const doc = keyDoc(struct, key);
    return [
      value(key, 'key', doc?.doc.replaceAll('`', '') ?? '', {
        documentation: keyMarkdown(struct, key, type) ?? '',
        insert: keyText(analysis, place, key, type, isScript(struct, key)),
        again: !place.hasColon && continues(type, doc?.values !== undefined || key === 'uses'),
        deprecated: doc?.deprecated === true,
      }),
    ];
  });
}

const isScript = (struct: string, key: string): boolean =>
  key === 'runs' || key === 'script' || (struct === 'melange.Scriptlets' && key !== 'trigger');

const continues = (type: GoType | null, hasValues: boolean): boolean =>
  hasValues || type?.kind === 'bool' || type?.kind === 'struct' || type?.kind === 'list' || type?.kind === 'map';

/** A key with what follows it: its colon, and the beginning of the block or list that it holds. */
function keyText({ text }: Analysis, place: Place, key: string, type: GoType | null, script: boolean): string {
  const dash = place.needsDash ? '- ' : '';
  if (place.hasColon) return dash + key;
  if (place.flow) return `${key}: `;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const inner = ' '.repeat(place.column + dash.length + 2);
  const atEnd = text.slice(place.span.end, lineAt(text, place.span.end).end).trim() === '';
  if (!atEnd) return `${dash}${key}: `;
  if (script) return `${dash}${key}: |${newline}${inner}`;
  switch (type?.kind) {
    case 'struct':
    case 'map':
      return `${dash}${key}:${newline}${inner}`;
    case 'list':
      return `${dash}${key}:${newline}${inner}- `;
    default:
      return `${dash}${key}: `;
  }
}

/** Names that a plain map may hold: inputs of a pipeline, environment variables, capabilities. */
function mapKeys(analysis: Analysis, place: Place): Completion[] {
  const level = place.levels.at(-1);
  if (level === undefined || level.type?.kind !== 'map') return [];
  const field = level.owner === null ? null : `${level.owner.name}.${level.name}`;
  const tail = place.hasColon ? '' : ': ';
  if (field === 'melange.Pipeline.with') {
    const step = place.levels.at(-2);
    const info = pipelineInfo(step?.siblings.get('uses') ?? '', analysis.workspace);
    return (info?.inputs ?? []).flatMap((input) => {
      if (level.siblings.has(input.name)) return [];
      const need = input.required ? 'required' : input.default === '' ? '' : `default ${input.default}`;
      return [
        value(input.name, 'input', [need, input.about].filter((part) => part !== '').join('; '), {
          documentation: input.markdown,
          insert: input.name + tail,
          again: tail !== '' && /^(?:true|false)$/.test(input.default),
        }),
      ];
    });
  }
  if (field === 'melange.BuildOption.vars') {
    return analysis.names.vars.flatMap(({ name, value: now }) =>
      level.siblings.has(name) ? [] : [value(name, 'variable', now, { insert: name + tail })],
    );
  }
  const known = level.owner === null ? null : keyDoc(level.owner.name, String(level.name));
  return Object.entries(known?.values ?? {}).flatMap(([name, about]) =>
    level.siblings.has(name) ? [] : [value(name, 'value', about.replaceAll('`', ''), { insert: name + tail })],
  );
}
