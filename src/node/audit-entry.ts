// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { arch } from 'node:process';
import { tmpdir } from 'node:os';
import { audit, type AuditPorts } from '../core/evidence/audit.ts';
import type { AuditReport } from '../core/evidence/report.ts';
import { problemText, type Problem } from '../core/model/problem.ts';
import { err, ok, type Result } from '../core/model/result.ts';
import type { Auditor, Clock, FinishedAudit, Log } from '../core/ports.ts';
import { createEvidenceCollector } from './evidence-entry.ts';
import { whereUsable } from './evidence/named-roots.ts';
import { installedEngines, type EngineOptions } from './engines/engine.ts';
import { withTemporaryFolder } from './process/temporary.ts';
import { createResolver, findDigest, listPlatforms, type ResolverOptions } from './resolve/resolver.ts';
import type { AuditSession } from './resolve/session.ts';
import { createGrype } from './scanners/grype.ts';
import { convertSbom, createSyft, type SyftOptions } from './scanners/syft.ts';
import { defaultDataFolder, homeFolder } from './store/folder.ts';
import { writeProblem } from './store/atomic.ts';
import { saveSbomAs, type ConvertSbom } from './store/save-sbom.ts';
import { packSbom } from './store/packed.ts';
import { createStore } from './store/store.ts';
import { rawDocument } from './verify-entry.ts';
import { findTool } from './tools/find.ts';
import { testedVersion, type ManagedTool } from './tools/releases.ts';

/** Absolute paths that a person configured; null looks on PATH. Relative paths are refused. */
export interface AuditorPrograms {
  readonly syft: string | null;
  readonly grype: string | null;
  readonly docker: string | null;
  readonly podman: string | null;
  readonly nerdctl: string | null;
}

export interface AuditorOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly clock: Clock;
  /** Where reports are kept; null takes $WAYBILL_DATA, else the platform's folder for a person's data. */
  readonly dataFolder: string | null;
  readonly programs: AuditorPrograms;
  /** `HOST` or `HOST:PORT` that is spoken to in plain HTTP because a person named it. */
  readonly insecureHosts?: readonly string[];
}

/** For dist/evidence.js, which has no copy of its own (esbuild.js). */
export { runTool, toolEnvironment } from './process/run.ts';

const REGISTRY_TIMEOUT = 30_000;

/** The audit half: Syft, Grype, engines, registries and the store behind one port. */
export function createAuditor(options: AuditorOptions): Auditor {
  const { env, log, clock, programs, insecureHosts = [] } = options;
  const dataFolder = options.dataFolder ?? defaultDataFolder(env);
  // Looked up at each use: a tool may be installed while the editor runs.
  const program = (name: ManagedTool): Result<string, Problem> => {
    const found = findTool(name, programs[name], env, dataFolder);
    const configured = programs[name] ?? env[`WAYBILL_${name.toUpperCase()}`] ?? null;
    return found === null ? err(toolMissing(name, configured)) : ok(found.path);
  };
  const syft = (): SyftOptions => ({ program: program('syft'), env, log });
  const engines = (cwd: string): EngineOptions => ({ env, programs, cwd });
  const resolver = (cwd: string): ResolverOptions => ({
    env,
    log,
    engines: engines(cwd),
    architecture: arch,
    registryTimeout: REGISTRY_TIMEOUT,
    insecureHosts,
  });
  const convert: ConvertSbom = (from, format, to, folder, cancel) =>
    convertSbom(from, format, to, folder, syft(), cancel);
  const store = createStore({ dataFolder, log, now: () => clock.now(), convert });
  return {
    store,
    audit: async (request, onEvent, cancel, finish = async () => undefined) => {
      const inFolder = async (folder: string): Promise<FinishedAudit> => {
        const session: AuditSession = { folder, scannerEnv: new Map(), exportFromPodman: null };
        const grype = { program: program('grype'), env, log, folder, allowStale: request.allowStaleDatabase };
        const scanner = createSyft(session, engines(folder), syft());
        const packed = join(folder, 'sbom.syft.json.gz');
        let packing: Promise<Result<null, Problem>> | null = null;
        const ports: AuditPorts = {
          resolver: createResolver(session, resolver(folder)),
          scanner: {
            sbom: async (image, progress, stop) => {
              const scanned = await scanner.sbom(image, progress, stop);
              // Packed for the store while it is read and matched.
              if (scanned.ok) packing = packSbom(scanned.value.sbomPath, packed);
              return scanned;
            },
          },
          matcher: createGrype(grype),
          clock,
          evidence: whereUsable(() =>
            createEvidenceCollector({ env, log, clock, dataFolder, engines: engines(folder), insecureHosts }, folder),
          ),
        };
        const { report, sbomPath, attested, raw } = await audit(request, ports, onEvent, cancel);
        const kept = (await packing) as Result<null, Problem> | null;
        // A cancelled audit says nothing about the image, so what was known before stays.
        if (sbomPath === null || kept === null || cancel.aborted) return { report, notStored: null, saveSbom: null };
        const stored = kept.ok ? await store.write(report, packed, { attested, raw }) : kept;
        if (!stored.ok) log.error(`The report was not stored. ${problemText(stored.error)}`);
        return {
          report,
          notStored: stored.ok ? null : stored.error,
          saveSbom: (format, path) => saveSbomAs(sbomPath, format, path, folder, convert, cancel),
        };
      };
      let done: AuditReport | null = null;
      try {
        return await withTemporaryFolder(async (folder) => {
          const audited = await inFolder(folder);
          done = audited.report;
          await finish(audited);
          return done;
        });
      } catch (error) {
        const problem = writeProblem(tmpdir(), error);
        log.error(problemText(problem));
        // Either the folder could not be made, and nothing ran, or it could not be removed, and all is done.
        return done ?? (await audit(request, failingPorts(problem, clock), onEvent, cancel)).report;
      }
    },
    evidenceDocument: async (key, item, digest, part) => {
      const kept = await store.rawEvidence(key, item, digest);
      return kept.ok ? rawDocument(kept.value, part) : kept;
    },
    engineImages: (cancel) =>
      Promise.all(
        installedEngines(engines(homeFolder(env))).map(async (engine) => ({
          engine: engine.name,
          result: await engine.images(cancel),
        })),
      ),
    platforms: (source, cancel) => listPlatforms(source, resolver(homeFolder(env)), cancel),
    digest: (reference, cancel) => findDigest(reference, resolver(homeFolder(env)), cancel),
  };
}

/** Every stage fails with the same problem: an audit that could not begin still has its report. */
function failingPorts(problem: Problem, clock: Clock): AuditPorts {
  const fail = async () => err(problem);
  return { resolver: { resolve: fail }, scanner: { sbom: fail }, matcher: { database: fail, match: fail }, clock };
}

// What the command line does with the tools themselves lives in the same output, as it runs them too.
export { installManaged } from './tools/install-several.ts';
export { toolsStatus } from './tools/status.ts';

function toolMissing(name: ManagedTool, configured: string | null): Problem {
  const shown = name === 'syft' ? 'Syft' : 'Grype';
  const why =
    configured === null || configured === ''
      ? 'it is neither on PATH nor among the tools that Waybill keeps'
      : `the configured path ${configured} is no program that can be run`;
  const todo = `Install ${shown} ${testedVersion(name)}, or choose its path.`;
  return { code: 'tool-missing', what: `${shown} was not found`, why, todo };
}
