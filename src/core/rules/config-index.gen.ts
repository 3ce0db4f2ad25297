// SPDX-License-Identifier: Apache-2.0
// Written by npm run generate from the files of this folder.
import type { ApkoRule, MelangeRule } from './define.ts';
import { apkoRefuses } from './apko/WB2000-apko-refuses.ts';
import { repositoryNotEncrypted } from './apko/WB2001-repository-not-encrypted.ts';
import { apkoBuildRefuses } from './apko/WB2002-build-refuses-apko.ts';
import { keyringMissing } from './apko/WB2003-keyring-missing.ts';
import { keyringNotMatching } from './apko/WB2004-keyring-not-matching.ts';
import { taggedRepositoryUnused } from './apko/WB2005-tagged-repository-unused.ts';
import { packagesUnpinned } from './apko/WB2006-packages-unpinned.ts';
import { lockFileStale } from './apko/WB2007-lock-file-stale.ts';
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
import { fipsPolicyUnmet } from './apko/WB2018-fips-policy-unmet.ts';
import { originLost } from './apko/WB2019-origin-lost.ts';
import { localRepositoryUntagged } from './apko/WB2020-local-repository-untagged.ts';
import { melangeRefuses } from './melange/WB3000-melange-refuses.ts';
import { fetchWithoutChecksum } from './melange/WB3001-fetch-without-checksum.ts';
import { melangeBuildRefuses } from './melange/WB3002-build-refuses-melange.ts';
import { checkoutWithoutCommit } from './melange/WB3003-checkout-without-commit.ts';
import { sourceNotEncrypted } from './melange/WB3004-source-not-encrypted.ts';
import { hostImitated } from './melange/WB3005-host-imitated.ts';
import { dependencyRepeated } from './melange/WB3006-dependency-repeated.ts';
import { versionNotApk } from './melange/WB3007-version-not-apk.ts';
import { licenceNotSpdx } from './melange/WB3008-licence-not-spdx.ts';
import { testMissing } from './melange/WB3009-test-missing.ts';
import { updateMissing } from './melange/WB3010-update-missing.ts';
import { variableUnused } from './melange/WB3011-variable-unused.ts';
import { scriptDownloads } from './melange/WB3012-script-downloads.ts';
import { checkDisabledWithoutReason } from './melange/WB3013-check-disabled-without-reason.ts';
import { secretInPackageFile } from './melange/WB3014-secret-in-package-file.ts';
import { goBuildWithoutModule } from './melange/WB3015-go-build-without-module.ts';
import { checkoutOfDefaultBranch } from './melange/WB3016-checkout-of-default-branch.ts';
import { epochNotBumped } from './melange/WB3017-epoch-not-bumped.ts';
import { scriptInstalls } from './melange/WB3018-script-installs.ts';
import { epochUnclear } from './melange/WB3019-epoch-unclear.ts';
import { sourceAddressInvalid } from './melange/WB3020-source-address-invalid.ts';
import { foreignVariable } from './melange/WB3021-foreign-variable.ts';
import { checkCommentOutdated } from './melange/WB3022-check-comment-outdated.ts';
import { buildRepositoryUnused } from './melange/WB3023-build-repository-unused.ts';
import { updateWatchesAnother } from './melange/WB3024-update-watches-another.ts';
import { updateScheduleInvalid } from './melange/WB3025-update-schedule-invalid.ts';
import { backgroundHoldsOutput } from './melange/WB3026-background-holds-output.ts';
import { versionWrittenOut } from './melange/WB3027-version-written-out.ts';
import { licenceMissing } from './melange/WB3028-licence-missing.ts';
import { wolfiConventions } from './melange/WB3029-wolfi-conventions.ts';

/** Every apko rule, by id. */
export const apkoRules: readonly ApkoRule[] = [apkoRefuses, repositoryNotEncrypted, apkoBuildRefuses, keyringMissing, keyringNotMatching, taggedRepositoryUnused, packagesUnpinned, lockFileStale, repositoryMovesOrEnded, distributionsMixed, fipsPackagesIncomplete, toolsInImage, apkoRunsAsRoot, permissionsNotOctal, riskyPermissions, architecturesMissing, entrypointWithoutShell, secretInImageFile, fipsPolicyUnmet, originLost, localRepositoryUntagged];

/** Every melange rule, by id. */
export const melangeRules: readonly MelangeRule[] = [melangeRefuses, fetchWithoutChecksum, melangeBuildRefuses, checkoutWithoutCommit, sourceNotEncrypted, hostImitated, dependencyRepeated, versionNotApk, licenceNotSpdx, testMissing, updateMissing, variableUnused, scriptDownloads, checkDisabledWithoutReason, secretInPackageFile, goBuildWithoutModule, checkoutOfDefaultBranch, epochNotBumped, scriptInstalls, epochUnclear, sourceAddressInvalid, foreignVariable, checkCommentOutdated, buildRepositoryUnused, updateWatchesAnother, updateScheduleInvalid, backgroundHoldsOutput, versionWrittenOut, licenceMissing, wolfiConventions];
