// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from 'node:fs';
import { catalogueData } from '../core/catalogue/data.ts';
import { Catalogue } from '../core/catalogue/lookup.ts';
import { lintEmbedded } from '../core/embedded/lint.ts';
import { lint, type LintResult } from '../core/lint/engine.ts';
import { applyPreferredFixes } from '../core/lint/fix.ts';
import type { Fix } from '../core/model/finding.ts';
import { FINDING_SEVERITIES, reachesSeverity } from '../core/model/severity.ts';
import { unifiedDiff } from '../core/output/diff.ts';
import { lintDocument, type LintedFile } from '../core/output/lint-document.ts';
import { lintCheckstyle, lintGithub, lintGitlab, lintText } from '../core/output/lint-formats.ts';
import type { LintDocument } from '../core/output/lint-schema.ts';
import { lintSarif } from '../core/output/sarif.ts';
import { ruleSummaries } from '../core/rules/summaries.gen.ts';
import { BesideFiles } from '../node/beside.ts';
import { Policies } from '../node/policy.ts';
import { readInputs, type Input } from './inputs.ts';
import { EXIT, UsageError, type CliIo } from './io.ts';
import { LintPolicies } from './lint-policies.ts';
import { languageOption, oneOf, parseOptions } from './options.ts';
import { TOOL } from './version.ts';

const FORMATS = ['text', 'json', 'sarif', 'github', 'gitlab', 'checkstyle'] as const;
type Format = (typeof FORMATS)[number];

export const LINT_HELP = `waybill lint [PATH…]  judge Dockerfiles, apko and melange files; of Compose, devcontainer and
                     bake files that are named, the Dockerfiles and images in them
  --format text|json|sarif|github|gitlab|checkstyle   default text
  --fail-on error|warning|info|hint|never             exit 1 at or over it, default error
  --language dockerfile|apko|melange                  read every file under PATH as that
  --stdin-filename NAME                               with PATH "-": read standard input under that name
  --fix, --fix-dry-run                                apply preferred fixes, or print them as a unified diff
  --policy FILE                                       instead of the nearest .waybill.yaml of each file
`;

/** Loaded where a format asks for it: most runs start without it. */
async function hasher(): Promise<(text: string) => string> {
  const { createHash } = await import('node:crypto');
  return (text) => createHash('sha256').update(text).digest('hex');
}

async function formatted(document: LintDocument, format: Format): Promise<string> {
  switch (format) {
    case 'text':
      return lintText(document);
    case 'json':
      return `${JSON.stringify(document, null, 2)}\n`;
    case 'sarif':
      return lintSarif(document, ruleSummaries(), await hasher());
    case 'github':
      return lintGithub(document);
    case 'gitlab':
      return lintGitlab(document, await hasher());
    case 'checkstyle':
      return lintCheckstyle(document);
  }
}

/** `waybill lint`; see LINT_HELP and docs/schemas/lint.json. */
export async function run(argv: readonly string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseOptions(argv, {
    format: { type: 'string', default: 'text' },
    'fail-on': { type: 'string', default: 'error' },
    language: { type: 'string' },
    policy: { type: 'string' },
    'stdin-filename': { type: 'string' },
    fix: { type: 'boolean', default: false },
    'fix-dry-run': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (values.help) {
    await io.stdout(LINT_HELP);
    return EXIT.ok;
  }
  if (values.policy === '') throw new UsageError('--policy names no file');
  if (values.fix && values['fix-dry-run']) throw new UsageError('--fix and --fix-dry-run exclude each other');
  const format = oneOf('--format', values.format, FORMATS);
  const failOn = oneOf('--fail-on', values['fail-on'], [...FINDING_SEVERITIES, 'never']);
  const policies = new Policies(io.cwd);
  if (values.policy !== undefined) await policies.use(values.policy);
  const { inputs, skipped, failed } = await readInputs(
    positionals,
    { stdinFilename: values['stdin-filename'], language: languageOption(values.language), embedded: true },
    io,
  );
  const catalogue = new Catalogue(catalogueData());
  const today = new Date(io.now()).toISOString().slice(0, 10);
  const basis = new LintPolicies(policies, catalogue, today, io.cwd);
  const beside = new BesideFiles(io.cwd);
  const heads = await headsOf(inputs, io);
  const files: LintedFile[] = [];
  let patch = '';
  let unwritten = false;
  for (const input of inputs) {
    const options = {
      ...(await basis.optionsFor(input)),
      ...(input.absolute === null
        ? {}
        : { beside: beside.of(input.absolute), neighbours: beside.neighboursOf(input.absolute, heads) }),
    };
    const { embedding } = input;
    const judge = (text: string): LintResult =>
      embedding === undefined ? lint(text, input.language, options) : lintEmbedded(text, embedding, options);
    let result = judge(input.text);
    if (values.fix || values['fix-dry-run']) {
      const { text, applied } = applyPreferredFixes(input.text, result.findings);
      if (values['fix-dry-run']) patch += unifiedDiff(input.path, input.text, text);
      else if (text !== input.text) {
        if (await writeFixed(input, text, applied, io)) result = judge(text);
        else unwritten = true;
      }
    }
    const { error, findings } = result;
    files.push({
      path: input.path,
      language: embedding ?? input.language,
      error: error === null ? null : { message: error.message, line: error.range.start.line },
      findings,
    });
  }

  const document = lintDocument([...files, ...basis.files()], skipped, TOOL, ruleSummaries());
  await io.stdout(values['fix-dry-run'] ? patch : await formatted(document, format));
  if (failed || unwritten) return EXIT.environment;
  const over =
    failOn !== 'never' &&
    document.findings.some(({ severity, suppressed }) => suppressed === null && reachesSeverity(severity, failOn));
  return over ? EXIT.findings : EXIT.ok;
}

/** What git has of the melange files in HEAD, for the rule that compares. */
async function headsOf(inputs: readonly Input[], io: CliIo): Promise<ReadonlyMap<string, string | null>> {
  const asked = inputs.flatMap(({ language, absolute, text }) =>
    language === 'melange' && absolute !== null ? [{ absolute, text }] : [],
  );
  if (asked.length === 0) return new Map();
  const { gitHeads } = await import('../node/git-heads.ts');
  return gitHeads(asked, io.env);
}

/** Write a fixed file back, unless that would change more than the fixes do; what was not written is said on stderr. */
async function writeFixed(input: Input, text: string, applied: readonly Fix[], io: CliIo): Promise<boolean> {
  if (input.absolute === null) throw new UsageError('--fix cannot write standard input back; use --fix-dry-run');
  const refuse = async (why: string): Promise<boolean> => {
    await io.stderr(`waybill: ${input.path} was not fixed: ${why}.\n`);
    return false;
  };
  try {
    // Bytes that are no UTF-8 were read as U+FFFD: written back they would be lost.
    if (!readFileSync(input.absolute).equals(Buffer.from(input.text))) {
      return await refuse('it is not UTF-8, or it has changed since it was read');
    }
    writeFileSync(input.absolute, text);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  for (const { title, caveat } of applied) {
    await io.stderr(`waybill: ${input.path}: ${title}${caveat === undefined ? '' : ` (${caveat})`}\n`);
  }
  return true;
}
