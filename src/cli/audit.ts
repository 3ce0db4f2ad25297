// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { readPlatform } from '../core/evidence/platform.ts';
import { withExceptions } from '../core/evidence/exceptions.ts';
import type { AuditReport } from '../core/evidence/report.ts';
import { problemText } from '../core/model/problem.ts';
import { VULNERABILITY_SEVERITIES } from '../core/model/severity.ts';
import { auditDocument, failedStages, isComplete, reachesThreshold } from '../core/output/audit-document.ts';
import { auditSarif } from '../core/output/audit-sarif.ts';
import { auditText } from '../core/output/audit-text.ts';
import { type AuditEvent, type FinishedAudit, type Log, type SbomFormat } from '../core/ports.ts';
import { visibleText } from '../core/protocol/visible-text.ts';
import { NO_POLICY } from '../core/policy/model.ts';
import { createAuditor } from '../node/audit-entry.ts';
import { evidenceText } from '../node/evidence-entry.ts';
import { deliverText } from '../node/store/atomic.ts';
import { EVIDENCE_HELP, EVIDENCE_OPTIONS, readEvidenceOptions } from './evidence-options.ts';
import { readSource } from './image-source.ts';
import { EXIT, UsageError, type CliIo } from './io.ts';
import { readNamedPolicy } from './named-policy.ts';
import { keyValueOption, oneOf, parseOptions } from './options.ts';
import { TOOL } from './version.ts';

const HELP = `waybill audit REF             scan a built image with Syft and Grype
  REF is a scheme and an image: docker:NAME podman:NAME registry:NAME
                                oci-dir:FOLDER oci-archive:FILE docker-archive:FILE
  --format text|json|sarif      default text
  --platform OS/ARCH[/VARIANT]  of an image with several; default is this machine's
  --fail-on SEVERITY            exit 1 at or over it: ${VULNERABILITY_SEVERITIES.join(', ')}
  --output FILE                 write the report there, not to standard output
  --sbom FORMAT=FILE            write the SBOM of the same scan, may be repeated: syft-json, spdx-json, cyclonedx-json
  --policy FILE                 its waivers except findings, its trust entries say who may sign the image
${EVIDENCE_HELP}
  --update-trusted-root         fetch the newest trusted root by TUF where the last one is older than a day; without
                                it, and without --tuf-mirror and --github-tuf-root, no root is fetched
  --local-images                look for signatures of docker: and podman: images in the registry that they are from
  --offline                     ask no network, so no registry either
  --allow-stale-database        match with a vulnerability database past its limit; the report says so
  --verbose                     the tools' own output on standard error
$COSIGN_REPOSITORY names another repository for the tags of cosign.
The report is kept in $WAYBILL_DATA, else in the folder for your data; the editor shows it.
Exit codes: 0 done, 1 a vulnerability at or over --fail-on, 2 usage, 3 no SBOM, no matching, or a named file not read
or not written.
`;

const SBOM_NAMES: Readonly<Record<string, SbomFormat>> = {
  'syft-json': 'syft-json',
  syft: 'syft-json',
  'spdx-json': 'spdx-json',
  spdx: 'spdx-json',
  'cyclonedx-json': 'cyclonedx-json',
  cyclonedx: 'cyclonedx-json',
};

interface SbomWish {
  readonly format: SbomFormat;
  readonly path: string;
}

function readSbomWishes(written: readonly string[], cwd: string): readonly SbomWish[] {
  return written.map((each) => {
    const [[name, path]] = Object.entries(keyValueOption('--sbom', [each])) as [[string, string]];
    const format = Object.hasOwn(SBOM_NAMES, name) ? SBOM_NAMES[name] : undefined;
    if (format === undefined)
      throw new UsageError(`--sbom takes syft-json, spdx-json or cyclonedx-json; it was given ${JSON.stringify(name)}`);
    if (path === '') throw new UsageError(`--sbom ${name}= names no file`);
    return { format, path: resolve(cwd, path) };
  });
}

/** One line on a terminal that says what is being done; nothing at all elsewhere. */
function progressLine(io: CliIo): { readonly show: (event: AuditEvent) => void; readonly clear: () => Promise<void> } {
  if (io.isErrorTty !== true) return { show: () => undefined, clear: async () => undefined };
  let shown = '';
  return {
    show: ({ state, message }) => {
      if (state !== 'running' || message === null || message === shown) return;
      shown = message;
      void io.stderr(`\r\u001b[K${[...visibleText(message)].slice(0, 76).join('')}…`);
    },
    clear: () => (shown === '' ? Promise.resolve() : io.stderr('\r\u001b[K')),
  };
}

function stderrLog(io: CliIo, verbose: boolean): Log {
  // A tool's words repeat names from the image: none of them may move the cursor or pretend to be another line.
  const say = (message: string): void =>
    void io.stderr(`waybill: ${message.split('\n').map(visibleText).join('\n')}\n`);
  const more = verbose ? say : () => undefined;
  return { debug: more, info: more, warn: say, error: say };
}

