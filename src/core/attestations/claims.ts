// SPDX-License-Identifier: Apache-2.0
import type { Claim } from '../evidence/evidence.ts';
import { readProvenance } from './provenance.ts';
import { classifyPredicate, type PredicateClass } from './predicates.ts';
import { readSbomClaim } from './sbom-claim.ts';
import { readStatement, signatureAnnotations, statedType } from './statement.ts';
import { at, boundedJson, count, entries, list, record, shown, text, time } from './untrusted.ts';

/** Characters of the JSON of a statement that is shown as it is. */
const MAX_RAW = 64 * 1024;
/** Statements, modules and profiles that a claim keeps; how many there are is kept beside them where it matters. */
const MAX_LISTED = 200;

export interface Understood {
  readonly predicateType: string | null;
  readonly type: PredicateClass;
  readonly claim: Claim;
  /** The document itself where the statement carries an SBOM. */
  readonly sbom: unknown;
}

const NAMELESS: PredicateClass = { kind: 'unknown', version: '', label: 'Unreadable statement' };

/** What an in-toto statement says, whoever signed it. Never throws; what cannot be read says why. */
export function understand(value: unknown): Understood {
  const read = readStatement(value);
  if (!read.ok) {
    const predicateType = statedType(value);
    const type = predicateType === null ? NAMELESS : classifyPredicate(predicateType);
    return { predicateType, type, claim: { kind: 'unreadable', reason: read.error }, sbom: undefined };
  }
  const statement = read.value;
  const type = classifyPredicate(statement.predicateType);
  const { predicate } = statement;
  const done = (claim: Claim, sbom?: unknown): Understood => ({
    predicateType: statement.predicateType,
    type,
    claim,
    sbom,
  });
  switch (type.kind) {
    case 'signature':
      return done({
        kind: 'signature',
        annotations: signatureAnnotations(value).map(([name, each]) => ({ name: shown(name), value: shown(each) })),
      });
    case 'provenance': {
      const story = readProvenance(statement);
      return done(story === null ? raw(predicate) : { kind: 'provenance', story });
    }
    case 'spdx':
    case 'cyclonedx': {
      const { claim, document } = readSbomClaim(type.kind, predicate);
      return done(claim, document);
    }
    case 'vsa':
      return done(vsa(predicate));
    case 'openvex':
      return done(vex(predicate));
    case 'vulnerabilities':
      return done(vulnerabilities(predicate));
    case 'test-result':
      return done(testResult(predicate));
    case 'fips':
      return done(fips(predicate));
    case 'stig':
      return done(stig(predicate));
    default:
      return done(raw(predicate));
  }
}

function raw(predicate: unknown): Claim {
  const json = boundedJson(predicate, MAX_RAW) ?? 'null';
  return { kind: 'raw', json, complete: !json.endsWith('(cut off)') && !json.endsWith('to show)') };
}

function vsa(predicate: unknown): Claim {
  return {
    kind: 'vsa',
    verifier: text(predicate, 'verifier', 'id'),
    resource: text(predicate, 'resourceUri') ?? text(predicate, 'resource_uri'),
    policy: text(predicate, 'policy', 'uri'),
    result: text(predicate, 'verificationResult') ?? text(predicate, 'verification_result'),
    levels: list(predicate, 32, 'verifiedLevels').flatMap((each) => text(each) ?? []),
    verified: time(predicate, 'timeVerified') ?? time(predicate, 'time_verified'),
  };
}

/** A vulnerability is a name, or an object with one (OpenVEX 0.2). */
function vex(predicate: unknown): Claim {
  const statuses: Record<string, number> = Object.create(null) as Record<string, number>;
  for (const each of list(predicate, 100_000, 'statements')) {
    const status = text(each, 'status')?.slice(0, 40) ?? 'unknown';
    if (Object.hasOwn(statuses, status) || Object.keys(statuses).length < 16)
      statuses[status] = (statuses[status] ?? 0) + 1;
  }
  return {
    kind: 'vex',
    author: text(predicate, 'author'),
    updated: time(predicate, 'last_updated') ?? time(predicate, 'timestamp'),
    statuses: { ...statuses },
    statements: list(predicate, MAX_LISTED, 'statements').map((each) => ({
      vulnerability: text(each, 'vulnerability', 'name') ?? text(each, 'vulnerability') ?? 'unnamed',
      status: text(each, 'status') ?? 'unknown',
      justification: text(each, 'justification') ?? text(each, 'impact_statement'),
    })),
    statementCount: count(predicate, 'statements'),
  };
}

/** Cosign's form has `scanner.uri` and any result; in-toto's lists results under `scanner`. */
function vulnerabilities(predicate: unknown): Claim {
  const listed = at(predicate, 'scanner', 'result');
  const runs = list(listed, 64, 'runs');
  const sarif = runs.length > 0 ? runs.reduce<number>((sum, run) => sum + count(run, 'results'), 0) : null;
  const database = at(predicate, 'scanner', 'db');
  return {
    kind: 'vulnerabilities',
    scanner: text(predicate, 'scanner', 'uri') ?? text(predicate, 'scanner', 'name') ?? text(database, 'uri'),
    scannerVersion: text(predicate, 'scanner', 'version'),
    finished:
      time(predicate, 'metadata', 'scanFinishedOn') ??
      time(predicate, 'metadata', 'scan_finished_on') ??
      time(predicate, 'metadata', 'scanStartedOn'),
    results: Array.isArray(listed) ? listed.length : sarif,
  };
}

function testResult(predicate: unknown): Claim {
  return {
    kind: 'test-result',
    result: text(predicate, 'result'),
    passed: count(predicate, 'passedTests'),
    warned: count(predicate, 'warnedTests'),
    failed: count(predicate, 'failedTests'),
    url: text(predicate, 'url'),
  };
}

/** A list of cryptographic modules, as Docker Hardened Images carry it. */
function fips(predicate: unknown): Claim {
  if (!Array.isArray(predicate)) return raw(predicate);
  return {
    kind: 'fips',
    modules: predicate.slice(0, MAX_LISTED).flatMap((each) =>
      record(each) === null
        ? []
        : [
            {
              name: text(each, 'name'),
              package: text(each, 'package'),
              version: text(each, 'version'),
              certificate: text(each, 'certification'),
              standard: text(each, 'standard'),
              status: text(each, 'status'),
              sunset: text(each, 'sunsetDate'),
            },
          ],
    ),
  };
}

/** A list of scanned profiles, each with a summary of numbers. */
function stig(predicate: unknown): Claim {
  if (!Array.isArray(predicate)) return raw(predicate);
  return {
    kind: 'stig',
    profiles: predicate.slice(0, MAX_LISTED).flatMap((each) => {
      if (record(each) === null) return [];
      const counts = entries(each, 32, 'summary').flatMap(([name, value]): [string, number][] =>
        typeof value === 'number' && Number.isFinite(value) ? [[name.slice(0, 60), value]] : [],
      );
      const of = (name: string): number => counts.find(([key]) => key === name)?.[1] ?? Number.NaN;
      const score = (100 * of('defaultScore')) / of('maxDefaultScore');
      return [
        {
          name: text(each, 'name'),
          score: Number.isFinite(score) ? Math.round(score * 100) / 100 : null,
          counts: Object.fromEntries(counts),
        },
      ];
    }),
  };
}
