// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod/mini';
import { auditReportSchema } from '../core/evidence/report.ts';
import { basesDocumentSchema } from '../core/output/bases-schema.ts';
import { lintDocumentSchema } from '../core/output/lint-schema.ts';
import { toolsDocumentSchema } from '../core/output/tools.ts';
import { bundleDocumentSchema } from '../core/output/verify-bundle.ts';
import { verifyDocumentSchema } from '../core/output/verify-document.ts';
import { policyFileSchema } from '../core/policy/schema.ts';

const DOCUMENTS = [
  ['bases', 'What `waybill bases --format json` prints', basesDocumentSchema],
  ['lint', 'What `waybill lint --format json` prints', lintDocumentSchema],
  ['audit', 'What `waybill audit --format json` prints, and what is stored', auditReportSchema],
  ['verify', 'What `waybill verify --format json` prints', verifyDocumentSchema],
  ['tools', 'What `waybill tools --format json` prints', toolsDocumentSchema],
  ['verify-bundle', 'What `waybill verify-bundle --format json` prints', bundleDocumentSchema],
  ['policy', 'What a policy file, `.waybill.yaml`, may say', policyFileSchema],
] as const;

/** docs/schemas/NAME.json for every JSON document that others read. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map(
    DOCUMENTS.map(([name, description, schema]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema);
      const document = {
        $schema,
        $id: `https://github.com/waybill-dev/waybill/blob/main/docs/schemas/${name}.json`,
        description: `${description}.`,
        ...rest,
      };
      return [`docs/schemas/${name}.json`, `${JSON.stringify(document, null, 2)}\n`] as const;
    }),
  );
}
