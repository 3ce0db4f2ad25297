// SPDX-License-Identifier: Apache-2.0
// Which keys and built-in pipelines a valid file shows.
import { imageConfigurationType } from '../../src/core/apko/structs.ts';
import { builtinPipelines } from '../../src/core/melange/pipelines.ts';
import { configurationType } from '../../src/core/melange/structs.ts';
import { decodeInto } from '../../src/core/yaml/decoder/decode.ts';
import { parseGoYaml } from '../../src/core/yaml/reader/parse.ts';
import { GoList, GoMap, GoStruct, type GoValue } from '../../src/core/yaml/go/types.ts';
import type { ConfigFile } from './config-corpus.ts';

function collect(value: GoValue, found: Set<string>): void {
  if (value instanceof GoStruct) {
    for (const [key, field] of value.fields) {
      found.add(`${value.type.name}.${key}`);
      if (value.type.name === 'melange.Pipeline' && key === 'uses') found.add(`uses: ${String(field.value)}`);
      collect(field.value, found);
    }
  } else if (value instanceof GoList) for (const { value: item } of value.items) collect(item, found);
  else if (value instanceof GoMap) for (const { value: item } of value.entries.values()) collect(item, found);
}

/** `STRUCT.KEY` of every key, and `uses: NAME` of every built-in pipeline. */
export function shownBy({ language, text }: ConfigFile): ReadonlySet<string> {
  const found = new Set<string>();
  const { root } = parseGoYaml(text);
  if (root === null) return found;
  const { value, problems } = decodeInto(root, language === 'apko' ? imageConfigurationType() : configurationType());
  if (problems.length === 0) collect(value, found);
  const known = new Set(Object.keys(builtinPipelines).map((name) => `uses: ${name}`));
  // Within a melange file apko's keys are shown as keys of its environment; those of an apko file count as well.
  return new Set([...found].filter((each) => !each.startsWith('uses: ') || known.has(each)));
}

/** For each key and pipeline the names of the files that show it, in order. */
export function coverage(files: readonly ConfigFile[]): Map<string, string[]> {
  const by = new Map<string, string[]>();
  for (const file of files) {
    for (const each of shownBy(file)) by.set(each, [...(by.get(each) ?? []), file.name]);
  }
  return by;
}
