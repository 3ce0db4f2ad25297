// SPDX-License-Identifier: Apache-2.0
import type { AuditReport, PackageRow, VulnerabilityRow } from '../evidence/report.ts';
import type { VulnerabilitySeverity } from '../model/severity.ts';
import { visibleText } from '../protocol/visible-text.ts';
import { failedStages, isComplete } from './audit-document.ts';
import { ruleDocs } from './rule-docs.ts';
import { sarifLog, TOOL_ADDRESS } from './sarif-log.ts';

const LEVELS: Readonly<Record<VulnerabilitySeverity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  negligible: 'note',
  unknown: 'note',
};
/** What code scanning sorts by where an advisory has no CVSS score. */
const SCORES: Readonly<Record<VulnerabilitySeverity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.5',
  negligible: '0.5',
  unknown: '0.0',
};
const levelOf = (severity: string): 'error' | 'warning' | 'note' =>
  severity === 'error' || severity === 'warning' ? severity : 'note';
/** Files of the image: they are nowhere on the machine that reads the log. */
const BASE = '%IMAGE%';

const uri = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '')
    .map(encodeURIComponent)
    .join('/');

/** A message without its ages: tomorrow it is the same finding. */
const lasting = (message: string): string => message.replace(/\b\d+ (?:minute|hour|day)s?\b/g, 'some time');

/** Lone surrogates have no URI. */
const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\ufffd');

function messageOf(found: VulnerabilityRow, of: PackageRow | undefined): string {
  const { versions, state } = found.fix;
  const name = of === undefined ? found.packageId : `${of.name} ${of.version} (${of.type})`;
  const fix =
    versions.length > 0
      ? `Fixed in ${versions.join(', ')}.`
      : state === 'wont-fix'
        ? 'Its distribution will not fix it.'
        : 'No fixed version is known.';
  const exploited = found.kev === null ? '' : ' It is known to be exploited.';
  return visibleText(`${found.id} affects ${name}.${exploited} ${fix}`);
}

function suppression({ reason, owner, expires }: NonNullable<VulnerabilityRow['excepted']>): unknown {
  return {
    kind: 'external',
    status: 'accepted',
    justification: visibleText(reason),
    properties: { owner: visibleText(owner), expires },
  };
}

/** SARIF 2.1.0 of a report: one rule for each vulnerability, one result for each package that it affects. */
export function auditSarif(
  report: AuditReport,
  tool: { readonly name: string; readonly version: string },
  hash: (text: string) => string,
): string {
  const packages = new Map(report.packages.map((each): [string, PackageRow] => [each.id, each]));
  const rules: unknown[] = [];
  const indexes = new Map<string, number>();
  const ruleIndex = (found: VulnerabilityRow): number => {
    const known = indexes.get(found.id);
    if (known !== undefined) return known;
    indexes.set(found.id, rules.length);
    rules.push({
      id: visibleText(found.id),
      name: 'KnownVulnerability',
      shortDescription: { text: visibleText(`${found.id}, ${found.severity}`) },
      fullDescription: { text: visibleText(found.description === '' ? found.id : found.description.slice(0, 1000)) },
      ...(found.advisory === null ? {} : { helpUri: found.advisory }),
      defaultConfiguration: { level: LEVELS[found.severity] },
      properties: {
        tags: ['container', 'security', 'vulnerability'],
        'security-severity': found.cvss === null ? SCORES[found.severity] : found.cvss.score.toFixed(1),
      },
    });
    return rules.length - 1;
  };
  const ownRuleIndex = ({ ruleId, slug, severity }: AuditReport['findings'][number]): number => {
    const known = indexes.get(ruleId);
    if (known !== undefined) return known;
    indexes.set(ruleId, rules.length);
    rules.push({
      id: ruleId,
      name: slug,
      shortDescription: { text: slug.replaceAll('-', ' ') },
      helpUri: ruleDocs(ruleId),
      defaultConfiguration: { level: levelOf(severity) },
      properties: { tags: ['container', 'supply-chain'] },
    });
    return rules.length - 1;
  };
  const { reference, configDigest } = report.image;
  const results = report.vulnerabilities.map((found) => {
    const of = packages.get(found.packageId);
    const paths = found.locations.length > 0 ? found.locations : [reference];
    return {
      ruleId: visibleText(found.id),
      ruleIndex: ruleIndex(found),
      level: LEVELS[found.severity],
      message: { text: messageOf(found, of) },
      locations: paths.map((path) => ({
        physicalLocation: {
          artifactLocation: { uri: uri(wellFormed(path)), uriBaseId: BASE },
          region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
        },
        logicalLocations: [{ fullyQualifiedName: visibleText(`${configDigest ?? reference}:${path}`), kind: 'module' }],
      })),
      partialFingerprints: {
        'waybillVulnerability/v1': hash([found.id, found.namespace, found.packageId, ...found.locations].join('\n')),
      },
      properties: {
        severity: found.severity,
        package: {
          name: of?.name ?? null,
          version: of?.version ?? null,
          type: of?.type ?? null,
          purl: of?.purl ?? null,
        },
        fix: { state: found.fix.state, versions: found.fix.versions },
        epss: found.epss?.score ?? null,
        knownExploited: found.kev !== null,
      },
      ...(found.excepted === null ? {} : { suppressions: [suppression(found.excepted)] }),
    };
  });
  const findings = report.findings.map((finding) => ({
    ruleId: finding.ruleId,
    ruleIndex: ownRuleIndex(finding),
    level: levelOf(finding.severity),
    message: { text: visibleText(finding.message) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uri(wellFormed(reference)), uriBaseId: BASE },
          region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
        },
        logicalLocations: [{ fullyQualifiedName: visibleText(configDigest ?? reference), kind: 'module' }],
      },
    ],
    partialFingerprints: { 'waybillImage/v1': hash([finding.ruleId, lasting(finding.message)].join('\n')) },
    ...(finding.suppressed === null ? {} : { suppressions: [suppression(finding.suppressed)] }),
  }));
  return sarifLog({
    tool: {
      driver: { ...tool, informationUri: TOOL_ADDRESS, rules },
      extensions: report.tools.map(({ name, version }) => ({ name, version })),
    },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { [BASE]: { description: { text: visibleText(`The file system of ${reference}.`) } } },
    invocations: [
      {
        executionSuccessful: isComplete(report),
        endTimeUtc: report.generated,
        toolExecutionNotifications: failedStages(report).map(({ name, stage }) => ({
          level: 'error',
          descriptor: { id: name },
          message: { text: visibleText(`${name} ${stage.state}: ${stage.reason ?? 'no reason'}`) },
        })),
      },
    ],
    properties: { image: report.image, database: report.database },
    results: [...results, ...findings],
  });
}
