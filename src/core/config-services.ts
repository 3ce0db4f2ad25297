// SPDX-License-Identifier: Apache-2.0
// Everything that is done with apko and melange files: an output of its own, dist/yaml.js, which is loaded at the first
// such file. Functions only: what stands here is called through `require`.
export { parseApkIndex } from './config-language/apk-index.ts';
export { createConfigLanguage } from './config-language/service.ts';
export { lintConfig } from './lint/config.ts';
export { configBases } from './output/config-contents.ts';
