// SPDX-License-Identifier: Apache-2.0
// npm run package: writes the .vsix and the CLI's npm tarball into out/packages. Starts as plain JavaScript on Node 20.
import { ensureDependencies } from './lib/dependencies.mjs';
import { runOnNode24 } from './lib/re-execute.mjs';

ensureDependencies();
runOnNode24('scripts/make-packages.mjs', process.argv.slice(2));
