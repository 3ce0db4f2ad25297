// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';
import { RAW_PARTS } from '../model/raw-part.ts';
import { VULNERABILITY_SEVERITIES } from '../model/severity.ts';
import { ANSWER_STATES } from './answer-state.ts';
import { evidenceDetailSchema, evidenceListSchema, provenanceSchema } from './evidence.ts';

/**
 * Messages between panel page and host. Pull, not push: the host keeps the rows, the page asks for a
 * window of them. Both ends parse what they receive; what does not parse is logged and dropped.
 */
export const PROTOCOL_VERSION = 1;

const text = z.string().check(z.maxLength(4_000));
const count = z.int().check(z.nonnegative(), z.maximum(10_000_000));
const nullableText = z.nullable(text);
const version = z.literal(PROTOCOL_VERSION);

export const TABLES = ['packages', 'vulnerabilities'] as const;
export type TableName = (typeof TABLES)[number];
export const TABS = ['overview', 'packages', 'vulnerabilities', 'provenance', 'signatures'] as const;
export type TabName = (typeof TABS)[number];

/** True for the tabs that are one big grid. */
export function isTable(tab: TabName): tab is TableName {
  return tab === 'packages' || tab === 'vulnerabilities';
}
/** Rows that one message may ask for; more is answered with this many. */
export const MAX_WINDOW = 500;

const ACTIONS = ['audit', 'auditStale', 'cancel', 'saveSbom', 'showLog', 'openReport'] as const;
/** `auditStale` is an audit that may use a vulnerability database past its limit, this once. */
export type PanelAction = (typeof ACTIONS)[number];

const sortSchema = z.object({ column: text, descending: z.boolean() });
export type PanelSort = z.infer<typeof sortSchema>;

const querySchema = z.object({
  table: z.enum(TABLES),
  /** At most three keys, the first decides. */
  sort: z.array(sortSchema).check(z.maxLength(3)),
  /** Plain text looked for in every shown column, case-insensitive; all words must match. */
  filter: text,
  /** Facet key to the values that are unticked, so hidden. */
  hidden: z.record(text, z.array(text).check(z.maxLength(500))),
});
export type TableQuery = z.infer<typeof querySchema>;

const request = { v: version, id: count };
/** Id of a row of evidence: where the item stands in the report. */
const position = z.string().check(z.regex(/^\d{1,6}$/));

/** From the page to the host. */
export const pageMessageSchema = z.discriminatedUnion('type', [
  z.object({ v: version, type: z.literal('ready') }),
  z.object({ ...request, type: z.literal('rows'), query: querySchema, from: count, to: count }),
  z.object({ ...request, type: z.literal('detail'), table: z.enum(TABLES), row: text }),
  /** Index of a row in the sorted, filtered table: for find-as-you-type and for opening at a row. */
  z.object({
    ...request,
    type: z.literal('locate'),
    query: querySchema,
    row: nullableText,
    /** Looked for at the start of the first sorted column's cells, from `after` on and around the end. */
    prefix: nullableText,
    after: count,
  }),
  /** What was found beside the image. */
  z.object({ ...request, type: z.literal('evidence') }),
  /** Everything about one row of it. */
  z.object({ ...request, type: z.literal('evidenceItem'), row: position }),
  /** One found thing as the JSON of the report. */
  z.object({ v: version, type: z.literal('copyEvidence'), row: position }),
  /** A part of a found thing, to be opened as a document. */
  z.object({ v: version, type: z.literal('openEvidence'), row: position, part: z.enum(RAW_PARTS) }),
  z.object({ v: version, type: z.literal('action'), action: z.enum(ACTIONS) }),
  z.object({ v: version, type: z.literal('copy'), text: z.string().check(z.maxLength(100_000)) }),
  /** The host opens it only where it is an `https:` address that it sent itself. */
  z.object({ v: version, type: z.literal('openLink'), url: text }),
  /** Rows by position in the query, end exclusive; the host copies them as tab-separated text. */
  z.object({
    v: version,
    type: z.literal('copyRows'),
    query: querySchema,
    ranges: z.array(z.tuple([count, count])).check(z.maxLength(10_000)),
  }),
]);
export type PageMessage = z.infer<typeof pageMessageSchema>;

