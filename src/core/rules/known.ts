// SPDX-License-Identifier: Apache-2.0
import type { RuleInfo } from './define.ts';
import { apkoRules, melangeRules } from './config-index.gen.ts';
import { imageRules } from './image-index.gen.ts';
import { dockerfileRules } from './index.gen.ts';
import { policyRules } from './policy.ts';

/** Every rule that a finding can name, whatever it judges; by id. Hosts take `summaries.gen.ts`, made from it. */
export const knownRules: readonly RuleInfo[] = [
  ...policyRules,
  ...dockerfileRules,
  ...apkoRules,
  ...melangeRules,
  ...imageRules,
];
