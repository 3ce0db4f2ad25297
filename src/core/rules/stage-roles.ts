// SPDX-License-Identifier: Apache-2.0
import { csvFields } from '../dockerfile/mounts.ts';
import type { DockerfileFacts, Instruction } from '../dockerfile/model.ts';
import { StageNames } from '../dockerfile/stages.ts';

/**
 * `final`: the image that is shipped, and what it is built on. `builder`: something of it reaches the final image by
 * COPY or a mount. `unused`: nothing does, so that BuildKit does not even build it.
 */
export type StageRole = 'final' | 'builder' | 'unused';

/** The stages that an instruction takes files from. */
function sourcesOf(instruction: Instruction, known: StageNames, before: number): readonly number[] {
  const { keyword, flags } = instruction.trigger ?? instruction;
  const names = flags.flatMap(({ name, value }) => {
    if (value === null) return [];
    if ((keyword === 'COPY' || keyword === 'ADD') && name === 'from') return [value];
    if (keyword !== 'RUN' || name !== 'mount') return [];
    return (csvFields(value) ?? []).flatMap((field) => /^from=(.+)$/i.exec(field)?.[1] ?? []);
  });
  return names.flatMap((name) => {
    const source = known.source(name, before);
    return source.kind === 'stage' ? [source.index] : [];
  });
}

/** The role of each stage, by its index. */
export function stageRoles({ stages }: DockerfileFacts): readonly StageRole[] {
  const roles: StageRole[] = stages.map(() => 'unused');
  const known = new StageNames(stages);
  const last = stages.length - 1;
  if (last < 0) return roles;
  roles[last] = 'final';
  // A stage only takes from earlier ones, so that one walk from the end meets every user before what it uses.
  for (let index = last; index >= 0; index--) {
    const stage = stages[index];
    const role = roles[index];
    if (stage === undefined || role === undefined || role === 'unused') continue;
    if (stage.base.kind === 'stage' && stage.base.index < index) {
      if (role === 'final' || roles[stage.base.index] === 'unused') roles[stage.base.index] = role;
    }
    if (!stage.instructions.some(({ flags, trigger }) => flags.length > 0 || trigger !== null)) continue;
    for (const instruction of stage.instructions) {
      for (const source of sourcesOf(instruction, known, index)) {
        if (roles[source] === 'unused') roles[source] = 'builder';
      }
    }
  }
  return roles;
}
