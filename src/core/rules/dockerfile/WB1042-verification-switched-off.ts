// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { settingsOf } from '../environment.ts';
import { instructionsOf } from '../instructions.ts';
import type { Heredoc } from '../../dockerfile/model.ts';
import { invocationOf } from '../shell/invocation.ts';
import type { ShellWord } from '../shell/model.ts';
import type { RunCommand, Script } from '../shell/scripts.ts';
import { switchedOffBy, switchedOffByLine, switchedOffByVariable, type SwitchedOff } from '../shell/verification.ts';

const SENTENCES: Readonly<Record<SwitchedOff['check'], string>> = {
  tls: 'takes any certificate, so nobody knows whom the build talks to. Leave the check on; for a private authority add its certificate instead.',
  signature: 'takes packages that nobody signed. Leave the check on and add the key of the repository instead.',
  checksum: 'takes modules that no checksum database knows. Leave it on, and name only private modules in GOPRIVATE.',
};

/** A switch with its value; a longer value, such as a list of hosts, is left out. */
function shown(name: string, value: string): string {
  return value.length <= 5 ? `${name}=${value}` : name;
}

function* byVariable(words: readonly ShellWord[]): Generator<SwitchedOff> {
  for (const { value: text, literal, span } of words) {
    const [name = '', ...rest] = text.split('=');
    const value = rest.join('=');
    const check = literal ? switchedOffByVariable(name, value) : null;
    if (check !== null) yield { span, what: shown(name, value), check };
  }
}

function* byCommand({ commands }: Script): Generator<SwitchedOff> {
  for (const each of commands) {
    const { invocation, command } = each;
    yield* switchedOffBy(invocation);
    const exported = ['export', 'declare'].includes(invocation.name) ? invocation.args : [];
    const goEnv = invocation.name === 'go' && invocation.args[0]?.value === 'env' ? invocation.args.slice(1) : [];
    yield* byVariable([...invocation.assignments, ...exported, ...goEnv]);
    if (!writes(each)) continue;
    for (const word of command.words) {
      for (const line of writtenLines(invocation.name, word.value)) {
        const found = switchedOffByLine(line);
        if (found === null) continue;
        const { what, check, words } = found;
        const start = word.value.indexOf(words);
        yield { what, check, span: word.placed().span(start, start + words.length) };
      }
    }
  }
}

/** True for a command that puts its words into a file. */
function writes({ invocation: { name }, command, pipeline, place }: RunCommand): boolean {
  if (name === 'sed') return true;
  if (name !== 'echo' && name !== 'printf') return false;
  return (
    command.redirections.some(({ operator }) => operator === '>' || operator === '>>') ||
    pipeline.commands.slice(place + 1).some((later) => invocationOf(later)?.name === 'tee')
  );
}

/** The lines in a word; of `s/old/new/` what comes new. */
function writtenLines(name: string, value: string): readonly string[] {
  const text = name === 'sed' && value.startsWith('s') ? (value.slice(2).split(value.charAt(1))[1] ?? '') : value;
  return text.split(/\\n|\n/);
}

function* byHeredoc({ content, span }: Heredoc): Generator<SwitchedOff> {
  let at: number = span.start;
  for (const line of content.split('\n')) {
    const found = switchedOffByLine(line.replace(/\r$/, ''));
    if (found !== null) {
      const { what, check, words } = found;
      const start = at + line.indexOf(words);
      yield { what, check, span: { start, end: start + words.length } };
    }
    at += line.length + 1;
  }
}

