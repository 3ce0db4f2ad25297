// SPDX-License-Identifier: Apache-2.0
import { configBases } from '../config-services.ts';
import type { Catalogue, Judgement } from '../catalogue/lookup.ts';
import type { Language } from '../detect.ts';
import { judgeBase } from '../fips/base.ts';
import type { Answer } from '../fips/model.ts';
import type { Base, DockerfileOptions, Stage } from '../dockerfile/model.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { stageName } from '../dockerfile/stages.ts';
import type { BasesDocument, BaseVerdict } from './bases-schema.ts';
import { shown } from './lint-formats.ts';

type BasesFile = BasesDocument['files'][number];
type BasesStage = BasesFile['stages'][number];

export type VerdictOf = (base: Base) => BaseVerdict | null;

export interface BasesInput {
  readonly path: string;
  readonly language: Language;
  readonly text: string;
}

/** What every FROM of the files resolves to, ordered by path. Of apko and melange files what they are made of is listed. */
export function basesDocument(
  inputs: readonly BasesInput[],
  options: Partial<DockerfileOptions>,
  verdictOf: VerdictOf,
): BasesDocument {
  const ordered = inputs.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { schemaVersion: 1, files: ordered.map((input) => basesFile(input, options, verdictOf)) };
}

function basesFile(
  { path, language, text }: BasesInput,
  options: Partial<DockerfileOptions>,
  verdictOf: VerdictOf,
): BasesFile {
  if (language !== 'dockerfile') return { path, language, ...configBases(text, language) };
  const { source, error, stages } = parseDockerfile(text, options);
  return {
    path,
    language,
    error: error === null ? null : `line ${source.positionAt(error.span.start).line}: ${error.message}`,
    stages: stages.map((stage) => basesStage(stage, verdictOf)),
    contents: null,
  };
}

function basesStage(stage: Stage, verdictOf: VerdictOf): BasesStage {
  const { index, line, written, base, platform, final, assumed } = stage;
  return {
    index,
    name: stageName(stage.from),
    line,
    written,
    resolved: resolvedText(base),
    kind: base.kind,
    platform,
    final,
    assumed: [...assumed],
    verdict: verdictOf(base),
  };
}

function resolvedText(base: Base): string | null {
  switch (base.kind) {
    case 'image':
      return base.resolved;
    case 'stage':
      return base.name;
    case 'scratch':
      return 'scratch';
    case 'unknown':
      return null;
  }
}

/** Judges bases by the catalogue on a day (`YYYY-MM-DD`); what it does not know gets no verdict. */
export function catalogueVerdicts(catalogue: Catalogue, today: string): VerdictOf {
  return (base) => {
    if (base.kind !== 'image') return null;
    const entry = catalogue.find(base.reference);
    if (entry === null) return null;
    const lifecycle = catalogue.lifecycles(base.reference, today)[0];
    const distribution = catalogue.distribution(base.reference);
    const input = { reference: catalogue.canonical(base.reference), distribution };
    const { module, certificate, enforced } = judgeBase(input, catalogue.data, today);
    return {
      repository: entry.repository,
      minimal: plain(catalogue.minimal(base.reference)),
      validatedModule: {
        value: module.value,
        reason: module.text,
        asOf: module.evidence[0]?.source?.asOf ?? null,
      },
      fips: { certificate: answer(certificate), enforced: answer(enforced) },
      lifecycle:
        lifecycle === undefined
          ? null
          : {
              product: lifecycle.product,
              cycle: lifecycle.cycle,
              state: lifecycle.state,
              ends: lifecycle.ends,
              asOf: lifecycle.asOf,
            },
    };
  };
}

function plain({ value, reason, asOf }: Judgement): BaseVerdict['minimal'] {
  return { value, reason, asOf };
}

function answer<Value extends string>({ value, text }: Answer<Value>): { value: Value; text: string } {
  return { value, text };
}

const HEADINGS = ['WHERE', 'STAGE', 'BASE', 'PLATFORM', 'MINIMAL', 'VALIDATED MODULE', 'LIFE CYCLE'];
/** The document as a table for people, one row for each FROM; refused files say why below it. */
export function basesTable({ files }: BasesDocument): string {
  const rows = files.flatMap(({ path, stages }) => stages.map((stage) => tableRow(path, stage)));
  const made = files.flatMap(({ path, contents }) => (contents === null ? [] : contentsLines(path, contents)));
  const refused = files.flatMap(({ path, error }) => (error === null ? [] : [`${shown(path)}: ${shown(error)}`]));
  const assumed = new Set(files.flatMap(({ stages }) => stages.flatMap((stage) => stage.assumed)));
  const notes = [...assumed].map(
    (name) => `ARG ${shown(name)} has no value and was taken as empty; give it with --build-arg.`,
  );
  const widths = HEADINGS.map((heading, i) =>
    rows.reduce((most, row) => Math.max(most, row[i]?.length ?? 0), heading.length),
  );
  const format = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  const table = rows.length === 0 ? [] : [HEADINGS, ...rows].map(format);
  const lines = [...table, ...made, ...notes, ...refused];
  return lines.length === 0 ? 'No FROM was found.\n' : `${lines.join('\n')}\n`;
}

function contentsLines(
  path: string,
  { include, repositories, packages }: NonNullable<BasesFile['contents']>,
): string[] {
  const list = (what: string, all: readonly { readonly written: string }[]): string[] =>
    all.length === 0 ? [] : [`${shown(path)}: ${what} ${all.map(({ written }) => shown(written)).join(', ')}`];
  return [
    ...(include === null ? [] : [`${shown(path)}: includes ${shown(include)}`]),
    ...list('repositories', repositories),
    ...list('packages', packages),
  ];
}

function tableRow(path: string, stage: BasesStage): readonly string[] {
  const { verdict } = stage;
  const base =
    stage.kind === 'unknown'
      ? `${stage.written} (unknown)`
      : `${stage.resolved ?? ''}${stage.kind === 'stage' ? ' (stage)' : ''}`;
  const lifecycle = verdict?.lifecycle ?? null;
  const ends = lifecycle === null || lifecycle.ends === null ? '' : `, ${lifecycle.ends}`;
  return [
    `${path}:${stage.line}`,
    `${stage.name ?? String(stage.index)}${stage.final ? ' (final)' : ''}`,
    base,
    stage.platform ?? '',
    verdict?.minimal.value ?? '',
    verdict?.validatedModule.value ?? '',
    lifecycle === null ? '' : `${lifecycle.product} ${lifecycle.cycle} ${lifecycle.state}${ends}`,
  ].map(shown);
}
