// SPDX-License-Identifier: Apache-2.0
// Written by npm run generate from the files of this folder.
import type { DockerfileRule } from './define.ts';
import { baseNotMinimal } from './dockerfile/WB1001-base-not-minimal.ts';
import { baseWithoutValidatedModule } from './dockerfile/WB1002-base-without-validated-module.ts';
import { baseEndOfLife } from './dockerfile/WB1003-base-end-of-life.ts';
import { mutableTag } from './dockerfile/WB1004-mutable-tag.ts';
import { digestMissing } from './dockerfile/WB1005-digest-missing.ts';
import { rootInFinalStage } from './dockerfile/WB1006-root-in-final-stage.ts';
import { developmentVariantInFinalStage } from './dockerfile/WB1007-development-variant-in-final-stage.ts';
import { deprecatedRepository } from './dockerfile/WB1008-deprecated-repository.ts';
import { baseNotResolvable } from './dockerfile/WB1009-base-not-resolvable.ts';
import { baseUnknown } from './dockerfile/WB1010-base-unknown.ts';
import { registryNotAllowed } from './dockerfile/WB1011-registry-not-allowed.ts';
import { baseEndsSoon } from './dockerfile/WB1012-base-ends-soon.ts';
import { digestTagDisagrees } from './dockerfile/WB1013-digest-tag-disagrees.ts';
import { fipsClaimUnproven } from './dockerfile/WB1020-fips-claim-unproven.ts';
import { certificateHistoricalOrLapsing } from './dockerfile/WB1021-certificate-historical-or-lapsing.ts';
import { fipsDefeated } from './dockerfile/WB1022-fips-defeated.ts';
import { runtimeWithoutModuleAfterFipsBuilder } from './dockerfile/WB1023-runtime-without-module-after-fips-builder.ts';
import { cryptographyCopiedAcrossDistributions } from './dockerfile/WB1024-cryptography-copied-across-distributions.ts';
import { buildWithoutValidatedModule } from './dockerfile/WB1025-build-without-validated-module.ts';
import { hostMustBeInFipsMode } from './dockerfile/WB1026-host-must-be-in-fips-mode.ts';
import { shellFormWithoutShell } from './dockerfile/WB1030-shell-form-without-shell.ts';
import { packageManagerAbsent } from './dockerfile/WB1031-package-manager-absent.ts';
import { platformPinned } from './dockerfile/WB1032-platform-pinned.ts';
import { evidenceSuppressed } from './dockerfile/WB1033-evidence-suppressed.ts';
import { remoteAddWithoutChecksum } from './dockerfile/WB1040-remote-add-without-checksum.ts';
import { downloadPipedToShell } from './dockerfile/WB1041-download-piped-to-shell.ts';
import { verificationSwitchedOff } from './dockerfile/WB1042-verification-switched-off.ts';
import { secretInBuild } from './dockerfile/WB1043-secret-in-build.ts';

/** Every Dockerfile rule, by id. */
export const dockerfileRules: readonly DockerfileRule[] = [baseNotMinimal, baseWithoutValidatedModule, baseEndOfLife, mutableTag, digestMissing, rootInFinalStage, developmentVariantInFinalStage, deprecatedRepository, baseNotResolvable, baseUnknown, registryNotAllowed, baseEndsSoon, digestTagDisagrees, fipsClaimUnproven, certificateHistoricalOrLapsing, fipsDefeated, runtimeWithoutModuleAfterFipsBuilder, cryptographyCopiedAcrossDistributions, buildWithoutValidatedModule, hostMustBeInFipsMode, shellFormWithoutShell, packageManagerAbsent, platformPinned, evidenceSuppressed, remoteAddWithoutChecksum, downloadPipedToShell, verificationSwitchedOff, secretInBuild];
