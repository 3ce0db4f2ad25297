// SPDX-License-Identifier: Apache-2.0
import type { AuditReport } from '../evidence/report.ts';
import { severityOf, waiverOf, type WaiverTarget } from '../policy/evaluate.ts';
import type { Policy } from '../policy/model.ts';
import type { ImageRuleContext } from './define.ts';
import { imageRules } from './image-index.gen.ts';

/** How an image is called where waivers speak of it. */
export type ImageTarget = Pick<WaiverTarget, 'images' | 'digests'>;

/** What the rules about images find, with the severities and waivers of a policy. */
export function imageFindings(context: ImageRuleContext, policy: Policy, target: ImageTarget): AuditReport['findings'] {
  const today = new Date(context.now).toISOString().slice(0, 10);
  return imageRules.flatMap((rule): AuditReport['findings'] => {
    const asked = severityOf(policy, rule);
    if (asked === 'off') return [];
    const waiver = waiverOf(policy, { kind: 'rule', ids: [rule.id, rule.slug], ...target }, today);
    const accepted = waiver === null || waiver.expired ? null : waiver.waiver.value;
    return [...rule.check(context)].map(({ message, severity }) => ({
      ruleId: rule.id,
      slug: rule.slug,
      severity: asked ?? severity ?? rule.severity,
      message,
      suppressed:
        accepted === null
          ? null
          : { by: 'waiver' as const, owner: accepted.owner, reason: accepted.reason, expires: accepted.expires },
    }));
  });
}
