// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { catalogueData } from '../core/catalogue/data.ts';
import { Catalogue } from '../core/catalogue/lookup.ts';
import { detectByName, type Language } from '../core/detect.ts';
import { lint, type LintResult } from '../core/lint/engine.ts';
import { applyPreferredFixes } from '../core/lint/fix.ts';
import { FINDING_SEVERITIES, reachesSeverity } from '../core/model/severity.ts';
import { unifiedDiff } from '../core/output/diff.ts';
import { lintDocument, type LintDocument, type LintedFile } from '../core/output/lint-document.ts';
import { lintCheckstyle, lintGithub, lintGitlab, lintText } from '../core/output/lint-formats.ts';
import { lintSarif } from '../core/output/sarif.ts';
import { dockerfileRules } from '../core/rules/index.gen.ts';
import { discoverFiles, readText } from '../node/discover.ts';
import { EXIT, UsageError, type CliIo } from './io.ts';
import { languageOption, oneOf, parseOptions } from './options.ts';
import { TOOL } from './version.ts';

const FORMATS = ['text', 'json', 'sarif', 'github', 'gitlab', 'checkstyle'] as const;
type Format = (typeof FORMATS)[number];

export const LINT_HELP = `waybill lint [PATH…]  judge Dockerfiles
  --format text|json|sarif|github|gitlab|checkstyle   default text
  --fail-on error|warning|info|hint|never             exit 1 at or over it, default error
  --language dockerfile|apko|melange                  read every file under PATH as that
  --stdin-filename NAME                               with PATH "-": read standard input under that name
  --fix, --fix-dry-run                                apply preferred fixes, or print them as a unified diff
  --policy FILE                                       not read by this version
`;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function formatted(document: LintDocument, format: Format): string {
  switch (format) {
    case 'text':
      return lintText(document);
    case 'json':
      return `${JSON.stringify(document, null, 2)}\n`;
    case 'sarif':
      return lintSarif(document, dockerfileRules, sha256);
    case 'github':
      return lintGithub(document);
    case 'gitlab':
      return lintGitlab(document, sha256);
    case 'checkstyle':
      return lintCheckstyle(document);
  }
}

interface Input {
  readonly path: string;
  readonly language: Language;
  readonly text: string;
  /** Null for standard input, which cannot be written back. */
  readonly absolute: string | null;
}

async function stdinInput(name: string | undefined, forced: Language | null, io: CliIo): Promise<Input> {
  if (name === undefined) throw new UsageError('"-" reads standard input and needs --stdin-filename NAME');
  const language = forced ?? detectByName(name.split('/').at(-1) ?? name);
  if (language === null)
    throw new UsageError(`the name ${JSON.stringify(name)} does not say its language; give --language`);
  return { path: name, language, text: await io.readStdin(), absolute: null };
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
  if (values.policy !== undefined) throw new UsageError('this version reads no policy file; leave --policy out');
  if (values.fix && values['fix-dry-run']) throw new UsageError('--fix and --fix-dry-run exclude each other');
  const format = oneOf('--format', values.format, FORMATS);
  const failOn = oneOf('--fail-on', values['fail-on'], [...FINDING_SEVERITIES, 'never']);
  const forced = languageOption(values.language);

  const inputs: Input[] = [];
  let environmentFailed = false;
  let skipped = 0;
  const paths = positionals.length === 0 ? ['.'] : positionals;
  if (paths.includes('-')) inputs.push(await stdinInput(values['stdin-filename'], forced, io));
  const found = discoverFiles(
    paths.filter((path) => path !== '-'),
    io.cwd,
    forced,
  );
  skipped += found.skipped;
  for (const path of found.missing) {
    environmentFailed = true;
    await io.stderr(`waybill: ${path} cannot be read: it does not exist, or access is denied. Check the path.\n`);
  }
  for (const file of found.files) {
    try {
      inputs.push({ ...file, text: readText(file.absolute) });
    } catch (error) {
      skipped++;
      environmentFailed = true;
      await io.stderr(
        `waybill: ${file.path} cannot be read: ${error instanceof Error ? error.message : String(error)}.\n`,
      );
    }
  }

  const catalogue = new Catalogue(catalogueData());
  const today = new Date(io.now()).toISOString().slice(0, 10);
  const judge = (input: Input, text: string): LintResult => lint(text, input.language, { catalogue, today });
  const files: LintedFile[] = [];
  let patch = '';
  for (const input of inputs) {
    let result = judge(input, input.text);
    if (values.fix || values['fix-dry-run']) {
      const { text } = applyPreferredFixes(input.text, result.findings);
      if (values['fix-dry-run']) patch += unifiedDiff(input.path, input.text, text);
      else if (text !== input.text) {
        if (input.absolute === null) throw new UsageError('--fix cannot write standard input back; use --fix-dry-run');
        writeFileSync(input.absolute, text);
        result = judge(input, text);
      }
    }
    const { error, findings } = result;
    files.push({
      path: input.path,
      language: input.language,
      error: error === null ? null : { message: error.message, line: error.range.start.line },
      findings,
    });
  }

  const document = lintDocument(files, skipped, TOOL, dockerfileRules);
  await io.stdout(values['fix-dry-run'] ? patch : formatted(document, format));
  if (environmentFailed) return EXIT.environment;
  const over =
    failOn !== 'never' &&
    document.findings.some(({ severity, suppressed }) => suppressed === null && reachesSeverity(severity, failOn));
  return over ? EXIT.findings : EXIT.ok;
}
