// SPDX-License-Identifier: Apache-2.0

/** Tokens that are known by their shape, from their issuers' documentation. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN (?:[A-Z]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/g, 'a private key'],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, 'an AWS access key'],
  [/\bgh[opusr]_[A-Za-z0-9]{36,255}\b/g, 'a GitHub token'],
  [/\bgithub_pat_[A-Za-z0-9_]{60,255}\b/g, 'a GitHub token'],
  [/\bgl(?:pat|ptt|dt|rt|cbt)-[A-Za-z0-9_-]{20,255}\b/g, 'a GitLab token'],
  [/\bxox[abeoprs]-[A-Za-z0-9-]{20,255}\b/g, 'a Slack token'],
  [/\b[sr]k_live_[A-Za-z0-9]{24,255}\b/g, 'a Stripe key'],
  [/\bnpm_[A-Za-z0-9]{36}\b/g, 'an npm token'],
  [/\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,255}\b/g, 'a PyPI token'],
  [/\bAIza[A-Za-z0-9_-]{35}\b/g, 'a Google API key'],
  [/\bdckr_pat_[A-Za-z0-9_-]{27}\b/g, 'a Docker token'],
  [/\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b/g, 'a SendGrid key'],
  [/\bhvs\.[A-Za-z0-9_-]{24,255}\b/g, 'a Vault token'],
  [/\bsk-ant-[a-z0-9]+-[A-Za-z0-9_-]{40,255}/g, 'an Anthropic key'],
  [/\bdop_v1_[a-f0-9]{64}\b/g, 'a DigitalOcean token'],
];

/** How those begin: a text without any of it, which is nearly every text, needs no look at all the shapes. */
const BEGINNING =
  /-----BEGIN |A[KS]IA|gh[opusr]_|github_pat_|gl[a-z]{2,3}-|xox[a-z]-|k_live_|npm_|pypi-|dckr_pat_|SG\.|hvs\.|sk-ant-|dop_v1_|AIza/;

export interface ShapedSecret {
  readonly start: number;
  readonly end: number;
  /** What it is, never its value. */
  readonly kind: string;
}

/** Tokens and keys in a text, found by their shape alone. Keys that documentation uses as examples do not count. */
export function shapedSecrets(text: string): readonly ShapedSecret[] {
  if (!BEGINNING.test(text)) return [];
  return SHAPES.flatMap(([shape, kind]) =>
    [...text.matchAll(shape)].flatMap(({ 0: found, index }) =>
      /EXAMPLE|(.)\1{9}/.test(found) ? [] : [{ start: index, end: index + found.length, kind }],
    ),
  );
}

/** The last words of a name decide: PASSWORD is one, PASSWORD_MIN_LENGTH is about one. */
const NAMES_SECRET =
  /(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|SECRET|SECRETS|TOKEN|CREDENTIAL|CREDENTIALS|APIKEY|API_KEY|PRIVATE_KEY|ACCESS_KEY|SECRET_KEY|ENCRYPTION_KEY|SIGNING_KEY|AUTH_KEY|MASTER_KEY|CONNECTION_STRING)(?:_(?:BASE|VALUE|DEFAULT|PROD|DEV|\d{1,3}))?$/;
const PUBLIC = /(?:^|_)(?:PUBLIC|PUB|ALLOW|NO|SKIP|DISABLE|RANDOM|OLDPWD|DUMMY|FAKE|TEST|EXAMPLE)(?:_|$)|^(?:OLD)?PWD$/;
const PLACEHOLDER =
  /^(?:true|false|yes|no|on|off|none|null|nil|undefined|unset|\d{1,3}|x+|\*+|\.+|-+|todo|tbd|test|testing|dev|development|build|ci|changeit)$|dummy|placeholder|example|changeme|change[-_ ]me|fake|unused|ignored|not[-_ ]?(?:a[-_ ]?)?(?:real|needed|used|set|secret)|your[-_ ]|replace|insert[-_ ]|set[-_ ]?me|^<.*>$|^\{\{.*\}\}$|^%.*%$|redacted/i;
/** A path, an address or a reference to a store: where the secret is, not what it is. */
const ELSEWHERE =
  /^(?:\.{0,2}\/[\w./-]+|[a-z][a-z0-9+.-]*:\/\/[^@\s]*|file:|env:|vault:|arn:|sops:|op:|[\w./-]+\.(?:json|pem|key|crt|p12|jks|txt|ya?ml)$)/i;

/** True where a variable by that name usually holds a secret and the value is none of the usual stand-ins. */
export function namesSecret(name: string, value: string): boolean {
  const upper = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[-.]/g, '_')
    .toUpperCase();
  if (!NAMES_SECRET.test(upper) || PUBLIC.test(upper)) return false;
  return value.trim().length >= 3 && !PLACEHOLDER.test(value.trim()) && !ELSEWHERE.test(value.trim());
}