const chipSchema = z.object({
  label: text,
  value: text,
  mono: z.boolean(),
  /** What the copy button copies, null where there is none. */
  copy: nullableText,
  tooltip: nullableText,
  /** ISO time; the page says how long ago it is in place of `value`. */
  time: z.nullable(z.object({ at: text, form: z.enum(['ago', 'old']) })),
  attention: z.boolean(),
  /** Under 560 px this chip follows the one before on its line, after a comma and this text. */
  joins: nullableText,
});
export type PanelChip = z.infer<typeof chipSchema>;

const actionSchema = z.object({ label: text, action: z.enum(ACTIONS) });

/** One question of the Overview with its one-sentence answer. */
const answerSchema = z.object({
  id: text,
  question: text,
  state: z.enum(ANSWER_STATES),
  /** The state in a word or two; it leads the accessible name. */
  word: text,
  sentence: text,
  /** A second, quieter line: what follows from the answer, or what to do. */
  note: nullableText,
  actions: z.array(actionSchema),
  /** Where the evidence is: a tab of this panel, or the log. */
  link: z.nullable(z.object({ label: text, tab: z.nullable(z.enum(TABS)), action: z.nullable(z.enum(ACTIONS)) })),
  chart: z.nullable(z.enum(['types', 'severities'])),
});
export type OverviewAnswer = z.infer<typeof answerSchema>;

const overviewSchema = z.object({
  /** What stands before the name: registry and namespace, or folder. */
  context: text,
  name: text,
  chips: z.array(chipSchema),
  /** Lines above everything: old report, demonstration database, cancelled. */
  notices: z.array(z.object({ kind: z.enum(['notice', 'attention']), text, actions: z.array(actionSchema) })),
  answers: z.array(answerSchema),
  severities: z.array(z.object({ severity: z.enum(VULNERABILITY_SEVERITIES), count, fixable: count })),
  types: z.array(z.object({ label: text, count })),
  /** Last line of the Overview: tools and times, or what cancelling means while an audit runs. */
  foot: nullableText,
  /** `state` is shown as an icon where somebody should look, null where there is nothing to say. */
  tabs: z.array(
    z.object({ tab: z.enum(TABS), label: text, count: z.nullable(count), state: z.nullable(z.enum(ANSWER_STATES)) }),
  ),
});
export type Overview = z.infer<typeof overviewSchema>;

/** A tone picks an icon, a colour or a frame, never more. */
export const CELL_TONES = [...VULNERABILITY_SEVERITIES, 'dim', 'tag'] as const;
export type CellTone = (typeof CELL_TONES)[number];
const partSchema = z.object({ text: z.string(), tone: z.nullable(z.enum(CELL_TONES)) });
/** A cell is text; the page never makes markup of it. */
const cellSchema = z.union([z.string(), z.array(partSchema)]);
export type PanelCell = z.infer<typeof cellSchema>;
const rowSchema = z.object({ id: text, cells: z.array(cellSchema) });
export type PanelRow = z.infer<typeof rowSchema>;

const columnSchema = z.object({
  key: text,
  title: text,
  /** Preferred width in px; flexible columns share what is left. */
  width: count,
  flexible: z.boolean(),
  align: z.enum(['start', 'end']),
  /** Kept when the panel is under 560 px. */
  narrow: z.boolean(),
  mono: z.boolean(),
  dim: z.boolean(),
  /** Leaves first where the columns are not as wide as they should be. */
  optional: z.boolean(),
  /** First click sorts from the largest. */
  descendingFirst: z.boolean(),
});
export type PanelColumn = z.infer<typeof columnSchema>;

const facetSchema = z.object({
  key: text,
  title: text,
  values: z.array(z.object({ value: text, label: text, count, tone: z.nullable(z.enum(VULNERABILITY_SEVERITIES)) })),
});
export type PanelFacet = z.infer<typeof facetSchema>;

