// SPDX-License-Identifier: Apache-2.0
// Says exactly when apko v1.2.37 refuses a file when it loads and validates it, and why.
import { decodeInto } from '../yaml/decoder/decode.ts';
import { explainDecoding, explainSyntax, type KeyNames } from '../yaml/go/explain.ts';
import { spanOf, type GoNode } from '../yaml/go/node.ts';
import { parseGoYaml } from '../yaml/reader/parse.ts';
import { visible, type ValidityProblem } from '../yaml/go/problem.ts';
import { structType, type GoStruct, type StructType } from '../yaml/go/types.ts';
import { imageOf, mergeInto, type Image } from './image.ts';
import { apkoNames } from './names.ts';
import { apkoStructs, imageConfigurationType } from './structs.ts';

export interface ApkoFile {
  readonly root: GoNode | null;
  readonly config: GoStruct | null;
  /** Empty exactly where apko takes the file. */
  readonly problems: readonly ValidityProblem[];
  /** Set where the file cannot be judged: it is too large, or includes what cannot be read from here. */
  readonly limit: string | null;
}

/** Text of a file beside the judged one; null where there is none, undefined where it may not be looked for. */
export type ReadBeside = (path: string) => string | null | undefined;

let names: KeyNames | null = null;

function keyNames(): KeyNames {
  names ??= {
    nameOf: ({ name }: StructType) => apkoNames[name] ?? 'This block',
    structs: Object.keys(apkoStructs).map((name) => structType(apkoStructs, name)),
  };
  return names;
}

const CERTIFICATE_NAME = /^[a-zA-Z0-9_-]+[a-zA-Z0-9_.-]*$/;
const MAX_INCLUDES = 16;

interface Loaded {
  readonly image: Image | null;
  readonly root: GoNode | null;
  readonly config: GoStruct | null;
  readonly problems: readonly ValidityProblem[];
  readonly limit: string | null;
}

function load(text: string, beside: ReadBeside, chain: readonly string[]): Loaded {
  const { root, error, limit } = parseGoYaml(text);
  const nothing = { image: null, root, config: null, limit };
  if (error !== null) return { ...nothing, problems: [explainSyntax(error, 'apko', text)], limit: null };
  if (limit !== null) return { ...nothing, problems: [] };
  if (root === null) {
    const problem = { span: { start: 0, end: 0 }, message: 'apko cannot read this file: it is empty.', fixes: [] };
    return { ...nothing, problems: [problem] };
  }
  const { value: config, problems } = decodeInto(root, imageConfigurationType());
  if (problems.length > 0) {
    const explained = problems.map((problem) => explainDecoding(problem, keyNames()));
    return { ...nothing, config, problems: explained };
  }
  const image = imageOf(config, root);
  const refused = (node: GoNode | null, message: string): Loaded => ({
    ...nothing,
    config,
    problems: [{ span: spanOf(node ?? root), message, fixes: [] }],
  });
  const include = config.string('include');
  if (include !== '') {
    const node = config.node('include');
    if (chain.includes(include) || chain.length >= MAX_INCLUDES) {
      return refused(node, `${JSON.stringify(include)} includes itself, and apko would never end. Remove the include.`);
    }
    const included = beside(include);
    if (included === undefined) {
      return { ...nothing, config, problems: [], limit: `It includes ${include}, which is not looked for.` };
    }
    if (included === null) return refused(node, `The file ${JSON.stringify(include)} is not there. Correct the path.`);
    const inner = load(included, beside, [...chain, include]);
    if (inner.limit !== null) return { ...nothing, config, problems: [], limit: inner.limit };
    const [first] = inner.problems;
    if (first !== undefined) return refused(node, `apko refuses ${include}: ${first.message}`);
    if (inner.image !== null) mergeInto(inner.image, image, node);
  }
  if (image.baseImage !== null && image.besideBaseImage !== null) {
    return refused(
      image.besideBaseImage,
      'On a base image apko takes only contents, archs and include. Remove this, or build without baseimage.',
    );
  }
  return { image, root, config, problems: [], limit: null };
}

function validate(image: Image, root: GoNode): ValidityProblem[] {
  const problems: ValidityProblem[] = [];
  const report = (node: GoNode | null, message: string): void => {
    problems.push({ span: spanOf(node ?? root), message, fixes: [] });
  };
  for (const { name, uid, at, uidAt } of image.users) {
    if (name === '') report(at, 'A user has no name. Add "username".');
    else if (uid === 0n) {
      report(
        uidAt ?? at,
        `The user ${JSON.stringify(name)} has the UID 0. Give it another, or write "run-as: 0" to run as root.`,
      );
    }
  }
  for (const { name, at } of image.groups) if (name === '') report(at, 'A group has no name. Add "groupname".');
  for (const { name, at } of image.certificates) {
    if (name === '') report(at, 'A certificate has no name. Add "name".');
    else if (!isFileName(name)) report(at, `${JSON.stringify(name)} is no name for a certificate. ${NAME_HINT}`);
  }
  const seen = new Set<string>();
  for (const { name, content, at, contentAt } of image.runtimeKeyring) {
    if (name === '') report(at, 'A key of "runtime_keyring" has no name. Add "name".');
    else if (content === '')
      report(contentAt ?? at, `The key ${JSON.stringify(name)} has no content. Add "content" with the public key.`);
    else if (!isFileName(name)) report(at, `${JSON.stringify(name)} is no name for a key. ${NAME_HINT}`);
    else if (seen.has(name)) report(at, `Two keys are called ${JSON.stringify(name)}. Remove one of them.`);
    seen.add(name);
  }
  return problems;
}

const NAME_HINT = 'It is made of letters, digits, "_", "." and "-", and does not begin with a dot.';
const isFileName = (name: string): boolean => CERTIFICATE_NAME.test(name) && !name.includes('\n');

/** `beside` reads what the file includes, by the path that stands in it. */
export function readApko(text: string, beside: ReadBeside = () => undefined): ApkoFile {
  const { image, root, config, problems, limit } = load(text, beside, []);
  const more = image === null || root === null ? [] : validate(image, root);
  return {
    root,
    config,
    problems: [...problems, ...more].map((each) => ({ ...each, span: visible(text, each.span) })),
    limit,
  };
}
