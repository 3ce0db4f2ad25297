// SPDX-License-Identifier: Apache-2.0
// Everything that the editor does with a Dockerfile: an output of its own, which is loaded at the first such file, so
// that a window without one never has it. Functions only: what stands here is called through `require`.
import { ImageNames } from './completion/suggest.ts';

export { suggest } from './completion/suggest.ts';
export { parseDockerfile } from './dockerfile/parse.ts';
export { lintEmbedded } from './embedded/lint.ts';
export { baseHover } from './hover/base.ts';
export { lintDockerfile } from './lint/dockerfile.ts';
export { imageUses } from './rules/image-uses.ts';
export { pinEdit, pinOf } from './rules/pin.ts';

/** Names for `suggest`, to be kept by whoever asks it again. */
export function imageNames(): ImageNames {
  return new ImageNames();
}
