// SPDX-License-Identifier: Apache-2.0
import type { DockerfileFacts } from '../dockerfile/model.ts';
import { imageUses, type ImageUse } from './image-uses.ts';
import { scriptsOf, type Script } from './shell/scripts.ts';
import { arrivals } from './stage-contents.ts';
import { stageRoles, type StageRole } from './stage-roles.ts';

/** What several rules ask of one file: read when the first of them asks, and kept for the others. */
export class SharedFacts {
  readonly #facts: DockerfileFacts;
  #scripts: readonly Script[] | null = null;
  #roles: readonly StageRole[] | null = null;
  #uses: readonly ImageUse[] | null = null;
  #arrivals: readonly number[] | null = null;

  constructor(facts: DockerfileFacts) {
    this.#facts = facts;
  }

  /** Everything that RUN, CMD, ENTRYPOINT and HEALTHCHECK run. */
  get scripts(): readonly Script[] {
    this.#scripts ??= scriptsOf(this.#facts);
    return this.#scripts;
  }

  /** The role of each stage, by its index. */
  get roles(): readonly StageRole[] {
    this.#roles ??= stageRoles(this.#facts);
    return this.#roles;
  }

  /** Every image the file takes something from. */
  get uses(): readonly ImageUse[] {
    this.#uses ??= imageUses(this.#facts);
    return this.#uses;
  }

  /** From which offset on programs of unknown origin may be in a stage, by its index. */
  get arrivals(): readonly number[] {
    this.#arrivals ??= arrivals(this.#facts);
    return this.#arrivals;
  }
}
