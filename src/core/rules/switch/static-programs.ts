// SPDX-License-Identifier: Apache-2.0
import type { Stage } from '../../dockerfile/model.ts';
import type { DockerfileRuleContext } from '../define.ts';
import { variableFor } from '../go-cryptography.ts';
import { lineage } from '../lineage.ts';

/** Programs that put files into a stage which need not be Go: compilers, and what downloads. */
const OTHERS = /^(?:make|gcc|g\+\+|cc|clang|cargo|npm|pip3?|mvn|gradle|cmake|ninja|ld|curl|wget|git|tar|unzip)$/;
/** Folders of the builder's own distribution. */
const SYSTEM = /^\/(?:(?:usr(?:\/local)?|lib\w*)?\/?$|(?:usr\/(?:local\/)?)?(?:s?bin|lib\w*)(?:\/|$))/;

/**
 * True where what is taken from a stage is what it makes of Go without cgo, which needs no library of the image it runs
 * in. By the README of distroless that is what its static images are for. What else the stage compiles or fetches, or
 * the distribution below it has, may be linked to anything.
 */
export function isStatic(
  builder: Stage,
  taken: readonly string[],
  { facts, shared }: Pick<DockerfileRuleContext, 'facts' | 'shared'>,
): boolean {
  const stages = new Set(lineage(builder, facts).map(({ index }) => index));
  const made = new Set<string>();
  let built = 0;
  for (const script of shared.scripts) {
    if (script.instruction.keyword !== 'RUN' || !stages.has(script.stage.index)) continue;
    for (const command of script.commands) {
      const { name, args } = command.invocation;
      if (OTHERS.test(name)) return false;
      if (name !== 'go' || (args[0]?.value !== 'build' && args[0]?.value !== 'install')) continue;
      if (variableFor('CGO_ENABLED', command, script, facts) !== '0') return false;
      built++;
      const output = args.findIndex(({ value }) => value === '-o');
      if (output > 0) made.add(args[output + 1]?.value ?? '');
    }
  }
  return built > 0 && taken.every((path) => path.startsWith('/') && (!SYSTEM.test(path) || made.has(path)));
}
