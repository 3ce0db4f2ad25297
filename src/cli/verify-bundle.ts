// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MAX_EVIDENCE_BYTES, type Expected } from '../core/attestations/model.ts';
import { problemText, type Problem } from '../core/model/problem.ts';
import { err, ok, type Result } from '../core/model/result.ts';
import { bundleDocument, bundleText } from '../core/output/verify-bundle.ts';
import { visibleText } from '../core/protocol/visible-text.ts';
import { fileProblem } from '../node/images/files.ts';
import { checkBundle } from '../node/verify-entry.ts';
import { EXIT, UsageError, type CliIo } from './io.ts';
import { oneOf, parseOnce } from './options.ts';

const HELP = `waybill verify-bundle --bundle FILE (--certificate-identity I --certificate-oidc-issuer O | --key FILE) FILE_OR_DIGEST
  --bundle FILE                   a sigstore bundle
  --certificate-identity I        who has to have signed, whole and literally
  --certificate-oidc-issuer O     who has to have vouched for that identity
  --key FILE                      or the public key that has to have signed, in PEM
  --trusted-root FILE             trusted_root.json instead of the one that comes with this version
  --allow-no-log                  with --key: accept a bundle that is in no transparency log
  --format text|json              default text
Uses no network. Exit codes: 0 verified, 1 not, 2 usage, 3 a file could not be read.
`;

/** Bytes of the largest public key that is read. */
const MAX_KEY = 64 * 1024;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** `waybill verify-bundle`; see HELP and docs/schemas/verify-bundle.json. */
export async function run(argv: readonly string[], io: CliIo): Promise<number> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseOnce(argv, {
    bundle: text,
    'certificate-identity': text,
    'certificate-oidc-issuer': text,
    key: text,
    'trusted-root': text,
    'allow-no-log': { type: 'boolean', default: false },
    format: { type: 'string', default: 'text' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) {
    await io.stdout(HELP);
    return EXIT.ok;
  }
  const format = oneOf('--format', values.format, ['text', 'json']);
  const bundle = required('--bundle', values.bundle);
  const trustedRoot = single('--trusted-root', values['trusted-root']);
  const identity = single('--certificate-identity', values['certificate-identity']);
  const issuer = single('--certificate-oidc-issuer', values['certificate-oidc-issuer']);
  const key = single('--key', values.key);
  const [artifact, ...more] = positionals;
  if (artifact === undefined || artifact === '' || more.length > 0)
    throw new UsageError('waybill verify-bundle takes one file or digest; see --help');
  if (key !== null && (identity !== null || issuer !== null))
    throw new UsageError('--key and a certificate identity exclude each other');
  if (key === null && (identity === null || issuer === null))
    throw new UsageError('say who has to have signed: --certificate-identity and --certificate-oidc-issuer, or --key');

  const path = (name: string): string => resolve(io.cwd, name);
  const given: Result<Expected, Problem> =
    key === null
      ? ok({ kind: 'identity', identity: identity ?? '', issuer: issuer ?? '' })
      : await keyOf(path(key), key);
  const bytes = await bytesOf(path(bundle), bundle, MAX_EVIDENCE_BYTES);
  const digests = DIGEST.test(artifact) ? ok([artifact]) : await digestsOf(path(artifact), artifact);
  for (const read of [given, bytes, digests]) if (!read.ok) return environment(read.error, io);
  if (!given.ok || !bytes.ok || !digests.ok) return EXIT.environment;

  const checked = await checkBundle(
    {
      bytes: bytes.value,
      digests: digests.value,
      expected: given.value,
      trustedRoot: trustedRoot === null ? null : path(trustedRoot),
      allowNoLog: values['allow-no-log'],
    },
    io.cancel,
  );
  if (!checked.ok) return environment(checked.error, io);
  const document = bundleDocument(checked.value.judgement, checked.value.root);
  await io.stdout(format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : bundleText(document, io.now()));
  return document.verified ? EXIT.ok : EXIT.findings;
}

/** The value of an option; null where it was not given. An empty one could not be what was meant. */
function single(option: string, value: string | undefined): string | null {
  if (value === '') throw new UsageError(`${option} is empty`);
  return value ?? null;
}

function required(option: string, given: string | undefined): string {
  const value = single(option, given);
  if (value === null) throw new UsageError(`${option} is missing; see --help`);
  return value;
}

async function environment(problem: Problem, io: CliIo): Promise<number> {
  await io.stderr(`waybill: ${visibleText(problemText(problem))}\n`);
  return EXIT.environment;
}

/** Pipes that the shell has opened already: the other end is there, and so is an end. */
const SHELL_PIPE = /^\/(?:dev\/(?:stdin|fd\/\d+)|proc\/self\/fd\/\d+)$/;

/** The bytes of a file. Pipes and devices are refused: opening one could wait, and reading it go on, for ever. */
async function open(path: string): Promise<ReadStream> {
  const found = await stat(path);
  if (!found.isFile() && !found.isDirectory() && !(found.isFIFO() && SHELL_PIPE.test(path)))
    throw new Error('it is a pipe or a device, and those need not end: write it to a file');
  return createReadStream(path);
}

/** Null where the file is larger than `maxBytes`: that is an answer about it, not a failure to read it. */
async function bytesOf(path: string, name: string, maxBytes: number): Promise<Result<Buffer | null, Problem>> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of await open(path)) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > maxBytes) return ok(null);
    }
    return ok(Buffer.concat(chunks));
  } catch (error) {
    return err(fileProblem(name, error));
  }
}

async function keyOf(path: string, name: string): Promise<Result<Expected, Problem>> {
  const bytes = await bytesOf(path, name, MAX_KEY);
  if (!bytes.ok) return bytes;
  // A key that is too large is no key; the verifier says so.
  return ok({ kind: 'key', name, pem: bytes.value?.toString('utf8') ?? '' });
}

/** By SHA-256, and by SHA-512, which packages of npm are named by. */
async function digestsOf(path: string, name: string): Promise<Result<readonly string[], Problem>> {
  const hashes = (['sha256', 'sha512'] as const).map((algorithm) => [algorithm, createHash(algorithm)] as const);
  try {
    for await (const chunk of await open(path)) for (const [, hash] of hashes) hash.update(chunk as Buffer);
  } catch (error) {
    return err(fileProblem(name, error));
  }
  return ok(hashes.map(([algorithm, hash]) => `${algorithm}:${hash.digest('hex')}`));
}
