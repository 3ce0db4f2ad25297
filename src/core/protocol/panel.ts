// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';
import { STAGE_NAMES, STAGE_STATES } from '../model/stage.ts';
import { VULNERABILITY_SEVERITIES } from '../model/severity.ts';

/**
 * Messages between panel page and host. Pull, not push: the host keeps the rows, the page asks for a
 * window of them. Both ends parse what they receive; what does not parse is logged and dropped.
 */
export const PROTOCOL_VERSION = 1;

const text = z.string().check(z.maxLength(4_000));
const count = z.int().check(z.nonnegative(), z.maximum(10_000_000));
const nullableText = z.nullable(z.string());

export const TABLES = ['packages', 'vulnerabilities'] as const;
export type TableName = (typeof TABLES)[number];
export const TABS = ['overview', 'packages', 'vulnerabilities'] as const;
export type TabName = (typeof TABS)[number];

const sortSchema = z.object({ column: text, descending: z.boolean() });
/** Facet name to the values that are ticked; an empty or missing list means all. */
const facetsSchema = z.record(text, z.array(text).check(z.maxLength(200)));

const querySchema = z.object({
  table: z.enum(TABLES),
  sort: z.array(sortSchema).check(z.maxLength(3)),
  /** Plain text looked for in every shown column, case-insensitive; all words must match. */
  filter: text,
  facets: facetsSchema,
});
export type TableQuery = z.infer<typeof querySchema>;

const request = { v: z.literal(PROTOCOL_VERSION), id: count };

/** From the page to the host. */
export const pageMessageSchema = z.discriminatedUnion('type', [
  z.object({ v: z.literal(PROTOCOL_VERSION), type: z.literal('ready') }),
  z.object({ ...request, type: z.literal('rows'), query: querySchema, from: count, to: count }),
  z.object({ ...request, type: z.literal('detail'), table: z.enum(TABLES), row: text }),
  /** Index of a row in the sorted, filtered table: for find-as-you-type and for opening at a row. */
  z.object({
    ...request,
    type: z.literal('locate'),
    query: querySchema,
    row: z.nullable(text),
    prefix: z.nullable(text),
    after: count,
  }),
  z.object({
    v: z.literal(PROTOCOL_VERSION),
    type: z.literal('action'),
    action: z.enum(['audit', 'cancel', 'saveSbom', 'showLog', 'openReport']),
  }),
  z.object({ v: z.literal(PROTOCOL_VERSION), type: z.literal('copy'), text: z.string().check(z.maxLength(1_000_000)) }),
  /** The host checks `https:` before it opens anything. */
  z.object({ v: z.literal(PROTOCOL_VERSION), type: z.literal('openLink'), url: text }),
  /** Rows by number, the host makes tab-separated text of them and copies it. */
  z.object({
    v: z.literal(PROTOCOL_VERSION),
    type: z.literal('copyRows'),
    query: querySchema,
    rows: z.array(text).check(z.maxLength(100_000)),
  }),
]);
export type PageMessage = z.infer<typeof pageMessageSchema>;

const stageSchema = z.object({
  name: z.enum(STAGE_NAMES),
  state: z.enum(['waiting', 'running', ...STAGE_STATES]),
  /** Present participle while running, the reason where it is not ok. */
  message: nullableText,
  code: nullableText,
});
export type PanelStage = z.infer<typeof stageSchema>;

const chipSchema = z.object({ label: text, value: text, copy: nullableText, tooltip: nullableText });

/** One question of the Overview with its one-sentence answer. */
const answerSchema = z.object({
  id: text,
  question: text,
  /** One of the state words of the design: it leads the accessible name. */
  state: z.enum([
    'verified',
    'failed',
    'attention',
    'absent',
    'couldNotCheck',
    'unsupported',
    'unknown',
    'notChecked',
    'waiting',
    'running',
    'fact',
  ]),
  word: text,
  sentence: text,
  /** Where the evidence is: a tab of this panel, or null. */
  tab: z.nullable(z.enum(TABS)),
  link: nullableText,
  action: z.nullable(z.object({ label: text, action: z.enum(['audit', 'showLog', 'cancel']) })),
});
export type OverviewAnswer = z.infer<typeof answerSchema>;

