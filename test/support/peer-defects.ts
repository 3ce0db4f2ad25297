// SPDX-License-Identifier: Apache-2.0
// What other tools were seen to get wrong, each with the tests that show Waybill to do it right. A test holds the table
// against the tests: test/contract/peer-defects.test.ts.

export interface PeerDefect {
  readonly tool: string;
  readonly defect: string;
  /** Files below test/, and in each the titles, or for a table the words in front, as they are written there. */
  readonly shownBy: Readonly<Record<string, readonly string[]>>;
}

const DEFECTS = 'rules/known-defects.test.ts';
const row = (tool: string, defect: string, ...titles: readonly string[]): PeerDefect => ({
  tool,
  defect,
  shownBy: { [DEFECTS]: titles },
});

export const PEER_DEFECTS: readonly PeerDefect[] = [
  row('Red Hat Dependency Analytics', 'takes --platform for the image', 'a platform is no image'),
  row('Red Hat Dependency Analytics', 'loses a variable with a tag behind it', 'a variable with a tag behind it'),
  row('Red Hat Dependency Analytics', 'loses a default in an expansion', 'a default in the expansion'),
  row('Red Hat Dependency Analytics', 'passes over FROM in lower case', 'lower case'),
  row('Red Hat Dependency Analytics', 'keeps the quotes of an ARG', 'quotes of an ARG'),
  row('Red Hat Dependency Analytics', 'reads one assignment of an ARG', 'two assignments on one ARG'),
  row(
    'Red Hat Dependency Analytics',
    'takes a comment behind FROM for the image',
    'refuses a comment behind FROM, as the builder does',
  ),
  row('Red Hat Dependency Analytics', 'stops at a continuation', 'a continuation before AS'),
  row('Red Hat Dependency Analytics', 'finds FROM in a heredoc', 'FROM in a heredoc'),
  row('Red Hat Dependency Analytics', 'lets an ARG of a stage out', 'an ARG of a stage stays there'),
  row('Red Hat Dependency Analytics', 'looks a stage up as an image', 'a stage alias'),
  row(
    'hadolint',
    'refuses a registry with a port, and says nothing else of the file',
    'a registry with a port',
    'does not lose the rest of a file to one odd line',
  ),
  row(
    'hadolint',
    'refuses RUN behind a heredoc with an interpreter',
    'a heredoc with an interpreter, RUN right behind',
    'does not lose the rest of a file to one odd line',
  ),
  row(
    'hadolint',
    'misses the tag of a stage in another case, and of a name with a variable in it',
    'says nothing of the tag where a variable brings one, or where a stage is meant',
    'a stage alias in upper case',
    'a variable inside a name',
  ),
  {
    tool: 'hadolint',
    defect: 'has no rule about digests',
    shownBy: { 'contract/rule-examples.test.ts': ['three bad, three good'] },
  },
  {
    tool: 'Docker language server',
    defect: 'sends references to a service, and is silent where no daemon runs',
    shownBy: { 'contract/layers.test.ts': ['every import of every layer is one the layer may make'] },
  },
  {
    tool: 'Docker language server',
    defect: 'misspells a setting, so that it never holds',
    shownBy: { 'integration/host/lint.ts': ['follows its settings'] },
  },
  row(
    'Docker language server',
    'writes FROM anew, without its spacing, comments and --platform',
    'keeps --platform, alias, spacing, comments and the variable',
  ),
  {
    tool: 'Trivy extension',
    defect: 'puts quotes round arguments, which reach the program',
    shownBy: { 'unit/node/run-tool.test.ts': ['hands every argument over as it is, quotes, blanks and all'] },
  },
  row('dockerfile-ast', 'reads one assignment of an ARG', 'two assignments on one ARG'),
  row('dockerfile-ast', 'has no tag beside a digest', 'an ARG with tag and digest'),
  row('dfc', 'drops a digest', 'never drops a digest'),
  row('dfc', 'takes the port of a registry for a tag', 'a registry with a port'),
  row('dfc', 'takes a private image for a public one', 'takes no private image for a public one of the same name'),
  row('dfc', 'names another product, or a kit for a runtime', 'names no other product and no larger one for a base'),
  row('dfc', 'names images that do not exist', 'names no image that is not known to exist'),
  row('dfc', 'gives up a minimal image and its variant', 'calls a minimal image minimal, and keeps its variant'),
  row('dfc', 'leaves a FIPS image alone by accident', 'leaves a FIPS image of an organisation what it is, on purpose'),
  row(
    'dfc',
    'takes a development variant and root because of a RUN',
    'brings no development variant in because a stage has a RUN, nor USER root',
  ),
  row(
    'Docker Scout',
    'recommends another distribution',
    'does not send a Dockerfile on alpine to another distribution',
  ),
];
