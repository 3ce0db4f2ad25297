// SPDX-License-Identifier: Apache-2.0
// Written by npm run generate from the files of this folder.
import type { DockerfileRule } from './define.ts';
import { baseNotMinimal } from './dockerfile/WB1001-base-not-minimal.ts';
import { baseWithoutValidatedModule } from './dockerfile/WB1002-base-without-validated-module.ts';
import { baseEndOfLife } from './dockerfile/WB1003-base-end-of-life.ts';
import { mutableTag } from './dockerfile/WB1004-mutable-tag.ts';
import { digestMissing } from './dockerfile/WB1005-digest-missing.ts';
import { rootInFinalStage } from './dockerfile/WB1006-root-in-final-stage.ts';

/** Every Dockerfile rule, by id. */
export const dockerfileRules: readonly DockerfileRule[] = [baseNotMinimal, baseWithoutValidatedModule, baseEndOfLife, mutableTag, digestMissing, rootInFinalStage];
