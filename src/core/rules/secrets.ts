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

/** Passwords by what stands around them; what is captured is the password, or user and password. */
const PASSWORDS: readonly RegExp[] = [
  // postgres://app:PASSWORD@db/x, and not docker://nginx:1.27@sha256:…
  /\b[a-z][a-z0-9+.-]{1,30}:\/\/(?<user>[^\s:/?#@"'<>]{0,200}):(?<password>[^\s/@"'<>]{1,200})@(?!(?:sha(?:256|512):|localhost|127\.\d|0\.0\.0\.0|\[::1\]))/dgi,
  // jdbc:postgresql://db/x?user=app&password=PASSWORD
  /:\/\/[^\s"'<>?]{1,200}\?[^\s"'<>]{0,200}?\b(?:password|passwd|pwd)=(?<password>[^\s"'<>&;]{1,200})/dgi,
  // Server=db;User=sa;Password=PASSWORD
  /\b(?:server|host|data source|endpoint)=[^"'\n]{0,300}?;\s*(?:password|pwd|accountkey|sharedaccesskey)=(?<password>[^\s"';]{1,200})/dgi,
  // //registry.example.com/:_authToken=PASSWORD
  /:_(?:authToken|password|auth)=(?<password>[^\s"']{1,300})/dg,
  // machine example.com login app password PASSWORD
  /\bmachine\s+\S{1,200}\s+login\s+(?<user>\S{1,200})\s+password\s+(?<password>[^\s"']{1,200})/dg,
];
const MAY_HOLD_PASSWORD = /:\/\/[^\s/"']{0,300}:[^\s/"']{1,300}@|pass(?:word|wd)|pwd=|key=|:_/i;
const STAND_IN = /^(?:pass(?:word|wd|phrase)?|pwd|pw|secret|token|key|user(?:name)?|root|admin|guest|postgres|mysql)$/i;

/** Passwords in addresses, connection strings and the files of clients; a variable or a usual stand-in is none. */
export function passwordsIn(text: string): readonly ShapedSecret[] {
  if (!MAY_HOLD_PASSWORD.test(text)) return [];
  return PASSWORDS.flatMap((shape) =>
    [...text.matchAll(shape)].flatMap(({ groups = {}, indices }) => {
      const { user = '', password = '' } = groups;
      const [start, end] = indices?.groups?.['password'] ?? [0, 0];
      const known =
        /[$%{}]/.test(password) || password === user || STAND_IN.test(password) || PLACEHOLDER.test(password);
      return known ? [] : [{ start, end, kind: 'a password' }];
    }),
  );
}

/** Files of clients that hold keys or passwords, by how they end; `sure` where they are for nothing else. */
const CREDENTIAL_FILES: readonly { readonly path: RegExp; readonly what: string; readonly sure: boolean }[] = [
  { path: /(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/, what: 'a private key', sure: true },
  { path: /(?:^|\/)\.ssh$/, what: 'the keys of SSH', sure: true },
  { path: /(?:^|\/)[._]netrc$/, what: 'the passwords of curl and Git', sure: true },
  { path: /(?:^|\/)\.git-credentials$/, what: 'the passwords of Git', sure: true },
  { path: /(?:^|\/)\.pypirc$/, what: 'the tokens of PyPI', sure: true },
  { path: /(?:^|\/)\.pgpass$/, what: 'the passwords of PostgreSQL', sure: true },
  { path: /(?:^|\/)\.aws(?:\/credentials)?$/, what: 'the keys of AWS', sure: true },
  { path: /(?:^|\/)\.kube(?:\/config)?$/, what: 'the keys of a cluster', sure: true },
  { path: /(?:^|\/)\.cargo\/credentials(?:\.toml)?$/, what: 'the token of crates.io', sure: true },
  { path: /(?:^|\/)\.gem\/credentials$/, what: 'the key of RubyGems', sure: true },
  { path: /(?:^|\/)(?:\.docker\/config\.json|\.dockercfg)$/, what: 'the sign-ins of registries', sure: false },
  { path: /(?:^|\/)\.npmrc$/, what: 'the token of npm', sure: false },
  { path: /(?:^|\/)\.m2\/settings(?:-security)?\.xml$/, what: 'the passwords of Maven', sure: false },
];

/** What a file of that name holds; null where nothing is known of it. */
export function credentialFile(path: string): { readonly what: string; readonly sure: boolean } | null {
  if (!/(?:^|\/)(?:[._]|id_)/.test(path)) return null;
  const plain = path.replace(/[/*?]+$/, '');
  return CREDENTIAL_FILES.find((each) => each.path.test(plain)) ?? null;
}