const overviewSchema = z.object({
  title: text,
  subtitle: text,
  chips: z.array(chipSchema),
  /** A line above everything: old report, demonstration database, cancelled. */
  notices: z.array(
    z.object({
      kind: z.enum(['info', 'attention']),
      text,
      action: z.nullable(z.enum(['audit', 'showLog'])),
      label: nullableText,
    }),
  ),
  answers: z.array(answerSchema),
  severities: z.array(z.object({ severity: z.enum(VULNERABILITY_SEVERITIES), count, fixable: count })),
  types: z.array(z.object({ type: text, count })),
  tools: z.array(z.object({ name: text, version: text })),
  generated: nullableText,
  tabs: z.array(z.object({ tab: z.enum(TABS), count: z.nullable(count) })),
});
export type Overview = z.infer<typeof overviewSchema>;

/** A cell is text; the page never makes markup of it. `tone` picks an icon and colour, never more. */
const cellSchema = z.object({
  text: z.string(),
  tone: z.nullable(z.enum([...VULNERABILITY_SEVERITIES, 'attention', 'dim'])),
});
const rowSchema = z.object({ id: z.string(), cells: z.array(cellSchema) });
export type PanelRow = z.infer<typeof rowSchema>;

const columnSchema = z.object({
  key: text,
  title: text,
  /** Preferred width in px; the first flexible column takes what is left. */
  width: count,
  flexible: z.boolean(),
  align: z.enum(['start', 'end']),
  /** Kept when the panel is under 560 px. */
  narrow: z.boolean(),
  mono: z.boolean(),
});
export type PanelColumn = z.infer<typeof columnSchema>;

const facetSchema = z.object({
  key: text,
  title: text,
  values: z.array(z.object({ value: text, label: text, count, tone: z.nullable(z.enum(VULNERABILITY_SEVERITIES)) })),
});
export type PanelFacet = z.infer<typeof facetSchema>;

const detailFieldSchema = z.object({
  label: text,
  lines: z.array(z.string()),
  mono: z.boolean(),
  link: nullableText,
});
const detailSchema = z.object({
  title: text,
  subtitle: text,
  tone: z.nullable(z.enum(VULNERABILITY_SEVERITIES)),
  fields: z.array(detailFieldSchema),
  /** Rows of the other table that belong to this one. */
  related: z.array(
    z.object({ table: z.enum(TABLES), row: text, label: text, tone: z.nullable(z.enum(VULNERABILITY_SEVERITIES)) }),
  ),
});
export type PanelDetail = z.infer<typeof detailSchema>;

/** From the host to the page. */
export const hostMessageSchema = z.discriminatedUnion('type', [
  z.object({
    v: z.literal(PROTOCOL_VERSION),
    type: z.literal('state'),
    /** Identity of the report; the page asks for rows anew when it changes. */
    revision: count,
    running: z.boolean(),
    stages: z.array(stageSchema),
    overview: overviewSchema,
    tables: z.record(
      z.enum(TABLES),
      z.object({ columns: z.array(columnSchema), total: count, defaultSort: z.array(sortSchema) }),
    ),
  }),
  z.object({
    ...request,
    type: z.literal('rowsPage'),
    revision: count,
    /** Rows that match the query. */
    matching: count,
    total: count,
    from: count,
    rows: z.array(rowSchema),
    facets: z.array(facetSchema),
  }),
  z.object({ ...request, type: z.literal('detailOf'), detail: z.nullable(detailSchema) }),
  z.object({ ...request, type: z.literal('located'), index: z.nullable(count) }),
  z.object({ ...request, type: z.literal('failed'), message: text }),
  /** Open a tab, and a row in it: what a double-click in the tree asks for. */
  z.object({ v: z.literal(PROTOCOL_VERSION), type: z.literal('reveal'), tab: z.enum(TABS), row: nullableText }),
  /** Said in the page's polite live region. */
  z.object({ v: z.literal(PROTOCOL_VERSION), type: z.literal('announce'), text }),
]);
export type HostMessage = z.infer<typeof hostMessageSchema>;

/** What the page keeps over a reload: enough to show the same place from the stored report. */
export const panelStateSchema = z.object({
  v: z.literal(PROTOCOL_VERSION),
  /** Key of the stored report, null while nothing was stored. */
  key: nullableText,
  reference: text,
  tab: z.enum(TABS),
  queries: z.record(z.enum(TABLES), z.nullable(querySchema)),
  row: nullableText,
});
export type PanelState = z.infer<typeof panelStateSchema>;
