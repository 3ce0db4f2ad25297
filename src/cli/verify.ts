// SPDX-License-Identifier: Apache-2.0
import { arch } from 'node:process';
import { formatPlatform } from '../core/dockerfile/platform.ts';
import { hostPlatform, readPlatform } from '../core/evidence/platform.ts';
import { parseImageReference } from '../core/model/image-reference.ts';
import { problemText } from '../core/model/problem.ts';
import type { ImageSource, Log } from '../core/ports.ts';
import { visibleText } from '../core/protocol/visible-text.ts';
import { unusableRoot } from '../node/evidence/named-roots.ts';
import { verifyImage } from '../node/evidence-entry.ts';
import { EVIDENCE_HELP, EVIDENCE_OPTIONS, readEvidenceOptions } from './evidence-options.ts';
import { readSource } from './image-source.ts';
import { EXIT, UsageError, type CliIo } from './io.ts';
import { readNamedPolicy } from './named-policy.ts';
import { oneOf, parseOnce } from './options.ts';

const SCHEMES = ['registry', 'oci-dir', 'oci-archive', 'docker-archive'] as const;

const HELP = `waybill verify REF            find signatures and attestations of an image and check them
  REF is registry:NAME or NAME, oci-dir:FOLDER, oci-archive:FILE or docker-archive:FILE
  --policy FILE                 hold what is found against the trust entries of this policy
  --offline                     ask no network; layouts and archives are read all the same
  --platform OS/ARCH[/VARIANT]  of an image with several; default is this machine's
${EVIDENCE_HELP}
  --format text|json            default text
$COSIGN_REPOSITORY names another repository for the tags of cosign.
Without a policy it shows who signed and judges nobody.
Exit codes: 0 the policy is met, or without one every place answered and nothing is invalid; 1 invalid or not met;
2 usage; 3 a place that is needed could not be checked.
`;

function repositoryOf({ scheme, target }: ImageSource): string | null {
  const parsed = scheme === 'registry' ? parseImageReference(target) : null;
  return parsed?.ok === true ? `${parsed.value.registry}/${parsed.value.repository}` : null;
}

/** `waybill verify`; its document is docs/schemas/verify.json. */
export async function run(argv: readonly string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseOnce(argv, {
    format: { type: 'string', default: 'text' },
    policy: { type: 'string' },
    ...EVIDENCE_OPTIONS,
    offline: { type: 'boolean', default: false },
    platform: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (values.help) {
    await io.stdout(HELP);
    return EXIT.ok;
  }
  const format = oneOf('--format', values.format, ['text', 'json']);
  if (values.policy === '') throw new UsageError('--policy names no file');
  if (values.platform !== undefined && readPlatform(values.platform) === null)
    throw new UsageError(
      `--platform takes OS/ARCH or OS/ARCH/VARIANT; it was given ${JSON.stringify(values.platform)}`,
    );
  const { roots: named, where, insecureHosts } = readEvidenceOptions(values, io);
  const roots = { ...named, fetchRoots: !values.offline };
  const source = readSource('verify', positionals, SCHEMES, 'registry');

  const policy = values.policy === undefined ? null : await readNamedPolicy(values.policy, io);
  if (values.policy !== undefined && policy === null) return EXIT.usage;
  if (policy !== null && policy.trust.length === 0)
    throw new UsageError(`${values.policy ?? ''} has no trust entries, so there is nothing to verify against`);

  const say = (message: string): void => void io.stderr(`waybill: ${visibleText(message)}\n`);
  const quiet = (): void => undefined;
  const log: Log = { debug: values.verbose ? say : quiet, info: values.verbose ? say : quiet, warn: say, error: say };
  const problem = await unusableRoot(roots);
  if (problem !== null) {
    await io.stderr(`waybill: ${visibleText(problemText(problem))}\n`);
    return EXIT.environment;
  }
  const verified = await verifyImage(
    {
      source,
      platform: values.platform ?? formatPlatform(hostPlatform(arch)),
      offline: values.offline,
      ...where,
      policy,
      now: io.now(),
    },
    {
      env: io.env,
      log,
      clock: { now: () => io.now() },
      dataFolder: null,
      insecureHosts,
      roots,
    },
    {
      ...{ format, colour: io.isTty, reference: positionals[0] ?? '', repository: repositoryOf(source) },
      trustedRoot: values['trusted-root'] ?? null,
    },
    io.cancel,
  );
  if (!verified.ok) {
    await io.stderr(`waybill: ${visibleText(problemText(verified.error))}\n`);
    return EXIT.environment;
  }
  await io.stdout(verified.value.text);
  // The document has no room for the reasons of a policy; whoever reads it in a pipe sees them here.
  if (format === 'json') for (const line of verified.value.unmet) await io.stderr(`waybill: ${line}\n`);
  return verified.value.exit;
}
