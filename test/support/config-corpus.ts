// SPDX-License-Identifier: Apache-2.0
// Valid melange and apko files, made from the structs the tools read: every key and every built-in pipeline comes up.
import { apkoStructs } from '../../src/core/apko/structs.ts';
import { builtinPipelines } from '../../src/core/melange/pipelines.ts';
import { melangeStructs } from '../../src/core/melange/structs.ts';
import type { StructTable } from '../../src/core/yaml/go/types.ts';
import { anyStyle, Writer, type Value } from './config-writer.ts';
import { Random } from './dockerfile-grammar.ts';

export type ConfigLanguage = 'melange' | 'apko';

export interface ConfigFile {
  readonly language: ConfigLanguage;
  readonly name: string;
  readonly text: string;
  /** Files beside it, for includes. */
  readonly files: Readonly<Record<string, string>>;
  /** Set where it lies on the disk and is to be read there. */
  readonly path?: string;
}

type Obj = { [key: string]: Value };

const WORDS = ['alpha', 'beta', 'gamma', 'delta', 'libfoo', 'tool', 'server', 'agent', 'worker', 'proxy'];
const SENTENCES = [
  'A small tool that does one thing',
  "It's what the server needs: nothing more",
  'Says "hello" to everyone # really',
  '100% pure [data] {here}',
  'Datei für Übersetzungen 日本 🙂',
];
const SCRIPTS = [
  'make -j$(nproc)\nmake install DESTDIR="${{targets.destdir}}"\n',
  'set -e\nif [ -f x ]; then\n  echo "a: b"\nfi\n\n# done\n',
  'install -Dm755 tool "${{targets.contextdir}}"/usr/bin/tool\n',
  'tool --version | grep "${{package.version}}"',
  'cat <<EOF > file\nkey: value\n\tindented by a tab\nEOF\n',
];
const PACKAGES = [
  'busybox',
  'ca-certificates-bundle',
  'wolfi-base',
  'go',
  'openssl-dev',
  'python-3.13',
  'foo=1.2.3-r0',
  'bar~1',
  'so:libc.so.6',
  'cmd:sh',
];
const HEX = '0123456789abcdef';

class Maker {
  readonly random: Random;
  readonly #table: StructTable;
  /** Chance that a key is there. */
  readonly #density: number;
  readonly #pipelines: string[];
  #serial = 0;
  #vars: readonly string[] = [];
  #ranges: readonly string[] = [];

  constructor(random: Random, table: StructTable, pipelines: string[]) {
    this.random = random;
    this.#table = table;
    this.#density = random.pick([0.08, 0.15, 0.3, 0.5, 0.8]);
    this.#pipelines = pipelines;
  }

  #word = (): string => this.random.pick(WORDS);
  #hex = (length: number): string => Array.from({ length }, () => HEX[this.random.below(16)]).join('');
  #some = <T>(most: number, make: () => T): T[] => Array.from({ length: 1 + this.random.below(most) }, make);

