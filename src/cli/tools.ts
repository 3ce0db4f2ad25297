// SPDX-License-Identifier: Apache-2.0
import { problemText } from '../core/model/problem.ts';
import { toolsText } from '../core/output/tools.ts';
import { installManaged, toolsStatus } from '../node/audit-entry.ts';
import { defaultDataFolder } from '../node/store/folder.ts';
import { TOOL_NAMES } from '../node/tools/releases.ts';
import { EXIT, UsageError, type CliIo } from './io.ts';
import { oneOf, parseOptions } from './options.ts';

const HELP = `waybill tools                        which Syft and Grype are used, and which vulnerability database
  --format text|json                 default text
waybill tools install [syft|grype]   put the tested version into Waybill's own folder; both without a name
  --from release|go                  the vendor's release, checked against its pinned hash (default), or built with Go
`;

/** Milliseconds between two lines about one running install. */
const PROGRESS_EVERY = 5000;

/** `waybill tools`; see HELP and docs/schemas/tools.json. */
export async function run(argv: readonly string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseOptions(argv, {
    format: { type: 'string', default: 'text' },
    from: { type: 'string' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) {
    await io.stdout(HELP);
    return EXIT.ok;
  }
  const [action, ...names] = positionals;
  if (action === undefined) {
    if (values.from !== undefined) throw new UsageError('--from belongs to waybill tools install');
    return status(oneOf('--format', values.format, ['text', 'json']), io);
  }
  if (action !== 'install') throw new UsageError(`there is no waybill tools ${JSON.stringify(action)}; see --help`);
  if (names.length > 1) throw new UsageError('waybill tools install takes one name, or none for both');
  const wanted = names.map((name) => oneOf('waybill tools install', name, TOOL_NAMES));
  return install(
    wanted.length === 0 ? TOOL_NAMES : wanted,
    oneOf('--from', values.from ?? 'release', ['release', 'go']),
    io,
  );
}

async function status(format: 'text' | 'json', io: CliIo): Promise<number> {
  const quiet = (): void => undefined;
  const document = await toolsStatus({
    env: io.env,
    dataFolder: defaultDataFolder(io.env),
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    now: io.now(),
    cancel: io.cancel,
  });
  await io.stdout(format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : toolsText(document));
  const complete = document.tools.every(({ problem }) => problem === null) && document.database.problem === null;
  return complete ? EXIT.ok : EXIT.environment;
}

async function install(
  names: readonly (typeof TOOL_NAMES)[number][],
  way: 'release' | 'go',
  io: CliIo,
): Promise<number> {
  const dataFolder = defaultDataFolder(io.env);
  const results = await installManaged({
    names,
    way,
    dataFolder,
    env: io.env,
    cancel: io.cancel,
    // Said before anything is fetched.
    announce: (sources) => io.stderr(`This fetches:\n${sources.map((source) => `  ${source}\n`).join('')}`),
    progress: throttled(io),
  });
  let failed = false;
  for (const result of results) {
    if (result.ok) await io.stdout(`${result.value.name}  ${result.value.path}\n`);
    else {
      failed = true;
      await io.stderr(`waybill: ${problemText(result.error)}\n`);
    }
  }
  return failed ? EXIT.environment : EXIT.ok;
}

/** Progress at most every few seconds: a log is no place for a thousand lines. */
function throttled(io: CliIo): (message: string) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (message) => {
    const now = io.now();
    if (now - last < PROGRESS_EVERY) return;
    last = now;
    void io.stderr(`${message}\n`);
  };
}
