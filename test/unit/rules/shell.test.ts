// SPDX-License-Identifier: Apache-2.0
// What the rules see of RUN, CMD, ENTRYPOINT and HEALTHCHECK: commands, their words, and where these stand.
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { parseShell } from '../../../src/core/rules/shell/parse.ts';
import { PlacedText } from '../../../src/core/rules/shell/placed-text.ts';
import { scriptsOf, type RunCommand } from '../../../src/core/rules/shell/scripts.ts';
import { stageRoles } from '../../../src/core/rules/stage-roles.ts';

function commandsOf(text: string): readonly RunCommand[] {
  return scriptsOf(parseDockerfile(text)).flatMap(({ commands }) => commands);
}

/** `name arg arg`, one line a command. */
function shown(text: string): readonly string[] {
  return commandsOf(text).map(({ invocation: { name, args } }) => [name, ...args.map(({ value }) => value)].join(' '));
}

const run = (script: string): readonly string[] => shown(`FROM debian:13\nRUN ${script}\n`);

describe('the shell reader', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['lists and pipes', 'a 1 && b 2 | c 3 || d; e & f', ['a 1', 'b 2', 'c 3', 'd', 'e', 'f']],
    ['quotes', `a 'x | y' "p && q" r\\ s "it\\"s" $'n\\n'`, ['a x | y p && q r s it"s n\\n']],
    ['an operator in quotes and behind an escape', 'echo "a | sh" \\| sh', ['echo a | sh | sh']],
    ['starters', 'sudo -E -u root env A=b timeout -k 5 30 nice -n 5 curl -k x', ['curl -k x']],
    ['a path', '/usr/bin/apk add x', ['apk add x']],
    ['command -v as a question', 'command -v apk', ['command -v apk']],
    ['assignments', 'A=1 B="2 3" c d', ['c d']],
    ['an assignment alone', 'A=1', []],
    ['substitutions', 'x "$(a b | c)" `d e` <(f g)', ['x $(a b | c) `d e` <(f g)', 'a b', 'c', 'd e', 'f g']],
    ['sh -c', `bash -euxo pipefail -c 'a 1 | b'`, ['bash -euxo pipefail -c a 1 | b', 'a 1', 'b']],
    ['su -c', `su - app -c "a 1"`, ['su - app -c a 1', 'a 1']],
    ['groups', '(a 1; b) | c && { d; e; } | f', ['a 1', 'b', 'c', 'd', 'e', 'f']],
    ['conditions', 'if a; then b; elif ! c; then d; else e; fi; f', ['a', 'b', 'c', 'd', 'e', 'f']],
    ['loops', 'for x in 1 2; do a $x; done; while b; do c; done', ['for x in 1 2', 'a $x', 'b', 'c']],
    ['case', 'case "$a" in x|y) b 1 ;; z) c ;; *) d; esac; e', ['b 1', 'c', 'd', 'e']],
    ['functions', 'f() { a 1; }; f', ['a 1', 'f']],
    ['arrays and arithmetic', 'A=(1 2); b $((1 + (2 * 3))) ${C:-$(d "}")}', ['b $((1 + (2 * 3))) ${C:-$(d "}")}']],
    ['tests with operators', '[[ $a == b || ( $c < d ) ]] && e', ['[[ $a == b $c d ]]', 'e']],
    ['redirections', 'a >b 2>&1 <c &>>d && e 2>/dev/null f', ['a', 'e f']],
    ['a comment', 'a # b && c', ['a']],
    ['a hash inside a word', 'a#b c', ['a#b c']],
    ['an unfinished quote', `a "b && c`, ['a b && c']],
  ];
  for (const [name, script, expected] of cases) it(`reads ${name}`, () => assert.deepEqual(run(script), expected));

  it('joins continuation lines, leaves comment lines out and keeps the places', () => {
    const text = 'FROM debian:13\r\nRUN a && \\\r\n  # not | this\r\n\r\n  curl -k \\\r\n   "ht\\\r\ntps://x" | sh\r\n';
    assert.deepEqual(shown(text), ['a', 'curl -k https://x', 'sh']);
    const curl = commandsOf(text)[1]?.invocation;
    assert.ok(curl !== undefined);
    const slice = ({ start, end }: { start: number; end: number }): string => text.slice(start, end);
    assert.equal(slice(curl.program.span), 'curl');
    assert.equal(slice(curl.args[0]?.span ?? { start: 0, end: 0 }), '-k');
    assert.equal(slice(curl.args[1]?.span ?? { start: 0, end: 0 }), '"ht\\\r\ntps://x"');
  });

  it('follows the escape directive', () => {
    assert.deepEqual(shown('# escape=`\nFROM debian:13\nSHELL ["/bin/sh", "-c"]\nRUN a && `\n  b c\\d\n'), [
      'a',
      'b cd',
    ]);
  });

  it('places words inside sh -c, JSON arrays and escapes', () => {
    const text = 'FROM debian:13\nRUN ["sh", "-c", "a \\"b c\\" && curl -k x"]\nCMD sh -c "d \\"e f\\" g"\n';
    const commands = commandsOf(text);
    const places = commands.flatMap(({ invocation: { args } }) =>
      args.map(({ span }) => text.slice(span.start, span.end)),
    );
    assert.deepEqual(places.slice(-6), ['-k', 'x', '-c', '"d \\"e f\\" g"', '"e f\\"', 'g']);
  });

  it('reads heredocs that a shell reads, and no others', () => {
    assert.deepEqual(shown('FROM debian:13\nRUN <<EOF\na 1 | b\ncat <<X >f\nc | sh\nX\nd\nEOF\nRUN e\n'), [
      'a 1',
      'b',
      'cat',
      'd',
      'e',
    ]);
    assert.deepEqual(shown('FROM debian:13\nRUN <<EOF\n#!/usr/bin/env python3\na | b\nEOF\n'), []);
    assert.deepEqual(shown('FROM debian:13\nRUN <<EOF\n#!/bin/bash -e\na\nEOF\n'), ['a']);
    assert.deepEqual(shown('FROM debian:13\nRUN bash -ex <<EOF\na\nEOF\nRUN python3 <<EOF\nb\nEOF\n'), [
      'bash -ex',
      'a',
      'python3',
    ]);
    assert.deepEqual(shown('FROM debian:13\nCOPY <<EOF /x\na | sh\nEOF\n'), []);
  });

  it('reads no script of another shell, and follows SHELL into stages', () => {
    assert.deepEqual(shown('FROM x AS a\nSHELL ["pwsh", "-c"]\nRUN b | sh\nFROM a\nRUN c\nRUN ["d", "e"]\n'), ['d e']);
    assert.deepEqual(shown('FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\nRUN a\n'), []);
    assert.deepEqual(shown('FROM x\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN a\n'), ['a']);
  });

  it('reads HEALTHCHECK and what ONBUILD triggers', () => {
    const text =
      'FROM x\nHEALTHCHECK --interval=5s CMD a b || exit 1\nHEALTHCHECK CMD ["c", "d"]\nHEALTHCHECK NONE\nONBUILD RUN e f\n';
    assert.deepEqual(shown(text), ['a b', 'exit 1', 'c d', 'e f']);
    assert.deepEqual(
      scriptsOf(parseDockerfile(text)).map(({ onbuild }) => onbuild),
      [false, false, true],
    );
  });

  it('knows what may not run', () => {
    const uncertain = (script: string): readonly string[] =>
      commandsOf(`FROM x\nRUN ${script}\n`).flatMap(({ conditional, invocation }) =>
        conditional ? [invocation.name] : [],
      );
    assert.deepEqual(uncertain('a; if b; then c; fi; d'), ['b', 'c']);
    assert.deepEqual(uncertain('a || b; c'), ['a', 'b']);
    assert.deepEqual(uncertain('for x in 1; do a; done; case y in z) b;; esac; c'), ['b']);
  });

  it('never fails, keeps every place inside, and ends on hostile text', () => {
    const pieces = [
      'a',
      ' ',
      '"',
      "'",
      '`',
      '$(',
      ')',
      '(',
      '{ ',
      '}',
      '${',
      '|',
      '&&',
      ';',
      '\n',
      '\\',
      '<<E',
      '<(',
      '#',
      'if ',
      'case ',
      'fi',
      '[[ ',
      '$',
      '>',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), (parts) => {
        const text = parts.join('');
        const words: { start: number; end: number }[] = [];
        const walk = (list: ReturnType<typeof parseShell>): void => {
          for (const { commands } of list)
            for (const command of commands) {
              for (const word of [...command.words, ...command.assignments]) {
                words.push(word.span);
                word.substitutions.forEach(walk);
              }
              if (command.group !== null) walk(command.group);
            }
        };
        walk(parseShell(new PlacedText(text, 0)));
        for (const { start, end } of words) assert.ok(start >= 0 && start <= end && end <= text.length);
      }),
      { numRuns: 3000 },
    );
    for (const piece of ['$(', '`', '(', '{ ', '${', '$((', '<(', '"$(', '<<E ', 'if ', '[[ ', '\\', '"', "'"]) {
      parseShell(new PlacedText(piece.repeat(40_000), 0));
    }
  });
});

describe('roles of stages', () => {
  const roles = (text: string): readonly string[] => stageRoles(parseDockerfile(text));

  it('follows bases, COPY and mounts', () => {
    assert.deepEqual(
      roles(
        'FROM a AS one\nFROM one AS two\nFROM b AS three\nFROM c AS four\nFROM d AS five\nFROM e AS base\n' +
          'FROM base\nCOPY --from=two / /\nRUN --mount=type=bind,from=three,target=/x a\nONBUILD COPY --from=3 / /\n',
      ),
      ['builder', 'builder', 'builder', 'builder', 'unused', 'final', 'final'],
    );
    assert.deepEqual(roles(''), []);
  });

  it('takes a stage that is base and builder for what is shipped', () => {
    assert.deepEqual(roles('FROM a AS base\nFROM base AS build\nFROM base\nCOPY --from=build / /\n'), [
      'final',
      'builder',
      'final',
    ]);
  });
});