  /** Only the keys of a struct that the dice choose, and those of `always`. */
  struct(name: string, always: Obj = {}, without: readonly string[] = []): Obj {
    const made: Obj = {};
    for (const [key, type] of Object.entries(this.#table[name] ?? {})) {
      if (key in always) made[key] = always[key] ?? null;
      else if (!without.includes(key) && this.random.chance(this.#density))
        made[key] = this.value(type, `${name}.${key}`);
    }
    return made;
  }

  value(type: string, path: string): Value {
    const special = this.#special(path);
    if (special !== undefined) return special;
    if (type.startsWith('*')) return this.value(type.slice(1), path);
    if (type.startsWith('[]')) return this.#some(3, () => this.value(type.slice(2), `${path}[]`));
    if (type.startsWith('map[string]')) {
      const of = type.slice('map[string]'.length);
      return Object.fromEntries(
        this.#some(3, () => [this.#word().toUpperCase(), this.value(of, `${path}{}`)] as const),
      );
    }
    switch (type) {
      case 'string':
        return this.random.chance(0.2) ? this.random.pick(SENTENCES) : this.#word();
      case 'bool':
        return this.random.pick([true, false, true, false, 'yes', 'off']);
      case 'int':
      case 'uint64':
        return this.random.below(500);
      case 'uint32':
        return 1 + this.random.below(70_000);
      case 'duration':
        return this.random.pick(['1h30m', '45m', '90s']);
      default:
        return this.struct(type);
    }
  }

  #special(path: string): Value | undefined {
    const { random } = this;
    if (/\.(packages|runtime|provides|replaces)\[\]$/.test(path)) {
      return random.chance(0.2) ? `${this.#word()}=\${{package.version}}` : random.pick(PACKAGES);
    }
    if (/(?:repositories|\.keyring)\[\]$/.test(path)) {
      return random.pick([
        'https://packages.wolfi.dev/os',
        '@local ./packages',
        'https://packages.wolfi.dev/os/wolfi-signing.rsa.pub',
      ]);
    }
    if (/\.(?:script|(?:pre|post)-[a-z]+|shell-fragment)$/.test(path)) return random.pick(SCRIPTS);
    switch (path) {
      case 'melange.Dependencies.provider-priority':
      case 'melange.Dependencies.replaces-priority':
        return random.pick([10, '20', '-5']);
      case 'melange.Package.cpe': {
        const cpe: Obj = { vendor: this.#word(), product: this.#word() };
        for (const field of ['edition', 'language', 'sw_edition', 'target_sw', 'target_hw', 'other']) {
          if (random.chance(this.#density)) cpe[field] = this.#word();
        }
        if (random.chance(0.4)) cpe['part'] = random.pick(['a', 'o']);
        return cpe;
      }
      case 'melange.Package.setcap[]':
      case 'melange.Subpackage.setcap[]':
        return { path: '/usr/bin/tool', add: { 'cap_net_bind_service,cap_net_raw': '+ep' }, reason: 'listens on 53' };
      case 'apko.PathMutation.permissions':
        return random.pick([0o755, 420]);
      case 'apko.ImageConfiguration.archs':
        return random.pick([['x86_64', 'aarch64'], ['amd64'], ['all']]);
      case 'melange.Pipeline.if':
      case 'melange.Subpackage.if':
        return random.pick(["${{build.arch}} == 'x86_64'", "${{options.extra.enabled}} == 'true'"]);
      default:
        return undefined;
    }
  }

  #usesPipeline(): Obj {
    const { random } = this;
    const uses = this.#pipelines.pop() ?? random.pick(Object.keys(builtinPipelines));
    const inputs = builtinPipelines[uses]?.inputs ?? {};
    const given: Obj = {};
    for (const [name, { required }] of Object.entries(inputs)) {
      if (required !== true && !random.chance(this.#density)) continue;
      given[name] = name.startsWith('expected-sha')
        ? this.#hex(name.endsWith('256') ? 64 : 128)
        : name === 'expected-commit'
          ? this.#hex(40)
          : this.#variable();
    }
    return Object.keys(given).length === 0 ? { uses } : { uses, with: given };
  }

  #variable(): string {
    const { random } = this;
    if (random.chance(0.3) && this.#vars.length > 0) return `\${{vars.${random.pick(this.#vars)}}}`;
    return random.pick([
      'https://example.com/a-${{package.version}}.tar.gz',
      '.',
      'v${{package.version}}',
      this.#word(),
    ]);
  }

  /** One step; `inherits` where the outer step has an environment, without which melange crashes on an inner one. */
  pipeline(depth: number, inherits: boolean): Obj {
    const { random } = this;
    const kind = depth > 0 && random.chance(0.25) ? 'nested' : random.chance(0.6) ? 'uses' : 'runs';
    const without = ['uses', 'with', 'runs', 'pipeline', ...(depth < 2 && !inherits ? ['environment'] : [])];
    const common = this.struct('melange.Pipeline', {}, without);
    if (kind === 'uses') return { ...this.#usesPipeline(), ...common };
    if (kind === 'runs') return { ...common, runs: random.pick(SCRIPTS) };
    const inherit = inherits || 'environment' in common;
    return { ...common, pipeline: this.#some(3, () => this.pipeline(depth - 1, inherit)) };
  }

  #pipelineList(): Obj[] {
    return this.#some(4, () => this.pipeline(2, false));
  }

  #test(): Obj {
    return this.struct('melange.Test', { pipeline: this.#some(2, () => this.pipeline(0, true)) });
  }

  #subpackage(): Obj {
    const { random } = this;
    const range = this.#ranges.length > 0 && random.chance(0.4) ? random.pick(this.#ranges) : null;
    const name = `\${{package.name}}-${this.#word()}${++this.#serial}${range === null ? '' : '-${{range.key}}'}`;
    return this.struct(
      'melange.Subpackage',
      {
        ...(range === null ? {} : { range }),
        name,
        ...(random.chance(0.8) ? { pipeline: this.#pipelineList() } : {}),
        ...(random.chance(this.#density) ? { test: this.#test() } : {}),
      },
      ['range', 'pipeline', 'test'],
    );
  }

  melange(): Obj {
    const { random } = this;
    this.#vars = random.chance(0.6) ? this.#some(3, this.#word) : [];
    this.#ranges = random.chance(0.5) ? this.#some(2, () => `${this.#word()}s`) : [];
    const always: Obj = {
      package: this.struct('melange.Package', {
        name: `${this.#word()}${random.pick(['', '-3.1', '_x', '+y'])}`,
        version: random
          .pick(['1.2.3', '0.0.1_git20250101', '2.10', '1.2.3_rc1', '${{vars.nothing}}1.0'])
          .replace('${{vars.nothing}}', ''),
        epoch: random.below(30),
      }),
      pipeline: this.#pipelineList(),
    };
    if (this.#vars.length > 0) always['vars'] = Object.fromEntries(this.#vars.map((name) => [name, this.#word()]));
    if (this.#ranges.length > 0) {
      always['data'] = this.#ranges.map((name) => ({ name, items: { a1: 'one', b2: 'two' } }));
    }
    if (random.chance(0.6)) always['subpackages'] = this.#some(4, () => this.#subpackage());
    if (random.chance(0.5)) always['test'] = this.#test();
    if (random.chance(0.3)) {
      always['var-transforms'] = [
        {
          from: '${{package.version}}',
          match: random.pick(['^(\\d+\\.\\d+)\\.\\d+$', '\\.', '(?P<major>\\d+).*']),
          replace: '$1',
          to: 'mangled',
        },
      ];
    }
    return this.struct('melange.Configuration', always, ['vars', 'data', 'var-transforms', 'subpackages', 'test']);
  }

  apko(): Obj {
    const { random } = this;
    const accounts = this.struct('apko.ImageAccounts', {
      'run-as': random.pick(['65532', 'nonroot', 0]),
      users: [this.struct('apko.User', { username: 'nonroot', uid: 65_532 })],
      groups: [this.struct('apko.Group', { groupname: 'nonroot' })],
    });
    const contents = this.struct(
      'apko.ImageContents',
      {
        packages: this.#some(4, () => random.pick(PACKAGES)),
        ...(random.chance(this.#density)
          ? {
              runtime_keyring: [
                { name: 'a.rsa.pub', content: 'PEM' },
                { name: 'b.rsa.pub', content: 'PEM' },
              ],
            }
          : {}),
      },
      ['baseimage', 'runtime_keyring'],
    );
    if (random.chance(0.1)) {
      contents['baseimage'] = { image: './base', apkindex: './base/APKINDEX' };
      return { contents, archs: ['x86_64'] };
    }
    const certificates: Obj = { additional: [{ name: 'corp.pem', content: 'PEM' }], providers: ['corp-ca'] };
    const optional: Obj = {};
    if (random.chance(this.#density)) optional['certificates'] = certificates;
    if (random.chance(0.7)) optional['accounts'] = accounts;
    return this.struct('apko.ImageConfiguration', { contents, ...optional }, ['include', 'certificates', 'accounts']);
  }
}

/** Texts that people write and a generator does not: anchors, merges, odd numbers, documents and directives. */
const WRITTEN: readonly (readonly [ConfigLanguage, string, Readonly<Record<string, string>>?])[] = [
  ['melange', 'package: {name: a, version: 1.0, epoch: 0}\n'],
  ['melange', '---\npackage:\n  name: a\n  version: "1"\n  epoch: 0x10\n...\nignored: [\n'],
  ['melange', '%YAML 1.1\n---\npackage:\n  name: a\n  version: 2024-01-02\n  epoch: 1_0\n'],
  ['melange', 'package: &p\n  name: a\n  version: 1\n  epoch: 010\n  resources: {<<: {cpu: 1}, memory: 2Gi}\n'],
  [
    'melange',
    'package:\n  name: a\n  version: 1.0.0\n  epoch: 0\n  dependencies: &deps\n    runtime: [b, c]\nsubpackages:\n  - name: ${{package.name}}-dev\n    dependencies:\n      <<: *deps\n      provides: ["x=${{ package.full-version }}"]\n',
  ],
  [
    'melange',
    'package:\n  name: a\n  version: 1\n  epoch: 1.0\n  timeout: "0"\n  checks: ~\n  copyright:\n  - license: MIT\n    paths: ["*", ~]\n',
  ],
  ['melange', '? package\n: name: a\n  version: "1\n    2"\n  epoch: !!int "3"\n'],
  ['melange', "package:\n  name: a\n  version: 'it''s'\n  epoch: +1\nupdate:\n  enabled: y\n  manual: Off\n"],
  [
    'melange',
    'package:\r\n  name: a\r\n  version: 1.0\r\n  epoch: 0\r\npipeline:\r\n- runs: |\r\n    echo\r\n\r\n    done\r\n',
  ],
  [
    'melange',
    'package:\n  name: a\n  version: 1.0\n  epoch: 0\n# note\n\t# after a tab\nvars:\n  a: "x"\t\t# tabs\n  b: ${{vars.a}}\n',
  ],
  [
    'melange',
    'package:\n  name: ${{vars.n}}\n  version: 1.0\n  epoch: 0\n  dependencies:\n    provider-priority: ${{vars.p}}\nvars:\n  n: real\n  p: 7\n',
  ],
  ['apko', 'contents:\n  packages: [a]\n'],
  [
    'apko',
    'include: base.yaml\naccounts: {users: []}\n',
    { 'base.yaml': 'contents: {packages: [b]}\naccounts:\n  users:\n    - {username: u, uid: 1}\n' },
  ],
  ['apko', 'include: deep/one.yaml\n', { 'deep/one.yaml': 'include: deep/two.yaml\n', 'deep/two.yaml': 'cmd: x\n' }],
  [
    'apko',
    'paths:\n  - path: /x\n    type: directory\n    permissions: 0o755\n    uid: 0\n  - {path: /y, permissions: 0755, recursive: on}\n',
  ],
  ['apko', 'entrypoint:\n  type: service-bundle\n  services:\n    web: /bin/web\n'],
  ['apko', 'contents:\n  baseimage:\n    image: ./x\n  packages: []\narchs: [x86_64]\nentrypoint: {}\naccounts:\n'],
];

export const VALID_FILES = { melange: 240, apko: 120 } as const;

/** All valid files, the same each time. */
export function validFiles(): ConfigFile[] {
  const files: ConfigFile[] = WRITTEN.map(([language, text, beside], i) => ({
    language,
    name: `written-${i}.yaml`,
    text,
    files: beside ?? {},
  }));
  const pipelines: string[] = [];
  for (const language of ['melange', 'apko'] as const) {
    for (let i = 0; i < VALID_FILES[language]; i++) {
      const random = new Random(i * 2 + (language === 'apko' ? 1 : 0));
      if (pipelines.length === 0) pipelines.push(...Object.keys(builtinPipelines));
      const maker = new Maker(random, language === 'apko' ? apkoStructs : melangeStructs, pipelines);
      const value = language === 'apko' ? maker.apko() : maker.melange();
      const text = new Writer(random, anyStyle(random)).write(value);
      files.push({ language, name: `made-${language}-${i}.yaml`, text, files: {} });
    }
  }
  return files;
}
