// SPDX-License-Identifier: Apache-2.0
// Tells apko and melange files from all the other YAML there is, by name, place and content. In doubt it says no.
import { apkoStructs } from '../apko/structs.ts';
import { melangeStructs } from '../melange/structs.ts';

export type YamlLanguage = 'apko' | 'melange';

const YAML_NAME = /\.ya?ml$/i;
/** `apko.yaml`, `.apko.yaml`, `NAME.apko.yaml` and the same for melange. */
const OWN_NAME = /(?:^|\.)(apko|melange)\.ya?ml$/i;
/** Names that belong to other tools, whatever stands in the file. */
const FOREIGN_NAME =
  /^(?:(?:docker-)?compose(?:\..*)?|chart|values(?:[._-].*)?|kustomization|skaffold|mkdocs|openapi|swagger|\.gitlab-ci|\.pre-commit-config|pnpm-lock|pnpm-workspace|docker-bake(?:\..*)?|meta|conda|\.waybill|apko\.lock)\.ya?ml$/i;
const FOREIGN_FOLDER = /(?:^|\/)(?:\.github|\.gitlab|\.circleci|node_modules|\.git)\//i;

/** `# waybill language=melange`, or `none`, in a comment before anything else; a colon may follow the name. */
const DIRECTIVE = /^#\s*waybill(?::\s*|\s+)(?:\S+\s+)*?language=([a-z]+)(?:\s|$)/;
/** Keys at the top that no apko or melange file has, and that say whose the file is. */
const FOREIGN_KEYS: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'services',
  'jobs',
  'on',
  'stages',
  'steps',
  'openapi',
  'swagger',
  'lockfileVersion',
  'requirements',
  'about',
  'build',
  'source',
  'provider',
  'functions',
]);
/** What a template engine leaves nothing of: Helm and Jinja. `${{` is melange's own. */
const TEMPLATE = /(?:^|[^$])\{\{|\{%/m;

const MELANGE_KEYS: ReadonlySet<string> = new Set(Object.keys(melangeStructs['melange.Configuration'] ?? {}));
const APKO_KEYS: ReadonlySet<string> = new Set(Object.keys(apkoStructs['apko.ImageConfiguration'] ?? {}));
const CONTENTS_KEYS: ReadonlySet<string> = new Set(Object.keys(apkoStructs['apko.ImageContents'] ?? {}));
/** Keys beside `package` that make it a melange file, and words that others use as well: of them it takes two. */
const MELANGE_BESIDE = ['pipeline', 'subpackages', 'var-transforms', 'update'];
const COMMON_BESIDE = ['environment', 'vars', 'data', 'test'];

/** How much of a file is looked at. */
export const DETECTION_REACH = 65_536;

interface Outline {
  readonly directive: string | null;
  /** Keys at the margin, each with the keys one level below it. */
  readonly keys: ReadonlyMap<string, ReadonlySet<string>>;
}

const KEY = /^(["']?)([A-Za-z_][\w.-]*)\1\s*:(?:\s|$)/;

/** The keys of the two upper levels, found by lines: a file that is being written may not parse. */
function outline(text: string): Outline {
  const keys = new Map<string, Set<string>>();
  let directive: string | null = null;
  let below: Set<string> | null = null;
  let depth = -1;
  let started = false;
  for (const line of text.slice(0, DETECTION_REACH).split(/\r\n|\r|\n/)) {
    const trimmed = line.trim();
    if (trimmed.startsWith('#')) {
      if (!started) directive ??= DIRECTIVE.exec(trimmed)?.[1] ?? null;
      continue;
    }
    if (trimmed === '' || trimmed.startsWith('%')) continue;
    if (/^(?:---|\.\.\.)(?:\s|$)/.test(line)) {
      // Only the first document is read.
      if (started) break;
      continue;
    }
    started = true;
    const indent = line.length - line.trimStart().length;
    const key = KEY.exec(trimmed)?.[2];
    if (indent === 0) {
      if (key === undefined) continue;
      below = keys.get(key) ?? new Set();
      keys.set(key, below);
      depth = -1;
      for (const [, inner = ''] of trimmed.slice(key.length).matchAll(/[{,]\s*["']?([A-Za-z_][\w-]*)["']?\s*:/g)) {
        below.add(inner);
      }
    } else if (key !== undefined && below !== null) {
      if (depth < 0) depth = indent;
      if (indent === depth) below.add(key);
    }
  }
  return { directive, keys };
}

const count = (keys: Iterable<string>, known: ReadonlySet<string>): number =>
  [...keys].filter((key) => known.has(key)).length;

function isMelange(keys: Outline['keys']): boolean {
  const pack = keys.get('package');
  if (pack === undefined) return false;
  const named = count(pack, new Set(['name', 'version', 'epoch']));
  const beside =
    MELANGE_BESIDE.some((key) => keys.has(key)) ||
    keys.get('environment')?.has('contents') === true ||
    COMMON_BESIDE.filter((key) => keys.has(key)).length >= 2;
  const foreign = keys.size - count(keys.keys(), MELANGE_KEYS);
  return foreign <= Math.max(1, keys.size / 4) && (named === 3 || (named >= 1 && beside));
}

function isApko(keys: Outline['keys']): boolean {
  const contents = keys.get('contents');
  if (contents === undefined || keys.has('package')) return false;
  const foreign = keys.size - count(keys.keys(), APKO_KEYS);
  return foreign <= Math.max(1, keys.size / 4) && count(contents, CONTENTS_KEYS) >= 1;
}

/** True where a file may be YAML of ours, so that it is worth reading. */
export function mayBeYaml(fileName: string): boolean {
  return YAML_NAME.test(fileName) && !FOREIGN_NAME.test(fileName);
}

/** The language that a comment at the top of the file says it has; `none` for no language of ours. */
export function languageDirective(text: string): YamlLanguage | 'none' | null {
  const { directive } = outline(text.slice(0, 4096));
  return directive === 'apko' || directive === 'melange' || directive === 'none' ? directive : null;
}

/**
 * The language of a YAML file, null where it is not ours or may not be. `path` is its path in the workspace, with `/`;
 * of the text the beginning is enough.
 */
export function detectYaml(path: string, text: string): YamlLanguage | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!YAML_NAME.test(name)) return null;
  const { directive, keys } = outline(text);
  if (directive === 'apko' || directive === 'melange') return directive;
  if (directive === 'none' || FOREIGN_NAME.test(name) || FOREIGN_FOLDER.test(path)) return null;
  if ([...keys.keys()].some((key) => FOREIGN_KEYS.has(key)) || TEMPLATE.test(text.slice(0, DETECTION_REACH))) {
    // What a script writes may look like a template; then the name has to say it.
    const own = OWN_NAME.exec(name)?.[1]?.toLowerCase();
    return (own === 'apko' || own === 'melange') && !keys.has('apiVersion') ? own : melangeScript(keys);
  }
  const own = OWN_NAME.exec(name)?.[1]?.toLowerCase();
  if (own === 'apko' || own === 'melange') return own;
  return isMelange(keys) ? 'melange' : isApko(keys) ? 'apko' : null;
}

/** A melange file may hold templates inside of its scripts: it is ours where nothing at its top is foreign. */
function melangeScript(keys: Outline['keys']): YamlLanguage | null {
  const foreign = [...keys.keys()].some((key) => FOREIGN_KEYS.has(key));
  const pack = keys.get('package') ?? new Set();
  return !foreign && isMelange(keys) && count(pack, new Set(['name', 'version', 'epoch'])) === 3 ? 'melange' : null;
}
