// SPDX-License-Identifier: Apache-2.0
import { detectByName, type Language } from '../core/detect.ts';
import { detectEmbedding, type EmbeddingKind } from '../core/embedded/detect.ts';
import { detectYaml } from '../core/yaml/detect.ts';
import { discoverFiles, readText } from '../node/discover.ts';
import { UsageError, type CliIo } from './io.ts';

export interface Input {
  readonly path: string;
  readonly language: Language;
  /** Set for a file of another tool that holds Dockerfiles; `language` is theirs. */
  readonly embedding?: EmbeddingKind;
  readonly text: string;
  /** Null for standard input, which cannot be written back. */
  readonly absolute: string | null;
}

export interface Inputs {
  readonly inputs: readonly Input[];
  readonly skipped: number;
  /** True where something that was asked for could not be read; it has been said on stderr. */
  readonly failed: boolean;
}

/** Read what the PATH arguments name, the working directory without any; `-` is standard input. */
export async function readInputs(
  positionals: readonly string[],
  options: {
    readonly stdinFilename: string | undefined;
    readonly language: Language | null;
    /** Read named files of other tools for the Dockerfiles they hold. */
    readonly embedded?: true;
  },
  io: CliIo,
): Promise<Inputs> {
  const paths = positionals.length === 0 ? ['.'] : positionals;
  const inputs: Input[] = [];
  if (paths.includes('-')) inputs.push(await stdinInput(options, io));
  const files = paths.filter((path) => path !== '-');
  const found = discoverFiles(files, io.cwd, options.language, options.embedded);
  let { skipped } = found;
  let failed = found.unread.length > 0;
  for (const { path, why } of found.unread) await io.stderr(`waybill: ${path} cannot be read: ${why}.\n`);
  for (const file of found.files) {
    try {
      inputs.push({ ...file, text: readText(file.absolute) });
    } catch (error) {
      skipped++;
      failed = true;
      await io.stderr(
        `waybill: ${file.path} cannot be read: ${error instanceof Error ? error.message : String(error)}.\n`,
      );
    }
  }
  return { inputs, skipped, failed };
}

async function stdinInput(
  { stdinFilename: name, language: forced, embedded }: Parameters<typeof readInputs>[1],
  io: CliIo,
): Promise<Input> {
  if (name === undefined) throw new UsageError('"-" reads standard input and needs --stdin-filename NAME');
  const unknown = new UsageError(`the name ${JSON.stringify(name)} does not say its language; give --language`);
  const byName = forced ?? detectByName(name.split('/').at(-1) ?? name);
  const embedding = byName === null && embedded === true ? detectEmbedding(name) : null;
  if (embedding !== null) {
    return { path: name, language: 'dockerfile', embedding, text: await io.readStdin(), absolute: null };
  }
  if (byName === null && !/\.ya?ml$/i.test(name)) throw unknown;
  const text = await io.readStdin();
  const language = byName ?? detectYaml(name, text);
  if (language === null) throw unknown;
  return { path: name, language, text, absolute: null };
}
