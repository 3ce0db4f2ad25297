// SPDX-License-Identifier: Apache-2.0
// How long one keystroke's lint takes: used by scripts/bench.mjs, the only place where milliseconds are judged.
import { catalogueData } from '../../src/core/catalogue/data.ts';
import { Catalogue } from '../../src/core/catalogue/lookup.ts';
import { lint } from '../../src/core/lint/engine.ts';
import { dockerfileRules } from '../../src/core/rules/index.gen.ts';

const ROUNDS = 300;
/** The first rounds warm the compiler up, as the first keystrokes do. */
const WARM_UP = 60;

/** A Dockerfile such as people write, of about `lines` lines: several stages, ARGs, heredocs, continuations, comments. */
export function longDockerfile(lines: number): string {
  const bases = ['golang:1.27', 'node:22-bookworm-slim', 'python:3.12', 'debian:bookworm', 'alpine:3.20'];
  const text = ['# syntax=docker/dockerfile:1', 'ARG VERSION=1.27', 'ARG SUFFIX=-alpine'];
  for (let stage = 0; text.length < lines - 8; stage++) {
    const base = stage === 0 ? 'golang:${VERSION}${SUFFIX}' : bases[stage % bases.length];
    text.push(
      `FROM --platform=$BUILDPLATFORM ${base} AS stage${stage}`,
      'WORKDIR /src',
      'COPY --link go.mod go.sum ./',
    );
    for (let step = 0; step < 6 && text.length < lines - 8; step++) {
      text.push(
        '# what this step is for, in a sentence',
        'RUN --mount=type=cache,target=/root/.cache apt-get update \\',
        `    && apt-get install --yes --no-install-recommends package-${step} ca-certificates \\`,
        '    && rm -rf /var/lib/apt/lists/*',
        `ENV NAME_${step}="value ${step}" PATH=/opt/${step}/bin:$PATH`,
        'RUN <<EOF',
        'set -eu',
        `curl -fsSL https://example.com/tool-${step}.tar.gz -o /tmp/tool.tgz`,
        'tar -C /opt -xzf /tmp/tool.tgz',
        'EOF',
      );
    }
  }
  text.push(
    'FROM gcr.io/distroless/static-debian13:nonroot',
    'COPY --from=stage0 /src/app /app',
    'EXPOSE 8080',
    'ENTRYPOINT ["/app"]',
  );
  return `${text.join('\n')}\n`;
}

/** Milliseconds of a lint of `lines` lines, parse included; every round is another text, so that nothing is reused. */
export function benchLint(lines = 300): { readonly p50: number; readonly p95: number; readonly findings: number } {
  const catalogue = new Catalogue(catalogueData());
  const text = longDockerfile(lines);
  // All rules, those that are off by default too.
  const severities = Object.fromEntries(dockerfileRules.map(({ slug, severity }) => [slug, severity]));
  const times: number[] = [];
  let findings = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const edited = `${text}# keystroke ${round}\n`;
    const started = performance.now();
    findings = lint(edited, 'dockerfile', { catalogue, severities, today: '2026-11-25' }).findings.length;
    if (round >= WARM_UP) times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), findings };
}
