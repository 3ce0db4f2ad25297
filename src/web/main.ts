// SPDX-License-Identifier: Apache-2.0
import type * as vscode from 'vscode';
import { catalogueData } from '../core/catalogue/data.ts';
import { activateWaybill, type TestAccess } from '../editor/activate.ts';

/** In a browser no tool can be started: Dockerfiles are judged, nothing is audited. */
export function activate(context: vscode.ExtensionContext): TestAccess | undefined {
  return activateWaybill(context, {
    kind: 'browser',
    catalogueData,
    configs: null,
    registerConfigs: null,
    registerApko: null,
    registerAudit: null,
  });
}
