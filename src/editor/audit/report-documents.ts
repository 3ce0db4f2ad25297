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
  const changed = new vscode.EventEmitter<vscode.Uri>();
  return vscode.Disposable.from(
    changed,
    service.waivers.onDidChange(() => {
      for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === REPORT_SCHEME) changed.fire(uri);
    }),
    vscode.workspace.registerTextDocumentContentProvider(REPORT_SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: async ({ query }) => {
        const report = await service.judged(query);
        if (!report.ok) throw new Error(problemText(report.error));
        return `${JSON.stringify(report.value, null, 2)}\n`;
      },
    }),
  );
}
