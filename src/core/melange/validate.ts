// SPDX-License-Identifier: Apache-2.0
// Says exactly when melange v0.59.1 refuses a file, and why.
import { decodeInto } from '../yaml/decoder/decode.ts';
import { explainDecoding, explainSyntax, type KeyNames } from '../yaml/go/explain.ts';
import { spanOf, type GoNode } from '../yaml/go/node.ts';
import { parseGoYaml } from '../yaml/reader/parse.ts';
import { GoYamlLimit } from '../yaml/reader/errors.ts';
import { visible, type ValidityProblem } from '../yaml/go/problem.ts';
import { structType, type GoStruct, type StructType } from '../yaml/go/types.ts';
import { checkConfiguration } from './configuration.ts';
import { melangeNames } from './names.ts';
import { configurationType, melangeStructs } from './structs.ts';

export interface MelangeFile {
  /** Null where the text cannot be read at all. */
  readonly root: GoNode | null;
  readonly config: GoStruct | null;
  /** Empty exactly where melange takes the file. */
  readonly problems: readonly ValidityProblem[];
  /** Set where the file is too large to be judged; nothing else is said then. */
  readonly limit: string | null;
}

let names: KeyNames | null = null;

function keyNames(): KeyNames {
  names ??= {
    nameOf: ({ name }: StructType) => melangeNames[name] ?? 'This block',
    structs: Object.keys(melangeStructs)
      .filter((name) => name.startsWith('melange.'))
      .map((name) => structType(melangeStructs, name)),
  };
  return names;
}

/** Read a melange file; it never throws. */
export function readMelange(text: string): MelangeFile {
  const file = read(text);
  return { ...file, problems: file.problems.map((each) => ({ ...each, span: visible(text, each.span) })) };
}

function read(text: string): MelangeFile {
  const { root, error, limit } = parseGoYaml(text);
  if (error !== null) return { root, config: null, problems: [explainSyntax(error, 'melange', text)], limit: null };
  if (limit !== null) return { root, config: null, problems: [], limit };
  if (root === null) {
    const problem = { span: { start: 0, end: 0 }, message: 'melange cannot read this file: it is empty.', fixes: [] };
    return { root, config: null, problems: [problem], limit };
  }
  const { value, problems } = decodeInto(root, configurationType());
  if (problems.length > 0) {
    const explained = problems.map((problem) => explainDecoding(problem, keyNames()));
    return { root, config: value, problems: explained, limit };
  }
  try {
    const found = checkConfiguration(value, root).map(({ node, message }) => ({
      span: spanOf(node),
      message,
      fixes: [],
    }));
    return { root, config: value, problems: found, limit };
  } catch (thrown) {
    if (thrown instanceof GoYamlLimit) return { root, config: null, problems: [], limit: thrown.message };
    throw thrown;
  }
}