const tableSchema = z.object({
  columns: z.array(columnSchema),
  total: count,
  defaultSort: z.array(sortSchema),
  /** What made these rows: tool, version, date. */
  source: text,
  /** Said in place of rows where there are none by nature. */
  empty: text,
});
export type PanelTable = z.infer<typeof tableSchema>;

const severityTone = z.nullable(z.enum(VULNERABILITY_SEVERITIES));
const detailSectionSchema = z.object({
  title: text,
  /** Whole sentences, before everything else. */
  paragraphs: z.array(text),
  /** Steps or places; `code` is shown in the editor's font, before the text. */
  items: z.array(z.object({ code: nullableText, text })),
  numbered: z.boolean(),
  fields: z.array(z.object({ label: text, value: text, mono: z.boolean() })),
  /** Rows of either table that belong to this one. */
  related: z.array(z.object({ table: z.enum(TABLES), row: text, label: text, note: text, tone: severityTone })),
  /** An `https:` address with its text. */
  link: z.nullable(z.object({ label: text, url: text })),
});
export type DetailSection = z.infer<typeof detailSectionSchema>;
const detailSchema = z.object({
  title: text,
  tone: severityTone,
  lead: nullableText,
  sections: z.array(detailSectionSchema),
  /** For the row menu: what is copied, what is opened; null where the row has none. */
  copyId: nullableText,
  copyPurl: nullableText,
  advisory: nullableText,
});
export type PanelDetail = z.infer<typeof detailSchema>;

/** From the host to the page. */
export const hostMessageSchema = z.discriminatedUnion('type', [
  z.object({
    v: version,
    type: z.literal('state'),
    /** Identity of the rows; the page asks for them anew when it changes. */
    revision: count,
    running: z.boolean(),
    /** Key of the stored report and reference asked for: what the page keeps over a reload. */
    key: nullableText,
    reference: text,
    overview: overviewSchema,
    tables: z.object({ packages: tableSchema, vulnerabilities: tableSchema }),
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
  z.object({
    ...request,
    type: z.literal('evidenceOf'),
    revision: count,
    list: z.nullable(evidenceListSchema),
    provenance: z.nullable(provenanceSchema),
    /** Said in place of all that where nothing was looked for. */
    empty: text,
  }),
  z.object({ ...request, type: z.literal('evidenceItemOf'), detail: z.nullable(evidenceDetailSchema) }),
  /** Open a tab, and a row in it: what a double-click in the tree asks for. */
  z.object({
    v: version,
    type: z.literal('reveal'),
    tab: z.enum(TABS),
    row: nullableText,
    /** Show only these rows of the tab, one value of one facet. */
    only: z.nullable(z.object({ facet: text, value: text })),
  }),
  /** Said in the page's polite live region. */
  z.object({ v: version, type: z.literal('announce'), text }),
]);
export type HostMessage = z.infer<typeof hostMessageSchema>;
export type StateMessage = Extract<HostMessage, { type: 'state' }>;
export type RowsPage = Extract<HostMessage, { type: 'rowsPage' }>;

const placeSchema = z.object({
  query: querySchema,
  row: nullableText,
  /** Whether the facets are open, null while nobody chose. */
  facets: z.nullable(z.boolean()),
  widths: z.record(text, count),
});
export type TablePlace = z.infer<typeof placeSchema>;

/** What the page keeps over a reload: enough to show the same place from the stored report. */
export const panelStateSchema = z.object({
  v: version,
  /** Key of the stored report, null while nothing was stored. */
  key: nullableText,
  reference: text,
  tab: z.enum(TABS),
  tables: z.object({ packages: z.nullable(placeSchema), vulnerabilities: z.nullable(placeSchema) }),
  /** Size of the detail in px, at the right and below; 0 is the design's own. */
  detail: z.object({ width: count, height: count }),
  /** Row of evidence that is open, null before one was chosen. */
  evidence: z.prefault(z.nullable(position), null),
});
export type PanelState = z.infer<typeof panelStateSchema>;
export type EvidencePage = Extract<HostMessage, { type: 'evidenceOf' }>;
