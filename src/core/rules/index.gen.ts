// SPDX-License-Identifier: Apache-2.0
// Written by npm run generate from the files of this folder.
import type { ApkoRule, DockerfileRule, MelangeRule } from './define.ts';
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
import { apkoRefuses } from './apko/WB2000-apko-refuses.ts';
import { repositoryNotEncrypted } from './apko/WB2001-repository-not-encrypted.ts';
import { apkoBuildRefuses } from './apko/WB2002-build-refuses-apko.ts';
import { keyringMissing } from './apko/WB2003-keyring-missing.ts';
import { taggedRepositoryUnused } from './apko/WB2005-tagged-repository-unused.ts';
import { repositoryMovesOrEnded } from './apko/WB2008-repository-moves-or-ended.ts';
import { distributionsMixed } from './apko/WB2009-distributions-mixed.ts';
import { fipsPackagesIncomplete } from './apko/WB2010-fips-packages-incomplete.ts';
import { toolsInImage } from './apko/WB2011-tools-in-image.ts';
import { apkoRunsAsRoot } from './apko/WB2012-apko-runs-as-root.ts';
import { permissionsNotOctal } from './apko/WB2013-permissions-not-octal.ts';
import { riskyPermissions } from './apko/WB2014-risky-permissions.ts';
import { architecturesMissing } from './apko/WB2015-architectures-missing.ts';
import { entrypointWithoutShell } from './apko/WB2016-entrypoint-without-shell.ts';
import { secretInImageFile } from './apko/WB2017-secret-in-image-file.ts';
import { melangeRefuses } from './melange/WB3000-melange-refuses.ts';
import { melangeBuildRefuses } from './melange/WB3002-build-refuses-melange.ts';

/** Every Dockerfile rule, by id. */
export const dockerfileRules: readonly DockerfileRule[] = [baseNotMinimal, baseWithoutValidatedModule, baseEndOfLife, mutableTag, digestMissing, rootInFinalStage, developmentVariantInFinalStage, deprecatedRepository, baseNotResolvable, baseUnknown, registryNotAllowed, baseEndsSoon, digestTagDisagrees, fipsClaimUnproven, certificateHistoricalOrLapsing, fipsDefeated, runtimeWithoutModuleAfterFipsBuilder, cryptographyCopiedAcrossDistributions, buildWithoutValidatedModule, hostMustBeInFipsMode, shellFormWithoutShell, packageManagerAbsent, platformPinned, evidenceSuppressed, remoteAddWithoutChecksum, downloadPipedToShell, verificationSwitchedOff, secretInBuild];

/** Every apko rule, by id. */
export const apkoRules: readonly ApkoRule[] = [apkoRefuses, repositoryNotEncrypted, apkoBuildRefuses, keyringMissing, taggedRepositoryUnused, repositoryMovesOrEnded, distributionsMixed, fipsPackagesIncomplete, toolsInImage, apkoRunsAsRoot, permissionsNotOctal, riskyPermissions, architecturesMissing, entrypointWithoutShell, secretInImageFile];

/** Every melange rule, by id. */
export const melangeRules: readonly MelangeRule[] = [melangeRefuses, melangeBuildRefuses];
