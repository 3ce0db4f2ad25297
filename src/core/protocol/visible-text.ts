// SPDX-License-Identifier: Apache-2.0

/**
 * Characters that change how text around them is shown, or that show nothing at all: controls, soft hyphen, bidi marks,
 * embeddings and isolates, zero-width characters, line and paragraph separators, tags, variation of nothing.
 */
const HIDDEN =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/**
 * Text from images, SBOMs and advisories, made such that it cannot pretend to be other text: every hidden or
 * direction-changing character is written out as `[U+202E]`; tab and line break become a space.
 */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, (character) => {
    if (character === '\t' || character === '\n' || character === '\r') return ' ';
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `[U+${code}]`;
  });
}

/** The same characters in a string of JSON as escapes, so that its value stays. */
export function escapeHidden(json: string): string {
  return json.replace(HIDDEN, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
