// SPDX-License-Identifier: Apache-2.0
import type { Catalogue, Fact } from '../catalogue/lookup.ts';
import type { DockerfileFacts, Instruction, Stage } from '../dockerfile/model.ts';
import { csvFields } from '../dockerfile/mounts.ts';
import type { FindingSeverity } from '../model/severity.ts';
import { bottomStage } from './lineage.ts';

/** Folders in which programs stand, and everything above them. */
const PROGRAM_FOLDER = /^(?:\/(?:usr(?:\/local)?\/)?s?bin(?:\/|$)|\/(?:usr(?:\/local)?\/?)?$|\/busybox(?:\/|$))/;

/** True where an instruction can put a program such as a shell into the file system; what cannot be told counts as that. */
function mayBringPrograms(written: Instruction): boolean {
  const instruction = written.trigger ?? written;
  if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') return false;
  const last = instruction.exec === null ? instruction.words.at(-1)?.text : instruction.exec.at(-1);
  const destination = (last ?? '').replace(/^["']|["']$/g, '');
  return !destination.startsWith('/') || /[$\\`]|\.\./.test(destination) || PROGRAM_FOLDER.test(destination);
}

/** From which offset of the file on programs of unknown origin may be in a stage, by its index; Infinity for never. */
export function arrivals({ stages }: DockerfileFacts): readonly number[] {
  const offsets: number[] = [];
  for (const { index, base, instructions } of stages) {
    const below = base.kind === 'stage' ? (offsets[base.index] ?? 0) : Number.POSITIVE_INFINITY;
    const first = instructions.find(mayBringPrograms)?.span.start ?? Number.POSITIVE_INFINITY;
    // What a stage below got, this one has from its beginning.
    offsets[index] = below === Number.POSITIVE_INFINITY ? first : 0;
  }
  return offsets;
}

/** True where a RUN has files of elsewhere mounted, which may be programs; caches, secrets and the like are none. */
export function mountsFiles({ flags }: Instruction): boolean {
  return flags.some(({ name, value }) => {
    if (name !== 'mount') return false;
    const fields = csvFields(value ?? '') ?? [];
    const type = fields.find((field) => /^type=/i.test(field))?.slice('type='.length) ?? 'bind';
    return type === 'bind' || fields.some((field) => /^from=/i.test(field));
  });
}

/** What a base image is known to have, `none` for nothing of the kind. */
export interface Known {
  readonly value: string;
  /** The image as written, or `scratch`. */
  readonly image: string;
  /** `hint` where nobody recorded where the fact comes from. */
  readonly limit: { readonly severity?: FindingSeverity };
}

function known(stage: Stage, facts: DockerfileFacts, fact: (bottom: Stage) => Fact | null): Known | null {
  const bottom = bottomStage(stage, facts);
  if (bottom.base.kind === 'scratch') return { value: 'none', image: 'scratch', limit: {} };
  const found = fact(bottom);
  if (found === null) return null;
  const sourced = found.source !== null && found.source.confidence !== 'memory';
  return { value: found.value, image: bottom.written, limit: sourced ? {} : { severity: 'hint' } };
}

/** The shell that a stage has from its base image; null where nobody knows. */
export function shellOf(stage: Stage, facts: DockerfileFacts, catalogue: Catalogue): Known | null {
  return known(stage, facts, ({ base }) => (base.kind === 'image' ? catalogue.shell(base.reference) : null));
}

/** The package manager that a stage has from its base image; null where nobody knows. */
export function packageManagerOf(stage: Stage, facts: DockerfileFacts, catalogue: Catalogue): Known | null {
  return known(stage, facts, ({ base }) => (base.kind === 'image' ? catalogue.packageManager(base.reference) : null));
}
