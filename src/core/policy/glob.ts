// SPDX-License-Identifier: Apache-2.0

/**
 * `*` stands for any run of characters but `/`, `**` for any run at all, `?` for one character but `/`, and a leading
 * part `**` with its slash also for nothing. No pattern takes longer than its length times that of the text.
 */
export function globMatches(pattern: string, text: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === text;
  const tokens = pattern.match(/\*\*\/?|\*|\?|[^*?]/gs) ?? [];
  /** `reached[i]`: the tokens so far match the first `i` characters. */
  let reached: boolean[] = [true];
  for (const token of tokens) {
    const next: boolean[] = [];
    let open = false;
    for (let i = 0; i <= text.length; i++) {
      const here = reached[i] === true;
      if (token.startsWith('*')) {
        open ||= here;
        if (open && (token !== '**/' || here || text[i - 1] === '/')) next[i] = true;
        if (token === '*' && text[i] === '/') open = false;
      } else if (here && i < text.length && (token === '?' ? text[i] !== '/' : token === text[i])) {
        next[i + 1] = true;
      }
    }
    if (next.length === 0) return false;
    reached = next;
  }
  return reached[text.length] === true;
}

/**
 * A pattern for the whole of an identity or of a builder's id. What stands before its first `@` fits nothing behind one:
 * `**@refs/tags/v*` is no workflow at a branch called `x@refs/tags/v1`, which Git allows.
 */
export function identityGlobMatches(pattern: string, identity: string): boolean {
  const [inPattern, inIdentity] = [pattern.indexOf('@'), identity.indexOf('@')];
  if (inPattern < 0 || inIdentity < 0) return globMatches(pattern, identity);
  return (
    globMatches(pattern.slice(0, inPattern), identity.slice(0, inIdentity)) &&
    globMatches(pattern.slice(inPattern + 1), identity.slice(inIdentity + 1))
  );
}

/** True where one of the patterns matches. */
export function anyGlobMatches(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => globMatches(pattern, text));
}
