// SPDX-License-Identifier: Apache-2.0
import type { Catalogue } from '../catalogue/lookup.ts';
import type { DockerfileFacts, Stage } from '../dockerfile/model.ts';
import { judgeBase } from '../fips/base.ts';
import type { FipsJudgement } from '../fips/model.ts';
import { judgeStage, type StageJudgement } from '../fips/stage.ts';
import { formatImageReference, type ImageReference } from '../model/image-reference.ts';

/** The three FIPS answers about one file: worked out when the first rule asks, and kept for the others. */
export class FipsAnswers {
  readonly #facts: DockerfileFacts;
  readonly #catalogue: Catalogue;
  readonly #today: string;
  readonly #stages = new Map<number, StageJudgement>();
  readonly #bases = new Map<string, FipsJudgement>();

  constructor(facts: DockerfileFacts, catalogue: Catalogue, today: string) {
    this.#facts = facts;
    this.#catalogue = catalogue;
    this.#today = today;
  }

  /** Of an image by its reference alone. */
  base(reference: ImageReference): FipsJudgement {
    const key = formatImageReference(reference);
    const known = this.#bases.get(key);
    if (known !== undefined) return known;
    const distribution = this.#catalogue.distribution(reference);
    const input = { reference: this.#catalogue.canonical(reference), distribution };
    const answer = judgeBase(input, this.#catalogue.data, this.#today);
    this.#bases.set(key, answer);
    return answer;
  }

  /** Of a stage: its base, changed by what the stage and those below it do. */
  stage(stage: Stage): StageJudgement {
    const known = this.#stages.get(stage.index);
    if (known !== undefined) return known;
    const answer = judgeStage(stage, this.#facts, this.#catalogue, this.#catalogue.data, this.#today);
    this.#stages.set(stage.index, answer);
    return answer;
  }
}
