// SPDX-License-Identifier: Apache-2.0
// Dockerfiles made from a grammar or by damaging given ones: the same seed makes the same files.

export interface MadeFile {
  readonly text: string;
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** A small seeded generator of numbers (mulberry32): the same on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    const picked = choices[this.below(choices.length)];
    if (picked === undefined) throw new Error('Nothing to pick from.');
    return picked;
  }

  many<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }
}

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const IMAGES = [
  'alpine',
  'alpine:3.20',
  'node:24-bookworm-slim',
  'docker.io/library/debian:13',
  'index.docker.io/library/golang:1.26',
  'localhost:5000/team/app:1.0',
  'registry.example.com:8443/a/b/c',
  'gcr.io/distroless/static-debian13:nonroot',
  `alpine:3.20@${DIGEST}`,
  `cgr.dev/chainguard/node@${DIGEST}`,
  'scratch',
  'SCRATCH',
  'Alpine',
  'alpine:',
  'a_b.c/x',
  '[::1]:5000/x',
  'team/../x',
  'x@sha256:00',
  'über/alles',
  'build',
  'base',
  'BUILD',
  '0',
  '$BASE',
  '${BASE}',
  '"alpine"',
  "'alpine:3'",
  'alp"ine:3"',
  '-alpine',
  '--platform=x',
];
const NAMES = ['BASE', 'V', 'TAG', 'IMG', 'A', 'a', '_x', 'TARGETARCH', 'BUILDPLATFORM', 'TARGETSTAGE', 'É'];
const STAGES = ['build', 'base', 'Build', 'BASE', 'deps', 'a.b-c_d', '0', '1x', 'alpine', 'scratch', 'é', 'İx', 'x!'];
const WORDS = ['3', '3.20', 'alpine', '-slim', ':', '/', 'x', '""', "''", '*', '?', '\\', ' ', '.', 'bookworm', '@'];
const FLAGS = [
  '--platform=linux/amd64',
  '--platform=$BUILDPLATFORM',
  '--platform="linux/arm64"',
  '--platform=',
  '--platform',
  '--link',
  '--from=build',
  '--',
  '--platform=lin\\ ux',
  '--ünï=1',
  "--platform='a b'",
];
const KEYWORDS = ['FROM', 'from', 'From', 'ſrom', 'FRÖM'];
const DIRECTIVES = [
  '# syntax=docker/dockerfile:1\n',
  '#syntax = docker/dockerfile:1\r\n',
  '# escape=`\n',
  '# escape=\\\n',
  '# check=skip=all\n',
  '# escape=x\n',
  '# a comment\n',
  '\n',
  '# Escape=`\n# escape=`\n',
  ' \t# escape=`\n',
  '#escape\n',
];

/** One `$…` with or without a modifier, sometimes one that BuildKit refuses. */
function variable(random: Random, depth: number): string {
  const name = random.pick(NAMES);
  const inner = (): string => word(random, depth + 1);
  switch (random.below(14)) {
    case 0:
    case 1:
      return `$${name}`;
    case 2:
    case 3:
      return `\${${name}}`;
    case 4:
      return `\${${name}:-${inner()}}`;
    case 5:
      return `\${${name}-${inner()}}`;
    case 6:
      return `\${${name}:+${inner()}}`;
    case 7:
      return `\${${name}+${inner()}}`;
    case 8:
      return `\${${name}:?${inner()}}`;
    case 9:
      return `\${${name}#${random.chance(0.5) ? '#' : ''}${inner()}}`;
    case 10:
      return `\${${name}%${random.chance(0.5) ? '%' : ''}${inner()}}`;
    case 11:
      return `\${${name}/${random.chance(0.5) ? '/' : ''}${inner()}/${inner()}}`;
    case 12:
      return `\${${name}${random.pick([':', '^', '!', '', '~x', ':#a', '@', '?'])}}`;
    default:
      return random.pick(['$', '$$', '${', '${}', '$1', '${1}', '$@', '\\$A', '`$A', "'$A'", '"$A"', '"${A:-"x"}"']);
  }
}

