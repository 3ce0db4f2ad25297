// SPDX-License-Identifier: Apache-2.0
import type { Stage } from '../../dockerfile/model.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { lineage } from '../lineage.ts';
import type { RunCommand, Script } from '../shell/scripts.ts';
import { mountsFiles, packageManagerOf, shellOf } from '../stage-contents.ts';

/** Programs by the kind of packages they handle; within a kind the names are often links to each other. */
const FAMILIES: Readonly<Record<string, string>> = {
  apt: 'apt',
  'apt-get': 'apt',
  'apt-cache': 'apt',
  aptitude: 'apt',
  apk: 'apk',
  dnf: 'rpm',
  dnf5: 'rpm',
  yum: 'rpm',
  microdnf: 'rpm',
  tdnf: 'rpm',
  zypper: 'zypper',
  pacman: 'pacman',
};
const USUAL_PLACE = /^(?:\/(?:usr\/)?s?bin\/)?[a-z0-9-]+$/;

function familyOf(program: string): string | undefined {
  return Object.hasOwn(FAMILIES, program) ? FAMILIES[program] : undefined;
}

/** The kinds that a catalogue's value names, such as `dnf or microdnf`; empty where it names none that is known. */
function familiesIn(value: string): ReadonlySet<string> {
  const words = value.split(/[^a-z0-9-]+/).flatMap((word) => familyOf(word) ?? (word === 'urpmi' ? 'rpm' : []));
  return new Set(words);
}

/** The package managers that commands of these stages install or fetch. */
function installed(scripts: readonly Script[], chain: readonly Stage[]): ReadonlySet<string> {
  const stages = new Set(chain.map(({ index }) => index));
  const families = new Set<string>();
  for (const { stage, commands } of scripts) {
    if (!stages.has(stage.index)) continue;
    for (const { invocation } of commands) {
      for (const { value } of invocation.args) {
        // `apt`, `apk-tools=2.14`, `/usr/local/bin/apk`.
        const [, name = ''] = /^(?:\/(?:[a-z]+\/)*s?bin\/)?([a-z0-9-]+)(?:=.*)?$/.exec(value) ?? [];
        const family = familyOf(name.replace(/-tools$/, ''));
        if (family !== undefined) families.add(family);
      }
    }
  }
  return families;
}

/** The calls of a package manager that are made whatever else happens. */
function callsOf({ commands }: Script): readonly RunCommand[] {
  return commands.filter(
    ({ invocation: { name, program }, conditional }) =>
      !conditional && familyOf(name) !== undefined && USUAL_PLACE.test(program.value),
  );
}

export const packageManagerAbsent = defineRule({
  id: 'WB1031',
  slug: 'package-manager-absent',
  title: 'Package manager that the base does not have',
  language: 'dockerfile',
  severity: 'warning',
  category: 'build',
  since: '0.1.0',
  why: 'A step that calls a package manager of another distribution fails when the image is built. It usually stays behind when a base is changed, for a minimal one above all.',
  controls: controls('CM-2', 'CM-7'),
  examples: {
    bad: [
      {
        text: 'FROM node:24-alpine\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\nUSER node\n',
        note: 'Debian commands on Alpine.',
      },
      {
        text: 'FROM debian:13 AS build\nRUN apk add --no-cache make\nFROM scratch\nCOPY --from=build /a /a\nUSER 1000\n',
        note: 'In a builder as well.',
      },
      {
        text: 'FROM cgr.dev/chainguard/bash:latest\nUSER root\nRUN apk add curl\nUSER 65532\n',
        note: 'A base with a shell and without any package manager.',
      },
    ],
    good: [
      {
        text: 'FROM node:24-slim\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\nUSER node\n',
        note: 'The same commands on Debian, which slim is.',
        nearMiss: true,
      },
      {
        text: 'FROM node:24-alpine\nRUN apk add --no-cache curl\nUSER node\n',
        note: 'The package manager of the base.',
      },
      {
        text: 'FROM debian:13\nRUN if command -v apk; then apk add curl; else apt-get install -y curl; fi\nUSER 1000\n',
        note: 'The script asks first.',
      },
      {
        text: 'FROM fedora:44\nRUN dnf install -y apt && apt update && yum clean all\nUSER 1000\n',
        note: 'Installed before it is used; yum is a link to dnf.',
      },
      {
        text: 'FROM debian:13\nRUN echo "apk add curl" && grep -q apk /etc/os-release || true\nUSER 1000\n',
        note: 'Words, not commands.',
      },
    ],
  },
  refs: ['facts of the catalogue on package managers'],
  *check({ facts, shared, catalogue }) {
    for (const script of shared.scripts) {
      const { stage, instruction, onbuild } = script;
      if (instruction.keyword !== 'RUN' || onbuild || shared.roles[stage.index] === 'unused') continue;
      const called = callsOf(script);
      if (called.length === 0 || mountsFiles(instruction)) continue;
      const manager = packageManagerOf(stage, facts, catalogue);
      if (manager === null || (shared.arrivals[stage.index] ?? 0) < instruction.span.start) continue;
      const has = familiesIn(manager.value);
      if (has.size === 0 && manager.value !== 'none') continue;
      // Without a shell the step cannot even begin, which another rule says.
      if (script.shellForm && shellOf(stage, facts, catalogue)?.value === 'none') continue;
      const others = installed(shared.scripts, lineage(stage, facts));
      const reported = new Set<string>();
      for (const { invocation } of called) {
        const family = familyOf(invocation.name) ?? '';
        if (has.has(family) || others.has(family) || reported.has(family)) continue;
        reported.add(family);
        yield {
          span: invocation.program.span,
          message:
            manager.value === 'none'
              ? `${manager.image} has no package manager, so ${invocation.name} cannot run. Install in a builder stage and copy the result.`
              : `${manager.image} has no ${invocation.name}: its package manager is ${manager.value}. Use that, or another base.`,
          ...manager.limit,
        };
      }
    }
  },
});
