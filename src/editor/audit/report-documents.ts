// SPDX-License-Identifier: Apache-2.0
import * as vscode from 'vscode';
import { problemText } from '../../core/model/problem.ts';
import type { AuditService } from './service.ts';

const REPORT_SCHEME = 'waybill-report';

/** Address of a stored report as a read-only document. */
export function reportUri(key: string): vscode.Uri {
  return vscode.Uri.from({ scheme: REPORT_SCHEME, path: `/${key.replace(':', '-')}.json`, query: key });
}

export function registerReportDocuments(service: AuditService): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(REPORT_SCHEME, {
    provideTextDocumentContent: async ({ query }) => {
      const report = await service.report(query);
      if (!report.ok) throw new Error(problemText(report.error));
      return `${JSON.stringify(report.value, null, 2)}\n`;
    },
  });
}
