// SPDX-License-Identifier: Apache-2.0
import { catalogueData } from '../core/catalogue/data.ts';
import { Catalogue } from '../core/catalogue/lookup.ts';
import { DEFAULT_PLATFORM } from '../core/dockerfile/parse.ts';
import { basesDocument, basesTable, catalogueVerdicts } from '../core/output/bases.ts';
import { readInputs } from './inputs.ts';
import { EXIT, UsageError, type CliIo } from './io.ts';
import { keyValueOption, languageOption, oneOf, parseOptions } from './options.ts';

const HELP = `waybill bases [PATH…]  say what every FROM resolves to, and what apko and melange files are made of
  --format table|json           default table
  --build-arg NAME=VALUE        value of an ARG, may be repeated
  --platform OS/ARCH[/VARIANT]  what the platform ARGs take, default ${DEFAULT_PLATFORM}
  --language dockerfile|apko|melange   read every file under PATH as that
  --stdin-filename NAME         with PATH "-": read standard input under that name
`;

const PLATFORM = /^[a-z0-9]+\/[a-z0-9_-]+(?:\/[a-z0-9.]+)?$/i;

/** `waybill bases`; its document is docs/schemas/bases.json. Exit 3 where a path could not be read. */
export async function run(argv: readonly string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseOptions(argv, {
    format: { type: 'string', default: 'table' },
    'build-arg': { type: 'string', multiple: true, default: [] },
    platform: { type: 'string', default: DEFAULT_PLATFORM },
    language: { type: 'string' },
    'stdin-filename': { type: 'string' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) {
    await io.stdout(HELP);
    return EXIT.ok;
  }
  const format = oneOf('--format', values.format, ['table', 'json']);
  if (!PLATFORM.test(values.platform)) {
    throw new UsageError(
      `--platform takes OS/ARCH or OS/ARCH/VARIANT; it was given ${JSON.stringify(values.platform)}`,
    );
  }
  const options = { buildArgs: keyValueOption('--build-arg', values['build-arg']), platform: values.platform };
  const language = languageOption(values.language);
  const { inputs, failed } = await readInputs(positionals, { stdinFilename: values['stdin-filename'], language }, io);
  const today = new Date(io.now()).toISOString().slice(0, 10);
  const document = basesDocument(inputs, options, catalogueVerdicts(new Catalogue(catalogueData()), today));
  await io.stdout(format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : basesTable(document));
  return failed ? EXIT.environment : EXIT.ok;
}
