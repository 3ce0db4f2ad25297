// SPDX-License-Identifier: Apache-2.0
import { formatImageReference, parseImageReference } from '../model/image-reference.ts';
import { expiredWaivers, waiverOf, type WaiverTarget } from '../policy/evaluate.ts';
import type { Policy } from '../policy/model.ts';
import { waiverExpired } from '../rules/policy.ts';
import type { AuditReport, PackageRow, VulnerabilityRow } from './report.ts';

/**
 * The report with the waivers of a policy in it: what is waived stays where it is and says by whom and until when.
 * Waivers of vulnerabilities that have ended are findings. What is stored has none of this: a waiver ends with its day.
 */
export function withExceptions(report: AuditReport, policy: Policy, today: string): AuditReport {
  const packages = new Map(report.packages.map((each): [string, PackageRow] => [each.id, each]));
  const image = imageTarget(report);
  const vulnerabilities = report.vulnerabilities.map((row): VulnerabilityRow => {
    const target = { ...image, ids: [row.id, ...row.aliases], ...packageTarget(packages.get(row.packageId)) };
    const found = waiverOf(policy, target, today);
    if (found === null || found.expired) return row;
    const { owner, reason, expires } = found.waiver.value;
    return { ...row, excepted: { by: 'waiver', owner, reason, expires } };
  });
  const ended = policy.waivers.filter(({ value }) => value.vulnerability !== undefined);
  return {
    ...report,
    vulnerabilities,
    findings: [
      ...report.findings,
      ...expiredWaivers({ ...policy, waivers: ended }, today).map(({ message }) => ({
        ruleId: waiverExpired.id,
        slug: waiverExpired.slug,
        severity: waiverExpired.severity,
        message,
        suppressed: null,
      })),
    ],
    summary: { ...report.summary, excepted: vulnerabilities.filter(({ excepted }) => excepted !== null).length },
  };
}

/** The image by every name and digest that a waiver may give it. */
function imageTarget({ image }: AuditReport): Omit<WaiverTarget, 'ids'> {
  const named = image.reference.slice(image.reference.indexOf(':') + 1);
  const parsed = parseImageReference(named);
  const forms = parsed.ok
    ? [parsed.value, { ...parsed.value, digest: null }, { ...parsed.value, tag: null, digest: null }]
    : [];
  const base = parseImageReference(image.base?.name ?? '');
  return {
    kind: 'vulnerability',
    images: [named, ...forms.map(formatImageReference)],
    digests: [image.indexDigest, image.manifestDigest, image.configDigest].filter((each) => each !== null),
    ...(base.ok ? { base: base.value } : {}),
  };
}

function packageTarget(of: PackageRow | undefined): Pick<WaiverTarget, 'packages'> {
  if (of === undefined) return {};
  return { packages: [of.name, `${of.name}@${of.version}`, ...(of.purl === null ? [] : [of.purl])] };
}
