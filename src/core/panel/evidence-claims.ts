// SPDX-License-Identifier: Apache-2.0
import type { Claim } from '../evidence/evidence.ts';
import { utc } from '../protocol/relative-time.ts';
import type { Field } from './evidence.ts';
import { bytes, counted, list, number } from './words.ts';

const field = (label: string, value: string | null, mono = false): Field[] =>
  value === null || value === '' ? [] : [{ label, value, mono }];
const when = (time: string | null): string | null => (time === null ? null : utc(time));

/** What a statement says, in the few words that matter of its kind. */
export function claimFields(claim: Claim | null): readonly Field[] {
  if (claim === null) return [];
  switch (claim.kind) {
    case 'signature':
      return claim.annotations.flatMap(({ name, value }) => field(name, value, true));
    case 'provenance': {
      const { story } = claim;
      return [
        ...field('Built by', story.originName),
        ...field('Builder', story.builder, true),
        ...field('Build type', story.buildType, true),
        ...field('Source', story.source?.repository ?? null, true),
        ...field('Commit', story.source?.commit ?? null, true),
        ...field('Materials', number(story.materialCount)),
      ];
    }
    case 'sbom':
      return [
        ...field('Format', `${claim.format}${claim.version === null ? '' : ` ${claim.version}`}`),
        ...field('Packages', number(claim.packages)),
        ...field('Made by', list(claim.tools)),
        ...field('Made', when(claim.created)),
        ...field('Size', bytes(claim.size)),
      ];
    case 'vsa':
      return [
        ...field('Verifier', claim.verifier, true),
        ...field('Result', claim.result),
        ...field('Levels', list(claim.levels)),
        ...field('Verified', when(claim.verified)),
        ...field('Policy', claim.policy, true),
      ];
    case 'vex':
      return [
        ...field('Author', claim.author),
        ...field('Statements', vexCounts(claim)),
        ...field('Updated', when(claim.updated)),
      ];
    case 'vulnerabilities':
      return [
        ...field('Scanner', claim.scanner, true),
        ...field('Version', claim.scannerVersion),
        ...field('Results', claim.results === null ? null : number(claim.results)),
        ...field('Scanned', when(claim.finished)),
      ];
    case 'test-result':
      return [
        ...field('Result', claim.result),
        ...field(
          'Tests',
          `${number(claim.passed)} passed, ${number(claim.warned)} warned, ${number(claim.failed)} failed`,
        ),
        ...field('Run', claim.url, true),
      ];
    case 'fips':
      return claim.modules.flatMap((module) =>
        field(
          module.name ?? module.package ?? 'Module',
          [
            module.version,
            module.standard,
            module.certificate,
            module.status,
            module.sunset === null ? null : `until ${module.sunset}`,
          ]
            .filter((each) => each !== null)
            .join(', '),
        ),
      );
    case 'stig':
      return claim.profiles.flatMap(({ name, score, counts }) =>
        field(
          name ?? 'Profile',
          [
            score === null ? null : `${score} % of the highest score`,
            ...Object.entries(counts).map(([key, value]) => `${key} ${value}`),
          ]
            .filter((each) => each !== null)
            .slice(0, 8)
            .join(', '),
        ),
      );
    case 'raw':
      return [];
    case 'unreadable':
      return field('Could not be read', claim.reason);
  }
}

function vexCounts(claim: Extract<Claim, { kind: 'vex' }>): string {
  const counts = Object.entries(claim.statuses).map(
    ([status, count]) => `${number(count)} ${status.replaceAll('_', ' ')}`,
  );
  return counts.length === 0 ? counted(claim.statementCount, 'statement') : list(counts);
}
