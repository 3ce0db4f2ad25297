// SPDX-License-Identifier: Apache-2.0
// Written by npm run generate from the files of this folder.
import type { ImageRule } from './define.ts';
import { imageUnsigned } from './image/WB4001-image-unsigned.ts';
import { signerNotExpected } from './image/WB4002-signer-not-expected.ts';
import { provenanceMissing } from './image/WB4003-provenance-missing.ts';
import { levelBelowPolicy } from './image/WB4004-level-below-policy.ts';
import { sourceNotExpected } from './image/WB4005-source-not-expected.ts';
import { evidenceNamesAnotherImage } from './image/WB4006-evidence-names-another-image.ts';
import { signatureDoesNotHold } from './image/WB4007-signature-does-not-hold.ts';
import { evidenceNotChecked } from './image/WB4008-evidence-not-checked.ts';
import { trustRootOrKeyStale } from './image/WB4009-trust-root-or-key-stale.ts';
import { attestationMissing } from './image/WB4010-attestation-missing.ts';
import { evidenceTooOld } from './image/WB4011-evidence-too-old.ts';
import { proofOfTimeMissing } from './image/WB4012-proof-of-time-missing.ts';
import { imageNotInPolicy } from './image/WB4013-image-not-in-policy.ts';

/** Every rule about built images, by id. */
export const imageRules: readonly ImageRule[] = [imageUnsigned, signerNotExpected, provenanceMissing, levelBelowPolicy, sourceNotExpected, evidenceNamesAnotherImage, signatureDoesNotHold, evidenceNotChecked, trustRootOrKeyStale, attestationMissing, evidenceTooOld, proofOfTimeMissing, imageNotInPolicy];