function word(random: Random, depth = 0): string {
  if (depth > 3) return random.pick(WORDS);
  return random
    .many(3, () => (random.chance(0.45) ? variable(random, depth) : random.pick(random.chance(0.5) ? IMAGES : WORDS)))
    .join('');
}

function blank(random: Random, sound = false): string {
  return sound || random.chance(0.85)
    ? ' '
    : random.pick([
        '  ',
        '\t',
        ' \\\n',
        ' \\\n  # inside\n ',
        ' `\n',
        '\\\r\n',
        '\u00a0',
        '\v',
        ' \\  \n',
        '\\\n\n',
        ' ',
      ]);
}

function from(random: Random, sound: boolean): string {
  const parts = [random.chance(0.9) || sound ? random.pick(['FROM', 'FROM', 'from']) : random.pick(KEYWORDS)];
  if (random.chance(0.25)) parts.push(random.pick(sound ? FLAGS.slice(0, 4) : FLAGS));
  parts.push(random.chance(0.6) ? random.pick(IMAGES) : word(random).replaceAll(sound ? /\s/g : /^$/g, ''));
  if (parts.at(-1) === '') parts.push('$A');
  if (random.chance(0.5)) {
    parts.push(random.pick(['AS', 'as', 'As', 'aſ', ...(sound ? [] : ['ASS'])]));
    parts.push(random.pick(sound ? STAGES.slice(0, 6) : STAGES));
  }
  if (!sound && random.chance(0.04)) parts.push(random.pick(['# comment', 'extra', 'AS']));
  return parts.filter((part) => part !== '').reduce((line, part) => line + blank(random, sound) + part);
}

function arg(random: Random, sound: boolean): string {
  const one = (): string => {
    const name = random.pick(NAMES);
    if (random.chance(0.2)) return name;
    const value = random.chance(0.5) ? random.pick(IMAGES) : word(random);
    const quote = random.pick(['', '', '', '"', "'"]);
    return `${name}=${quote}${value}${quote}`;
  };
  return `${random.pick(['ARG', 'ARG', 'arg'])}${blank(random, sound)}${[one(), ...random.many(2, one)].join(blank(random, sound))}`;
}

