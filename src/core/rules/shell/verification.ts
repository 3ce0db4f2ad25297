// SPDX-License-Identifier: Apache-2.0
import type { Span } from '../../text/source-text.ts';
import { CURL_VALUED, isLocal, WGET_VALUED } from './download.ts';
import type { Invocation } from './invocation.ts';
import type { ShellWord } from './model.ts';
import { readArguments, type ShellOption } from './options.ts';

/** A check that is switched off. */
export interface SwitchedOff {
  readonly span: Span;
  /** As it is written, for the message: `curl -k`. */
  readonly what: string;
  readonly check: 'tls' | 'signature' | 'checksum';
}

const APT = new Set(['apt', 'apt-get', 'aptitude']);
const RPM_MANAGERS = new Set(['yum', 'dnf', 'dnf5', 'microdnf', 'tdnf']);
const PIP = /^(?:pip[\d.]*|pipx|uv)$/;
const NODE_MANAGERS = new Set(['npm', 'yarn', 'pnpm', 'corepack']);
const OFF = /^(?:0|false|no|off|none)$/i;
const ON = /^(?:1|true|yes|on)$/i;
const APT_SWITCH =
  /^(?:Acquire::(?:AllowInsecureRepositories|AllowDowngradeToInsecureRepositories|AllowWeakRepositories)|APT::Get::AllowUnauthenticated)=["']?(?:1|true|yes|on)["']?$/i;
const APT_PEER = /^Acquire::https?::(?:[^:=]+::)?Verify-(?:Peer|Host)=["']?(?:0|false|no|off)["']?$/i;

function off(option: ShellOption, name: string, check: SwitchedOff['check']): SwitchedOff {
  return { span: option.word.span, what: `${name} ${option.name}`, check };
}

function curlOrWget({ name, args }: Invocation): readonly SwitchedOff[] {
  const { options, operands } = readArguments(args, name === 'curl' ? CURL_VALUED : WGET_VALUED);
  const names =
    name === 'curl' ? ['-k', '--insecure', '--proxy-insecure', '--doh-insecure'] : ['--no-check-certificate'];
  const addresses = operands.filter(({ value }) => /[.:/]/.test(value));
  if (addresses.length > 0 && addresses.every(({ value }) => isLocal(value))) return [];
  return options.filter((option) => names.includes(option.name)).map((option) => off(option, name, 'tls'));
}

function packageManager({ name, args }: Invocation): readonly SwitchedOff[] {
  if (APT.has(name)) return apt(name, args);
  const { options } = readArguments(args, name === 'rpm' ? 'fDeEprv' : '');
  return options.flatMap((option): readonly SwitchedOff[] => {
    const { name: given, value } = option;
    if (name === 'apk') {
      if (given === '--allow-untrusted') return [off(option, name, 'signature')];
      return given === '--no-check-certificate' ? [off(option, name, 'tls')] : [];
    }
    if (name === 'rpm')
      return given === '--nosignature' || given === '--nodigest' ? [off(option, name, 'signature')] : [];
    if (name === 'zypper') return given === '--no-gpg-checks' ? [off(option, name, 'signature')] : [];
    if (given === '--nogpgcheck' || given === '--no-gpgchecks') return [off(option, name, 'signature')];
    const [setting = '', to = ''] = given === '--setopt' ? (value ?? '').split('=') : [];
    if (!OFF.test(to)) return [];
    if (/(?:^|\.)(?:repo_|localpkg_)?gpgcheck$/.test(setting)) return [off(option, name, 'signature')];
    return /(?:^|\.)sslverify$/.test(setting) ? [off(option, name, 'tls')] : [];
  });
}

function apt(name: string, args: readonly ShellWord[]): readonly SwitchedOff[] {
  return readArguments(args, 'otac').options.flatMap((option): readonly SwitchedOff[] => {
    const { name: given, value } = option;
    if (['--allow-unauthenticated', '--allow-insecure-repositories', '--force-yes'].includes(given)) {
      return value !== null && OFF.test(value) ? [] : [off(option, name, 'signature')];
    }
    const setting = given === '-o' || given === '--option' ? (value ?? '') : '';
    if (APT_SWITCH.test(setting)) return [off(option, `${name}`, 'signature')];
    return APT_PEER.test(setting) ? [off(option, name, 'tls')] : [];
  });
}

/** `tool config set NAME VALUE`, `tool config set NAME=VALUE` and `git config NAME VALUE`. */
function configured(
  args: readonly ShellWord[],
): readonly { readonly word: ShellWord; readonly name: string; readonly to: string }[] {
  const { operands } = readArguments(args);
  if (operands[0]?.value !== 'config') return [];
  return operands.slice(1).flatMap((word, index) => {
    const equals = word.value.indexOf('=');
    if (equals > 0) return [{ word, name: word.value.slice(0, equals), to: word.value.slice(equals + 1) }];
    const next = operands[index + 2];
    return next === undefined ? [] : [{ word, name: word.value, to: next.value }];
  });
}

function configuration(name: string, args: readonly ShellWord[]): readonly SwitchedOff[] {
  const found = configured(args).find(({ name: setting, to }) => {
    const key = setting.toLowerCase();
    if (name === 'git') return /^http\.(?:.+\.)?sslverify$/.test(key) && OFF.test(to);
    if (name === 'conda' || name === 'mamba') return key === 'ssl_verify' && OFF.test(to);
    if (name === 'composer') return (key === 'disable-tls' && ON.test(to)) || (key === 'secure-http' && OFF.test(to));
    if (PIP.test(name)) return /^(?:global|install|user)\.trusted-host$/.test(key) && !isLocal(to);
    return /^(?:strict-ssl|enablestrictssl)$/.test(key) && OFF.test(to);
  });
  if (found === undefined) return [];
  // A value that is no switch is a host.
  const value = /^\w{1,5}$/.test(found.to) ? ` ${found.to}` : '';
  return [{ span: found.word.span, what: `${name} config ${found.name}${value}`, check: 'tls' }];
}

function git(args: readonly ShellWord[]): readonly SwitchedOff[] {
  return readArguments(args, 'cC').options.flatMap((option) =>
    option.name === '-c' && /^http\.(?:.+\.)?sslverify=(?:0|false|no|off)$/i.test(option.value ?? '')
      ? [{ span: option.word.span, what: 'git -c http.sslVerify=false', check: 'tls' as const }]
      : [],
  );
}

/** Options that mean the same to every tool that has them. */
function common(name: string, args: readonly ShellWord[]): readonly SwitchedOff[] {
  return readArguments(args).options.flatMap((option): readonly SwitchedOff[] => {
    const { name: given, value } = option;
    if (given === '--insecure-skip-tls-verify' || given === '--no-verify-ssl') {
      return value !== null && OFF.test(value) ? [] : [off(option, name, 'tls')];
    }
    return /^--(?:(?:src|dest)-)?tls-verify$/.test(given) && value !== null && OFF.test(value)
      ? [off(option, name, 'tls')]
      : [];
  });
}

function trustedHosts(name: string, args: readonly ShellWord[]): readonly SwitchedOff[] {
  const hosts = args.flatMap((word, index) => {
    const [option = '', value = args[index + 1]?.value ?? ''] = word.value.split(/=(.*)/s);
    return option === '--trusted-host' || option === '--allow-insecure-host' ? [{ word, option, value }] : [];
  });
  return hosts
    .filter(({ value }) => !isLocal(value))
    .map(({ word, option }) => ({ span: word.span, what: `${name} ${option}`, check: 'tls' }));
}

/** What a command switches off by its own arguments. */
export function switchedOffBy(invocation: Invocation): readonly SwitchedOff[] {
  const { name, args } = invocation;
  if (name === 'curl' || name === 'wget') return curlOrWget(invocation);
  if (APT.has(name) || RPM_MANAGERS.has(name) || ['apk', 'rpm', 'zypper'].includes(name)) {
    return packageManager(invocation);
  }
  if (/^python[\d.]*$/.test(name)) {
    const module = args.findIndex(({ value }) => value === '-m');
    const called = args[module + 1]?.value ?? '';
    return module >= 0 && PIP.test(called) ? trustedHosts(called, args.slice(module + 2)) : [];
  }
  if (PIP.test(name)) return [...trustedHosts(name, args), ...configuration(name, args)];
  if (name === 'git') return [...git(args), ...configuration(name, args)];
  if (NODE_MANAGERS.has(name)) {
    const strict = readArguments(args).options.find(
      (option) => option.name === '--no-strict-ssl' || (option.name === '--strict-ssl' && OFF.test(option.value ?? '')),
    );
    return [...(strict === undefined ? [] : [off(strict, name, 'tls')]), ...configuration(name, args)];
  }
  if (['conda', 'mamba', 'composer'].includes(name)) return configuration(name, args);
  if (name === 'go' && args.some(({ value }) => value === '-insecure')) {
    const word = args.find(({ value }) => value === '-insecure');
    return word === undefined ? [] : [{ span: word.span, what: 'go -insecure', check: 'tls' }];
  }
  return common(name, args);
}

const MAVEN = /-D(?:maven\.wagon\.http\.ssl\.insecure=true|aether\.connector\.https\.securityMode=insecure)/;

/** How the names of all of them begin: nearly every variable is another one. */
const SWITCHES =
  /^(?:NODE_TLS|PYTHONHTTPS|GIT_SSL|npm_config|NPM_CONFIG|YARN_ENABLE|CONDA_SSL|BUNDLE_SSL|PIP_|UV_|GO|MAVEN_|JAVA_TOOL)/;

/** What a variable switches off for the tools that read it; null for any other. */
export function switchedOffByVariable(name: string, value: string): SwitchedOff['check'] | null {
  if (!SWITCHES.test(name)) return null;
  const text = value.trim();
  switch (name) {
    case 'NODE_TLS_REJECT_UNAUTHORIZED':
    case 'PYTHONHTTPSVERIFY':
      return text === '0' ? 'tls' : null;
    case 'GIT_SSL_NO_VERIFY':
      return ON.test(text) ? 'tls' : null;
    case 'npm_config_strict_ssl':
    case 'NPM_CONFIG_STRICT_SSL':
    case 'YARN_ENABLE_STRICT_SSL':
    case 'CONDA_SSL_VERIFY':
      return OFF.test(text) ? 'tls' : null;
    case 'BUNDLE_SSL_VERIFY_MODE':
      return text === '0' ? 'tls' : null;
    case 'PIP_TRUSTED_HOST':
    case 'UV_INSECURE_HOST':
      return text !== '' && !text.split(/[\s,]+/).every(isLocal) ? 'tls' : null;
    case 'GOINSECURE':
      return text === '' ? null : 'tls';
    case 'GOSUMDB':
      return text === 'off' ? 'checksum' : null;
    // A pattern of private modules is what these are for; one that fits every module is not.
    case 'GONOSUMDB':
    case 'GONOSUMCHECK':
      return /(?:^|,)\*(?:$|,)/.test(text) ? 'checksum' : null;
    case 'GOFLAGS':
      return /(?:^|\s)-insecure(?:\s|$)/.test(text) ? 'tls' : null;
    case 'MAVEN_OPTS':
    case 'MAVEN_ARGS':
    case 'JAVA_TOOL_OPTIONS':
      return MAVEN.test(text) ? 'tls' : null;
    default:
      return null;
  }
}

const CONFIG_LINES: readonly (readonly [RegExp, string, SwitchedOff['check']])[] = [
  [/^\s*deb(?:-src)?\s+\[[^\]\n]*\b(trusted=yes)\b/i, 'trusted=yes', 'signature'],
  [/^\s*Trusted:\s*yes\s*$/i, 'Trusted: yes', 'signature'],
  [/^\s*(?:repo_|localpkg_)?gpgcheck\s*=\s*(?:0|no|false|off)\s*$/i, 'gpgcheck=0', 'signature'],
  [/^\s*sslverify\s*=\s*(?:0|no|false|off)\s*$/i, 'sslverify=0', 'tls'],
  [/^\s*SigLevel\s*=\s*Never\s*$/i, 'SigLevel = Never', 'signature'],
  [/^\s*check_certificate\s*=\s*off\s*$/i, 'check_certificate = off', 'tls'],
  [/^\s*strict-ssl\s*=\s*false\s*$/i, 'strict-ssl=false', 'tls'],
  [/^\s*Acquire::https?::(?:[^:\s]+::)?Verify-Peer\s+["']?false/i, 'Verify-Peer "false"', 'tls'],
  [
    /^\s*(?:APT::Get::AllowUnauthenticated|Acquire::AllowInsecureRepositories)\s+["']?(?:true|1|yes)/i,
    'AllowUnauthenticated',
    'signature',
  ],
];
/** Longer lines are no configuration of a package manager. */
const MAX_CONFIG_LINE = 500;

/** What one line of a configuration file switches off, and the words that do it; null for any other line. */
export function switchedOffByLine(
  line: string,
): { readonly what: string; readonly check: SwitchedOff['check']; readonly words: string } | null {
  if (line.length > MAX_CONFIG_LINE) return null;
  for (const [pattern, what, check] of CONFIG_LINES) {
    const found = pattern.exec(line);
    if (found !== null) return { what, check, words: found[1] ?? found[0].trim() };
  }
  return null;
}
