// SPDX-License-Identifier: Apache-2.0
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { downloadsToOutput } from '../shell/download.ts';
import { fetchedRuns } from '../shell/fetched-files.ts';
import { isInterpreter, isShell } from '../shell/interpreters.ts';
import { invocationOf, type Invocation } from '../shell/invocation.ts';
import type { ShellCommand, ShellList, ShellWord } from '../shell/model.ts';
import type { RunCommand } from '../shell/scripts.ts';

/** `-s` and `-` say that the program comes from standard input; what follows them is for the program. */
const FROM_INPUT = new Set(['-s', '-', '/dev/stdin']);

/** The download whose output a command gives, also from inside ( ) and { }. */
function downloadIn(command: ShellCommand): string | null {
  const invocation = invocationOf(command);
  if (invocation !== null) return downloadsToOutput(invocation) ? invocation.name : null;
  return command.group === null ? null : downloadOf(command.group);
}

function downloadOf(list: ShellList): string | null {
  for (const { commands } of list) {
    const first = commands[0];
    const found = first === undefined ? null : downloadIn(first);
    if (found !== null) return found;
  }
  return null;
}

/** True for an interpreter that reads its program from standard input. */
function readsProgram({ name, args }: Invocation): boolean {
  if (!isInterpreter(name)) return false;
  for (let at = 0; at < args.length; at++) {
    const { value } = args[at] ?? { value: '' };
    if (FROM_INPUT.has(value)) return true;
    if (!isShell(name)) return false;
    if (value === '--') return at === args.length - 1;
    if (/^-[A-Za-z]*c$/.test(value)) return false;
    if (/^-[A-Za-z]+$/.test(value) && value.includes('s')) return true;
    if (/^[-+][A-Za-z]*[oO]$/.test(value)) at++;
    else if (!/^[-+]/.test(value)) return false;
  }
  return true;
}

/** The words of a command that are run as a program: of `sh -c X`, `eval X`, `sh <(X)`, `. <(X)`. */
function programWords({ name, args }: Invocation): readonly ShellWord[] {
  if (name === 'eval') return args;
  if (name === '.' || name === 'source') return args.slice(0, 1);
  if (!isInterpreter(name)) return [];
  const option = args.findIndex(({ value }) => /^-[A-Za-z]*[ce]$/.test(value));
  if (option >= 0) return args.slice(option + 1, option + 2);
  const script = args.find(({ value }) => !/^[-+]/.test(value));
  return script === undefined ? [] : [script];
}

/** The download that a command runs, by the name of its program; null where it runs none. */
function runDownload({ invocation, command, pipeline, place }: RunCommand): string | null {
  if (readsProgram(invocation)) {
    for (const earlier of pipeline.commands.slice(0, place)) {
      const found = downloadIn(earlier);
      if (found !== null) return found;
    }
    for (const { operator, target } of command.redirections) {
      const found = operator === '<<<' || operator === '<' ? firstDownload([target]) : null;
      if (found !== null) return found;
    }
  }
  return firstDownload(programWords(invocation));
}

/** A word counts where it begins with the download: in `sh -c "V=$(curl …) && x"` the download is only a value. */
function firstDownload(words: readonly ShellWord[]): string | null {
  const lists = words.flatMap(({ value, substitutions }) =>
    /^(?:[$<]\(|`)/.test(value) ? substitutions.slice(0, 1) : [],
  );
  for (const list of lists) {
    const found = downloadOf(list);
    if (found !== null) return found;
  }
  return null;
}

export const downloadPipedToShell = defineRule({
  id: 'WB1041',
  slug: 'download-piped-to-shell',
  title: 'Download is run without being looked at',
  language: 'dockerfile',
  severity: 'warning',
  category: 'build',
  since: '0.1.0',
  why: 'A script that goes from the network straight into a shell is run as it comes: no checksum and no signature is looked at, a broken transfer runs in part, and the next build may get another script.',
  controls: controls('SI-7', 'SI-7(1)', 'SR-3', 'SR-11'),
  examples: {
    bad: [
      {
        text: 'FROM debian:13 AS build\nRUN curl -fsSL https://example.com/install.sh | bash\nFROM scratch\nCOPY --from=build /opt /opt\nUSER 1000\n',
        note: 'The usual form.',
      },
      {
        text: 'FROM debian:13\nRUN set -o pipefail && \\\n    wget -qO- https://example.com/install.sh \\\n    | sudo -E sh -s -- --prefix /opt\nUSER 1000\n',
        note: 'With options for the script, over several lines.',
      },
      {
        text: 'FROM debian:13\nRUN sh -c "$(curl -fsSL https://example.com/install.sh)"\nUSER 1000\n',
        note: 'By substitution.',
      },
      {
        text: 'FROM debian:13\nRUN <<EOF\nbash <(curl -fsSL https://example.com/install.sh)\ncurl -fsSL https://example.com/get.py | python3 -\nEOF\nUSER 1000\n',
        note: 'In a heredoc, and into another interpreter.',
      },
      {
        text: 'FROM debian:13\nWORKDIR /tmp\nRUN curl -fsSLo install.sh https://example.com/install.sh && chmod +x install.sh\nRUN /tmp/install.sh --prefix /opt\nUSER 1000\n',
        note: 'Through a file, in a later step.',
      },
    ],
    good: [
      {
        text: 'FROM debian:13\nRUN curl -fsSLo install.sh https://example.com/install.sh \\\n  && echo "0000  install.sh" | sha256sum -c \\\n  && sh install.sh\nUSER 1000\n',
        note: 'To a file, compared, then run.',
        nearMiss: true,
      },
      {
        text: 'FROM debian:13\nRUN curl -fsSL https://example.com/tool.tar.gz | tar -xz -C /opt\nUSER 1000\n',
        note: 'Into tar: nothing of it runs here.',
        nearMiss: true,
      },
      {
        text: 'FROM debian:13\nRUN curl -fsSL https://example.com/version.json | python3 -c "import json,sys; print(json.load(sys.stdin))"\nUSER 1000\n',
        note: 'The program is in the file; the download is only its input.',
      },
      {
        text: 'FROM debian:13\nRUN echo "curl https://example.com/install.sh | sh" > /README # | sh\nUSER 1000\n',
        note: 'A text that says so, and a comment.',
      },
    ],
  },
  refs: ['POSIX shell: pipelines and command substitution'],
  *check({ facts, shared }) {
    for (const { stage, commands } of shared.scripts) {
      if (shared.roles[stage.index] === 'unused') continue;
      for (const command of commands) {
        const download = runDownload(command);
        if (download === null) continue;
        const { program } = command.invocation;
        yield {
          span: program.span,
          message: `${program.value} runs what ${download} fetches before anybody could look at it. Save it to a file, compare its checksum or signature, then run it.`,
        };
      }
    }
    const reported = new Set<number>();
    for (const { script, word, by, place } of fetchedRuns(facts, shared.scripts)) {
      if (shared.roles[script.stage.index] === 'unused' || reported.has(place.start)) continue;
      reported.add(place.start);
      yield {
        span: word.span,
        message: `${word.value} is run as ${by} fetched it, and nothing compares it with what its author made. Compare its checksum or signature first.`,
        related: [{ span: place, message: 'It is fetched here.' }],
      };
    }
  },
});
