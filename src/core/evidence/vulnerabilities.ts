// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';
import type { Problem } from '../model/problem.ts';
import { err, ok, type Result } from '../model/result.ts';
import { severityRank, VULNERABILITY_SEVERITIES, type VulnerabilitySeverity } from '../model/severity.ts';
import type { VulnerabilityRow } from './report.ts';

const MAX_MATCHES = 1_000_000;
/** Advisory text is kept up to this many characters; the advisory itself is linked. */
const MAX_DESCRIPTION = 2_000;

const text = z.catch(z.string(), '');
const number = z.catch(z.nullable(z.number()), null);

const cvssSchema = z.object({
  version: text,
  vector: text,
  metrics: z.catch(z.object({ baseScore: number }), { baseScore: null }),
});
const vulnerabilitySchema = z.object({
  id: z.string(),
  namespace: text,
  severity: text,
  dataSource: text,
  description: text,
  cvss: z.catch(z.array(cvssSchema), []),
  epss: z.catch(z.array(z.object({ cve: text, epss: z.number(), percentile: z.number(), date: text })), []),
  knownExploited: z.catch(
    z.array(z.object({ dateAdded: text, dueDate: text, requiredAction: text, knownRansomwareCampaignUse: text })),
    [],
  ),
  fix: z.catch(
    z.object({
      state: text,
      versions: z.catch(z.array(z.string()), []),
      available: z.catch(z.array(z.object({ version: text, date: text })), []),
    }),
    { state: 'unknown', versions: [], available: [] },
  ),
  risk: number,
});

const documentSchema = z.object({
  matches: z.array(
    z.object({
      vulnerability: vulnerabilitySchema,
      relatedVulnerabilities: z.catch(
        z.array(z.object({ id: text, description: text, cvss: z.catch(z.array(cvssSchema), []) })),
        [],
      ),
      artifact: z.object({
        id: text,
        name: text,
        version: text,
        locations: z.catch(z.array(z.object({ path: text })), []),
      }),
    }),
  ),
});

function severityOf(severity: string): VulnerabilitySeverity {
  const lower = severity.toLowerCase();
  return VULNERABILITY_SEVERITIES.find((each) => each === lower) ?? 'unknown';
}

/** The advisory's address if it is an https one; anything else is not offered as a link. */
function advisoryOf(address: string): string | null {
  return /^https:\/\/[^\s"'<>]+$/.test(address) ? address : null;
}

/** The highest base score of the newest CVSS version that is there. */
function bestCvss(ratings: readonly z.infer<typeof cvssSchema>[]): VulnerabilityRow['cvss'] {
  const rated = ratings.flatMap(({ version, vector, metrics }) =>
    metrics.baseScore === null ? [] : [{ score: metrics.baseScore, vector, version }],
  );
  return rated.toSorted((a, b) => Number(b.version) - Number(a.version) || b.score - a.score)[0] ?? null;
}

/** Read a parsed Grype document; `idOfArtifact` ties its matches to the packages of the SBOM it was made from. */
export function readVulnerabilities(
  document: unknown,
  idOfArtifact: ReadonlyMap<string, string>,
): Result<readonly VulnerabilityRow[], Problem> {
  const what = 'The matches could not be read';
  const todo = 'Check the version of Grype, and see the log for its output.';
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success) {
    return err({
      code: 'tool-output',
      what,
      why: `this is no Grype report: ${parsed.error.issues[0]?.message ?? 'unknown shape'}`,
      todo,
    });
  }
  const { matches } = parsed.data;
  if (matches.length > MAX_MATCHES)
    return err({ code: 'tool-output', what, why: `there are more than ${MAX_MATCHES}`, todo });
  const rows: VulnerabilityRow[] = [];
  for (const { vulnerability, relatedVulnerabilities, artifact } of matches) {
    const packageId = idOfArtifact.get(artifact.id);
    if (packageId === undefined) {
      return err({
        code: 'tool-output',
        what,
        why: `${vulnerability.id} matches ${artifact.name}, which the SBOM does not have`,
        todo,
      });
    }
    const aliases = [...new Set(relatedVulnerabilities.map(({ id }) => id))].filter(
      (id) => id !== vulnerability.id && id !== '',
    );
    const [epss] = vulnerability.epss.toSorted((a, b) => b.epss - a.epss);
    const [kev] = vulnerability.knownExploited.toSorted((a, b) => (a.dateAdded < b.dateAdded ? -1 : 1));
    const description = vulnerability.description || (relatedVulnerabilities[0]?.description ?? '');
    const orNull = (value: string): string | null => (value === '' ? null : value);
    rows.push({
      id: vulnerability.id,
      aliases: aliases.toSorted(),
      namespace: vulnerability.namespace,
      severity: severityOf(vulnerability.severity),
      packageId,
      fix: vulnerability.fix,
      epss: epss === undefined ? null : { score: epss.epss, percentile: epss.percentile, date: epss.date },
      kev:
        kev === undefined
          ? null
          : {
              dateAdded: kev.dateAdded,
              dueDate: orNull(kev.dueDate),
              requiredAction: orNull(kev.requiredAction),
              ransomware: orNull(kev.knownRansomwareCampaignUse),
            },
      cvss: bestCvss([...vulnerability.cvss, ...relatedVulnerabilities.flatMap(({ cvss }) => cvss)]),
      risk: vulnerability.risk,
      description: description.slice(0, MAX_DESCRIPTION),
      advisory: advisoryOf(vulnerability.dataSource),
      locations: artifact.locations.map(({ path }) => path).toSorted(),
      excepted: null,
    });
  }
  const keyed = rows.map((row) => ({
    row,
    // The rest of the row comes last, so that two of one key stand in the same order each time.
    key: `${row.id}\n${row.packageId}\n${row.namespace}\n${JSON.stringify(row)}`,
  }));
  keyed.sort(
    (a, b) =>
      severityRank(a.row.severity) - severityRank(b.row.severity) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0),
  );
  return ok(keyed.map(({ row }) => row));
}
