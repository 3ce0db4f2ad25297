// SPDX-License-Identifier: Apache-2.0
import { visibleText } from '../core/protocol/visible-text.ts';
import { EXIT, UsageError, type CliIo, type Command } from './io.ts';
import { TOOL } from './version.ts';

const COMMANDS: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Command> }>> = {
  bases: { summary: 'what every FROM resolves to', load: async () => (await import('./bases.ts')).run },
  lint: { summary: 'judge Dockerfiles', load: async () => (await import('./lint.ts')).run },
  audit: { summary: 'scan a built image with Syft and Grype', load: async () => (await import('./audit.ts')).run },
  verify: {
    summary: 'find and check signatures and attestations of an image',
    load: async () => (await import('./verify.ts')).run,
  },
  'verify-bundle': {
    summary: 'check one sigstore bundle against a file or digest, without any network',
    load: async () => (await import('./verify-bundle.ts')).run,
  },
  tools: {
    summary: 'which Syft and Grype are used, and where they come from',
    load: async () => (await import('./tools.ts')).run,
  },
  rules: { summary: 'list the rules', load: async () => (await import('./rules.ts')).run },
};

function help(): string {
  const commands = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(14)} ${summary}\n`);
  return `waybill ${TOOL.version}: what is in a container image, and whether its cryptography is validated\n\nwaybill COMMAND [OPTION…]\n${commands.join('')}\n--help behind a command says more. Exit codes: 0 done, 1 findings, 2 usage, 3 environment.\n`;
}

async function dispatch(argv: readonly string[], io: CliIo): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    await io.stdout(help());
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (name === '--version') {
    await io.stdout(`${TOOL.name} ${TOOL.version}\n`);
    return EXIT.ok;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw new UsageError(`there is no command ${JSON.stringify(name)}; see waybill --help`);
  return (await command.load())(rest, io);
}

/** Run a command line: its exit code, failures told in one sentence on stderr. Never throws. */
export async function runCommandLine(argv: readonly string[], io: CliIo): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    await io.stderr(`waybill: ${visibleText(error instanceof Error ? error.message : String(error))}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.environment;
  }
}
