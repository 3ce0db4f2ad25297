// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';

const text = z.nullable(z.string());

/** The JSON document of `waybill tools`; its JSON Schema is docs/schemas/tools.json. */
export const toolsDocumentSchema = z.object({
  schemaVersion: z.literal(1),
  tools: z.array(
    z.object({
      name: z.string(),
      /** Absolute path of the program that is used; null where there is none. */
      path: text,
      origin: z.nullable(z.enum(['configured', 'path', 'managed'])),
      /** As the program says it; null where it says none. */
      version: text,
      /** True for the very version that Waybill is tested with. */
      tested: z.boolean(),
      testedVersion: z.string(),
      /** What is wrong and what to do; null where the tool can be used. */
      problem: text,
    }),
  ),
  database: z.object({
    kind: z.nullable(z.enum(['grype', 'demonstration'])),
    /** ISO time. */
    built: text,
    ageDays: z.nullable(z.number()),
    stale: z.boolean(),
    problem: text,
  }),
});
export type ToolsDocument = z.infer<typeof toolsDocumentSchema>;

const ORIGINS = { configured: 'configured', path: 'on PATH', managed: 'managed by Waybill' } as const;

function toolLine({
  name,
  path,
  origin,
  version,
  tested,
  testedVersion,
  problem,
}: ToolsDocument['tools'][number]): string {
  if (path === null || origin === null) return `${name.padEnd(8)} ${problem ?? 'is not there'}`;
  const state = tested ? 'tested' : `not tested; ${testedVersion} is`;
  return `${name.padEnd(8)} ${version ?? 'unknown version'} (${state})  ${ORIGINS[origin]}  ${path}`;
}

function databaseLine({ kind, built, ageDays, stale, problem }: ToolsDocument['database']): string {
  if (kind === null) return problem ?? 'is not there';
  const what = kind === 'grype' ? "Grype's own" : 'the demonstration database, not fit to judge a real image';
  const age = ageDays === null ? '' : ageDays === 0 ? ', today' : `, ${ageDays} ${ageDays === 1 ? 'day' : 'days'} ago`;
  return `${what}, built ${built?.slice(0, 10) ?? 'at an unknown time'}${age}${stale ? ', past its limit: run grype db update' : ''}`;
}

/** The document for a person. */
export function toolsText(document: ToolsDocument): string {
  return [...document.tools.map(toolLine), `database ${databaseLine(document.database)}`, ''].join('\n');
}