function heredoc(random: Random): string {
  const name = random.pick(['EOF', 'E_1', '"EOF"', "'E F'", 'EOF"x"', '$A', '']);
  const plain = name.replaceAll(/["']/g, '');
  const chomp = random.pick(['', '', '-']);
  const end = random.pick([plain, plain, plain, `\t${plain}`, `${plain} `, 'OTHER']);
  return `${random.pick(['RUN', 'COPY', 'ADD', 'ONBUILD RUN'])} ${random.pick(['', '', 'cat ', '3'])}<<${chomp}${name}${random.pick(['', ' /x', ' | sh'])}\nFROM inside\n${random.pick(['', '# x\n', 'a \\\n', '\t\n'])}${end}`;
}

/** Instructions that a builder takes. */
const SOUND = [
  'RUN apk add x',
  'RUN ["a", "b"]',
  'RUN --mount=type=cache,target=/x,from=build true',
  'RUN --network=none true',
  'COPY a b',
  'COPY --from=build --link --chmod=755 a b',
  'ADD --unpack a b',
  'ENV A=1 B="2 3"',
  'ENV A 1 2',
  'LABEL "a b"=c',
  'EXPOSE 80',
  'USER root',
  'WORKDIR /x y',
  'VOLUME ["/x"]',
  'STOPSIGNAL SIGTERM',
  'HEALTHCHECK --interval=5s CMD true',
  'SHELL ["/bin/sh", "-c"]',
  'ONBUILD RUN x',
  '# a comment',
  '# check=skip=all',
  'RUN a \\\n# comment\n  b',
  'RUN echo \\\\',
  'RUN <<EOF\nFROM inside\nEOF',
  'COPY <<a <<b /x/\nA\na\nB\nb',
];
const OTHERS = [
  ...SOUND,
  'RUN ["a", 1]',
  'RUN --mount=from=$A,target=/x true',
  'RUN --network=x true',
  'RUN --security=insecure true',
  'RUN',
  'CMD ["a"]',
  'CMD',
  'ENTRYPOINT a b',
  'COPY a',
  'COPY --link=maybe a b',
  'COPY ["a", "b c"]',
  'ADD --checksum=x https://a/b /',
  'ENV A',
  'ENV =1',
  'LABEL a=b c',
  'EXPOSE',
  'USER a b',
  'USER',
  'VOLUME ""',
  'VOLUME [""]',
  'MAINTAINER me',
  'HEALTHCHECK NONE',
  'HEALTHCHECK NONE x',
  'HEALTHCHECK --interval=1us CMD true',
  'HEALTHCHECK --retries=-1 CMD true',
  'HEALTHCHECK CMD',
  'HEALTHCHECK [true]',
  'SHELL sh',
  'ONBUILD FROM x',
  'ONBUILD ONBUILD RUN x',
  'ONBUILD',
  'FOO bar',
  '  # an indented comment',
  '',
  '   ',
  'RUN a \\\n\n  b \\',
];

/** A Dockerfile from the grammar: two in three are such as people write, the rest has the odd and the broken mixed in. */
export function grammarFile(random: Random): MadeFile {
  const sound = random.chance(0.67);
  let text = random.chance(0.03) ? '\ufeff' : '';
  if (random.chance(0.25))
    text += random.many(2, () => random.pick(sound ? DIRECTIVES.slice(0, 3) : DIRECTIVES)).join('');
  const newline = random.chance(0.9) ? '\n' : '\r\n';
  const end = (): string =>
    sound || random.chance(0.9) ? newline : random.pick(['\r\n', '\n\n', ' \n', '\\\n', '\r']);
  for (const line of random.many(3, () => arg(random, sound))) text += line + end();
  const stages = 1 + random.below(3);
  for (let stage = 0; stage < stages; stage++) {
    text += from(random, sound) + end();
    for (let i = random.below(4); i > 0; i--) {
      const kind = random.next();
      if (kind < 0.12 && !sound) text += heredoc(random);
      else if (kind < 0.25) text += arg(random, sound);
      else text += random.pick(sound ? SOUND : OTHERS);
      if (sound || random.chance(0.97)) text += end();
    }
  }
  const buildArgs = random.chance(0.15) ? { [random.pick(NAMES)]: random.pick(IMAGES) } : {};
  return { text, buildArgs };
}

const FRAGMENTS = [
  '\\',
  '`',
  '"',
  "'",
  '$',
  '${',
  '}',
  '<<',
  '<<-EOF',
  '\n',
  '\r\n',
  '\r',
  '#',
  ' ',
  '\t',
  '--',
  '=',
  ':',
  '@',
  '/',
  '[',
  ']',
  ',',
  '\u0085',
  '\u00a0',
  '\u2028',
  '\ufeff',
  'é',
  '\u{1f600}',
  'FROM ',
  'AS ',
  'ARG A=',
  'ONBUILD ',
  '\0',
  '\v',
  '\f',
];

/** A given file with a few characters, words or lines lost, doubled, moved or put in. */
export function damagedFile(random: Random, files: readonly MadeFile[]): MadeFile {
  const given = random.pick(files);
  // Whole characters, so that no surrogate is torn apart: UTF-8 cannot carry half of one.
  const characters = [...given.text.slice(0, 4000)];
  const spot = (): number => random.below(characters.length + 1);
  for (let times = 1 + random.below(4); times > 0; times--) {
    const at = spot();
    switch (random.below(6)) {
      case 0:
        characters.splice(at, 1 + random.below(3));
        break;
      case 1:
        characters.splice(at, 0, ...random.pick(FRAGMENTS));
        break;
      case 2:
        characters.splice(at, 1, random.pick(FRAGMENTS));
        break;
      case 3: {
        const copied = characters.slice(at, at + 1 + random.below(20));
        characters.splice(spot(), 0, ...copied);
        break;
      }
      case 4: {
        const other = [...random.pick(files).text.slice(0, 2000)];
        const cut = random.below(other.length + 1);
        characters.splice(at, 0, ...other.slice(cut, cut + 30));
        break;
      }
      default: {
        const moved = characters.splice(at, 1 + random.below(10));
        characters.splice(spot(), 0, ...moved);
      }
    }
  }
  return { text: characters.join(''), buildArgs: given.buildArgs };
}