export const verificationSwitchedOff = defineRule({
  id: 'WB1042',
  slug: 'verification-switched-off',
  title: 'Check of certificates or signatures is switched off',
  language: 'dockerfile',
  severity: 'warning',
  category: 'build',
  since: '0.1.0',
  why: 'TLS certificates, package signatures and checksum databases are what ties a download to its author. With the check off, anybody between the build and the server decides what comes into the image.',
  controls: controls('SC-8', 'SC-8(1)', 'SI-7', 'SI-7(1)', 'SR-11', 'CM-14'),
  examples: {
    bad: [
      {
        text: 'FROM debian:13\nRUN curl -fsSLk https://example.com/tool -o /bin/tool\nUSER 1000\n',
        note: 'In a cluster of options.',
      },
      {
        text: 'FROM alpine:3.24 AS build\nRUN apk add --no-cache --allow-untrusted ./tool.apk\nFROM scratch\nCOPY --from=build /bin/tool /\nUSER 1000\n',
        note: 'In a builder whose result is shipped.',
      },
      {
        text: 'FROM node:24\nENV NODE_TLS_REJECT_UNAUTHORIZED=0\nRUN npm ci\nUSER node\n',
        note: 'By a variable; this one even holds at run time.',
      },
      {
        text: 'FROM debian:13\nRUN echo "deb [arch=amd64 trusted=yes] https://example.com/apt stable main" > /etc/apt/sources.list.d/x.list\nUSER 1000\n',
        note: 'In a file of the package manager.',
      },
      {
        text: 'FROM fedora:44\nRUN <<EOF\ndnf -y --setopt=sslverify=0 --nogpgcheck install tool\nGIT_SSL_NO_VERIFY=true git clone https://example.com/x.git\npip install --trusted-host pypi.example.com tool\nEOF\nUSER 1000\n',
        note: 'Options and variables of several tools, in a heredoc.',
      },
      {
        text: 'FROM fedora:44\nCOPY <<EOF /etc/yum.repos.d/x.repo\n[x]\nbaseurl=https://example.com/x\ngpgcheck=0\nEOF\nUSER 1000\n',
        note: 'In a file that the Dockerfile writes.',
      },
    ],
    good: [
      {
        text: 'FROM debian:13\nRUN curl -fsSLokubectl https://example.com/kubectl\nUSER 1000\n',
        note: 'The k belongs to the name of the file behind -o.',
        nearMiss: true,
      },
      {
        text: 'FROM debian:13\nUSER 1000\nHEALTHCHECK CMD curl -fk https://localhost:8443/health || exit 1\n',
        note: 'The machine itself, with its own certificate.',
      },
      {
        text: 'FROM golang:1.27 AS build\nENV GOPRIVATE=git.example.com GONOSUMDB=git.example.com\nRUN go build ./...\nFROM scratch\nUSER 1000\n',
        note: 'Private modules by name; this builder is not even used.',
      },
      {
        text: 'FROM node:24\nARG STRICT\nENV NODE_TLS_REJECT_UNAUTHORIZED=1 NPM_CONFIG_STRICT_SSL=$STRICT\nRUN echo "never use curl -k or --insecure" && echo "gpgcheck=0 is wrong" > /README\nUSER node\n',
        note: 'Switched on, unknown, and only spoken of.',
      },
    ],
  },
  refs: ['Manual pages of curl, wget, apk, apt, dnf, git, pip and npm', 'Go: module authentication'],
  *check({ facts, shared }) {
    const found: SwitchedOff[] = [];
    for (const script of shared.scripts) {
      if (shared.roles[script.stage.index] !== 'unused') found.push(...byCommand(script));
    }
    for (const { instruction, stage } of instructionsOf(facts)) {
      if (shared.roles[stage.index] === 'unused') continue;
      for (const { name, value, literal, span } of settingsOf(instruction)) {
        const check = value !== null && literal ? switchedOffByVariable(name, value) : null;
        if (check !== null) found.push({ span, what: shown(name, value ?? ''), check });
      }
      for (const heredoc of instruction.heredocs) found.push(...byHeredoc(heredoc));
    }
    const seen = new Set<string>();
    for (const { span, what, check } of found) {
      const key = `${span.start}:${span.end}`;
      if (seen.has(key)) continue;
      seen.add(key);
      yield { span, message: `${what} ${SENTENCES[check]}` };
    }
  },
});