async function writeSboms(audited: FinishedAudit | null, wishes: readonly SbomWish[], io: CliIo): Promise<boolean> {
  let done = true;
  for (const { format, path } of wishes) {
    if (audited === null || audited.saveSbom === null) {
      await io.stderr(`waybill: ${path} was not written, since there is no SBOM.\n`);
      done = false;
      continue;
    }
    const saved = await audited.saveSbom(format, path);
    if (saved.ok) continue;
    await io.stderr(`waybill: ${visibleText(problemText(saved.error))}\n`);
    done = false;
  }
  return done;
}

/** `waybill audit`; its document is docs/schemas/audit.json. */
export async function run(argv: readonly string[], io: CliIo): Promise<number> {
  const { values, positionals } = parseOptions(argv, {
    format: { type: 'string', default: 'text' },
    platform: { type: 'string' },
    'fail-on': { type: 'string' },
    output: { type: 'string' },
    sbom: { type: 'string', multiple: true, default: [] },
    policy: { type: 'string' },
    ...EVIDENCE_OPTIONS,
    'update-trusted-root': { type: 'boolean', default: false },
    'local-images': { type: 'boolean', default: false },
    offline: { type: 'boolean', default: false },
    'allow-stale-database': { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (values.help) {
    await io.stdout(HELP);
    return EXIT.ok;
  }
  if (values.policy === '') throw new UsageError('--policy names no file');
  const format = oneOf('--format', values.format, ['text', 'json', 'sarif']);
  const failOn =
    values['fail-on'] === undefined ? null : oneOf('--fail-on', values['fail-on'], VULNERABILITY_SEVERITIES);
  if (values.platform !== undefined && readPlatform(values.platform) === null) {
    throw new UsageError(
      `--platform takes OS/ARCH or OS/ARCH/VARIANT; it was given ${JSON.stringify(values.platform)}`,
    );
  }
  if (values.output === '') throw new UsageError('--output names no file');
  const { roots, where, insecureHosts } = readEvidenceOptions(values, io);
  const source = readSource('audit', positionals);
  const wishes = readSbomWishes(values.sbom, io.cwd);

  const policy = values.policy === undefined ? NO_POLICY : await readNamedPolicy(values.policy, io);
  if (policy === null) return EXIT.usage;

  const auditor = createAuditor({
    env: io.env,
    log: stderrLog(io, values.verbose),
    clock: { now: () => io.now() },
    dataFolder: null,
    programs: { syft: null, grype: null, docker: null, podman: null, nerdctl: null },
    insecureHosts,
  });
  const progress = progressLine(io);
  let ready: boolean | null = null;
  const audited = await auditor.audit(
    {
      source,
      platform: values.platform ?? null,
      offline: values.offline,
      allowStaleDatabase: values['allow-stale-database'],
      evidence: {
        policy: values.policy === undefined ? null : policy,
        ...roots,
        // Who names a mirror or a first root wants what is there now.
        fetchRoots: values['update-trusted-root'] || roots.tuf !== null || roots.githubRoot !== null,
        ...where,
        localImages: values['local-images'],
        problem: null,
      },
    },
    progress.show,
    io.cancel,
    async (finished) => {
      await progress.clear();
      ready = (await writeSboms(finished, wishes, io)) && finished.notStored === null;
    },
  );
  await progress.clear();
  // Where the audit could not even begin there is no SBOM either.
  ready ??= await writeSboms(null, wishes, io);
  const report = withExceptions(audited, policy, new Date(io.now()).toISOString().slice(0, 10));

  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const toFile = values.output !== undefined;
  const text =
    format === 'json'
      ? `${JSON.stringify(auditDocument(report), null, 2)}\n`
      : format === 'sarif'
        ? auditSarif(report, TOOL, hash)
        : auditText(report, {
            colour: io.isTty && !toFile,
            platformAssumed: values.platform === undefined,
            evidence: evidenceText,
          });
  if (values.output === undefined) await io.stdout(text);
  else {
    const path = resolve(io.cwd, values.output);
    const written = await deliverText(path, text);
    if (!written.ok) {
      await io.stderr(`waybill: ${problemText(written.error)}\n`);
      ready = false;
    }
  }
  if (format !== 'text' || toFile) await sayFailures(report, io);
  if (!values.verbose && failedStages(report).some(({ stage }) => /^tool-(?:failed|output)$/.test(stage.code ?? '')))
    await io.stderr('waybill: --verbose shows what the tools say.\n');
  if (report.stages.database.code === 'database-stale')
    await io.stderr('waybill: --allow-stale-database uses it once anyway.\n');
  // A file that was named and could not be read, such as a trusted root.
  const unread = report.stages.evidence.code === 'file-unreadable';
  if (!ready || unread || !isComplete(report)) return EXIT.environment;
  return failOn !== null && reachesThreshold(report, failOn) ? EXIT.findings : EXIT.ok;
}

/** What failed, for whoever reads standard error while the report goes elsewhere. */
async function sayFailures(report: AuditReport, io: CliIo): Promise<void> {
  for (const { name, stage } of failedStages(report))
    await io.stderr(`waybill: ${name} ${stage.state}: ${visibleText(stage.reason ?? 'no reason')}\n`);
}
