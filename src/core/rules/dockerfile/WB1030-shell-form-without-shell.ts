// SPDX-License-Identifier: Apache-2.0
import type { DockerfileFacts, Stage } from '../../dockerfile/model.ts';
import type { Fix, RawFinding } from '../../model/finding.ts';
import { controls } from '../controls.ts';
import { defineRule } from '../define.ts';
import { lineage } from '../lineage.ts';
import { isShell } from '../shell/interpreters.ts';
import type { ShellWord } from '../shell/model.ts';
import type { Script } from '../shell/scripts.ts';
import { mountsFiles, shellOf, type Known } from '../stage-contents.ts';

const ADVICE: Readonly<Record<string, string>> = {
  RUN: 'Move the step into a builder stage, or write it as a JSON array that starts a program of the image.',
  CMD: 'Write it as a JSON array.',
  ENTRYPOINT: 'Write it as a JSON array.',
  HEALTHCHECK: 'Write the command behind CMD as a JSON array that starts a program of the image.',
};

/** The JSON array that means the same, where the shell would have done nothing but split words. */
function execForm({ instruction, lists }: Script, { source }: DockerfileFacts): Fix | null {
  const command = lists[0]?.[0]?.commands[0];
  if (command === undefined) return null;
  if (command.group !== null || command.assignments.length > 0 || command.redirections.length > 0) return null;
  const words = command.words[0]?.value === 'exec' ? command.words.slice(1) : command.words;
  const [first] = words;
  if (first === undefined) return null;
  const last = words.at(-1) ?? first;
  if (words.some(({ value, literal }) => !literal || /[*?[\]{}~!$`\\]/.test(value) || /[^ -~]/.test(value)))
    return null;
  const start = command.words[0]?.span.start ?? first.span.start;
  const { end } = instruction.argumentsSpan;
  // Over several lines comments would be lost; anything behind the last word is one, or another command.
  if (source.slice({ start, end }).includes('\n') || last.span.end !== end) return null;
  return {
    title: 'Write it as a JSON array',
    preferred: true,
    edits: [{ span: { start, end }, newText: `[${words.map(({ value }) => JSON.stringify(value)).join(', ')}]` }],
  };
}

/** The shell that an exec form starts, where such a program usually is; null where it starts another. */
function startedShell({ commands }: Script): ShellWord | null {
  const program = commands[0]?.invocation.program;
  const [, name = ''] = /^(?:\/(?:usr\/)?bin\/)?([a-z]+)$/.exec(program?.value ?? '') ?? [];
  return program !== undefined && isShell(name) ? program : null;
}

/** What is to be said of a script on a base without a shell; null where it starts none. */
function finding(script: Script, { image, limit }: Known, facts: DockerfileFacts): RawFinding | null {
  const { keyword, keywordSpan } = script.instruction;
  if (script.shellForm) {
    const fix = keyword === 'RUN' ? null : execForm(script, facts);
    return {
      span: keywordSpan,
      message: `${image} has no shell, so ${keyword} in shell form cannot work. ${ADVICE[keyword] ?? ''}`,
      ...limit,
      ...(fix === null ? {} : { fixes: [fix] }),
    };
  }
  const program = startedShell(script);
  if (program === null) return null;
  const advice =
    keyword === 'RUN' ? 'Move the step into a builder stage.' : 'Start the program itself, without a shell around it.';
  return {
    span: program.span,
    message: `${image} has no shell, so ${keyword} cannot start ${program.value}. ${advice}`,
    ...limit,
  };
}

/** The CMD, ENTRYPOINT and HEALTHCHECK that count in the end: the last of each along what a stage is built on. */
function effective(chain: readonly Stage[], scripts: readonly Script[]): readonly Script[] {
  const last = (keyword: string): Script | undefined => {
    for (const stage of chain) {
      const found = scripts.findLast(
        (script) => script.stage.index === stage.index && script.instruction.keyword === keyword && !script.onbuild,
      );
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const [command, entrypoint, health] = [last('CMD'), last('ENTRYPOINT'), last('HEALTHCHECK')];
  // To an ENTRYPOINT a CMD is only a list of arguments.
  return [entrypoint === undefined ? command : undefined, entrypoint, health].filter((each) => each !== undefined);
}

export const shellFormWithoutShell = defineRule({
  id: 'WB1030',
  slug: 'shell-form-without-shell',
  title: 'Shell form on a base without a shell',
  language: 'dockerfile',
  severity: 'warning',
  category: 'build',
  since: '0.1.0',
  why: 'In shell form the builder or the runtime starts /bin/sh with the text as its argument. Minimal bases have no /bin/sh: RUN fails in the build, CMD and ENTRYPOINT when the container starts, and HEALTHCHECK reports it as unhealthy.',
  controls: controls('CM-2', 'CM-6', 'CM-7'),
  examples: {
    bad: [
      {
        text: 'FROM gcr.io/distroless/static-debian13:nonroot\nCOPY app /app/\nCMD /app/app --listen :8080\n',
        note: 'CMD would need /bin/sh when the container starts.',
      },
      {
        text: 'FROM scratch\nCOPY app /app/\nRUN chmod +x /app/app\nUSER 1000\nENTRYPOINT ["/app/app"]\n',
        note: 'RUN on an empty file system.',
      },
      {
        text: 'FROM gcr.io/distroless/base-debian13:nonroot AS base\nFROM base\nHEALTHCHECK CMD wget -q http://localhost/ || exit 1\nENTRYPOINT ["/app/app"]\n',
        note: 'HEALTHCHECK, with the base in another stage.',
      },
      {
        text: 'FROM scratch\nCOPY app /app/\nUSER 1000\nRUN ["/bin/sh", "-c", "ls /app"]\nENTRYPOINT ["/app/app"]\n',
        note: 'A JSON array that starts a shell is no better.',
      },
      {
        text: 'FROM gcr.io/distroless/static-debian13:nonroot\nCOPY app /app/\nCMD ["/bin/sh", "-c", "/app/app --listen :8080"]\n',
        note: 'In CMD as well.',
      },
    ],
    good: [
      {
        text: 'FROM gcr.io/distroless/static-debian13:nonroot\nCOPY app /app/\nCMD ["/app/app", "--listen", ":8080"]\n',
        note: 'The exec form starts the program itself.',
        nearMiss: true,
      },
      {
        text: 'FROM gcr.io/distroless/static-debian13:debug-nonroot\nCMD /app/app\n',
        note: 'The debug variant has a shell, wherever it is.',
      },
      {
        text: 'FROM scratch\nADD rootfs.tar.gz /\nRUN echo ok\nUSER 1000\nCMD echo ok\n',
        note: 'The archive may well bring a shell.',
      },
      {
        text: 'FROM gcr.io/distroless/static-debian13:nonroot\nRUN --mount=type=bind,from=busybox:1.37,source=/bin,target=/bin ls /\nCMD app --help\nCMD ["/app"]\n',
        note: 'A mount brings the shell; of two CMD the last one counts.',
      },
      {
        text: 'FROM node:24-slim\nUSER node\nCMD node a.js\n',
        note: 'A base with a shell; the form is a matter of style.',
      },
    ],
  },
  refs: ['Dockerfile reference: shell and exec form', 'facts of the catalogue on shells'],
  *check({ facts, shared, catalogue }) {
    const shells = facts.stages.map((stage) =>
      shared.roles[stage.index] === 'unused' ? null : shellOf(stage, facts, catalogue),
    );
    /** Stages whose SHELL names another shell than /bin/sh, or stands on such a stage. */
    const ownShell = facts.stages.map((stage) =>
      lineage(stage, facts).some(({ instructions }) => instructions.some(({ keyword }) => keyword === 'SHELL')),
    );
    for (const script of shared.scripts) {
      const { stage, instruction, onbuild } = script;
      const shell = shells[stage.index];
      if (instruction.keyword !== 'RUN' || onbuild || shell?.value !== 'none') continue;
      if (ownShell[stage.index] === true || (shared.arrivals[stage.index] ?? 0) < instruction.span.start) continue;
      if (mountsFiles(instruction)) continue;
      const found = finding(script, shell, facts);
      if (found !== null) yield found;
    }
    for (const final of facts.stages.filter((stage) => stage.final)) {
      const shell = shells[final.index];
      if (shell?.value !== 'none' || ownShell[final.index] === true) continue;
      if (shared.arrivals[final.index] !== Number.POSITIVE_INFINITY) continue;
      for (const script of effective(lineage(final, facts), shared.scripts)) {
        const found = finding(script, shell, facts);
        if (found !== null) yield found;
      }
    }
  },
});
