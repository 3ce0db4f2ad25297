// SPDX-License-Identifier: Apache-2.0
// What was found, opened as documents: from the panel and from the tree, as it lies in the registry, and read-only.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import * as vscode from 'vscode';
import type { Evidence, ReportItem } from '../../../src/core/evidence/evidence.ts';
import {
  chooseStatement,
  click,
  openTab,
  press,
  run,
  WORKFLOW,
  type EvidenceScene,
  nodeOf,
} from './evidence-support.ts';
import { ask, environment, read, readUntil } from './runner.ts';
import { auditAccess, until } from './support.ts';

const SCHEME = 'waybill-evidence';
const PICKER_ROWS = '.quick-input-list .monaco-list-row';
type Json = Record<string, unknown>;

/** The editor that `open` brings to the front. */
async function openedBy(open: () => Promise<unknown>): Promise<vscode.TextEditor> {
  const before = vscode.window.activeTextEditor?.document.uri.toString();
  await open();
  return until('the document', () => {
    const editor = vscode.window.activeTextEditor;
    const { uri } = editor?.document ?? {};
    return uri?.scheme === SCHEME && uri.toString() !== before ? editor : null;
  });
}

const close = (): Thenable<unknown> => run('workbench.action.closeActiveEditor');

/** A person who types is told so, and nothing changes. */
async function assertReadOnly({ document }: vscode.TextEditor): Promise<void> {
  const text = document.getText();
  await ask({ action: 'click', on: '.editor-instance .view-lines' });
  await press('x');
  await readUntil('.monaco-editor-overlaymessage', /Cannot edit in read-only editor/);
  assert.equal(document.getText(), text);
  assert.equal(document.isDirty, false);
}

export function rawSuite(scene: EvidenceScene): void {
  describe('raw evidence', () => {
    let items: Evidence['items'];
    const itemOf = (label: string, kind: 'certificate' | 'key' | null): ReportItem => {
      const found = items.find((item) => item.label === label && (item.signer?.kind ?? null) === kind);
      assert.ok(found, `${label} by ${kind}`);
      return found;
    };
    /** The bytes that the registry has under a digest, past the front door. */
    const inRegistry = async (digest: string): Promise<Json> => {
      const path = `v2/northwind/payments-api/blobs/${digest}`;
      return (await (await fetch(`http://${environment('WAYBILL_TEST_SIGNED_REGISTRY')}/${path}`)).json()) as Json;
    };
    const fromPanel = (part: string): Promise<vscode.TextEditor> => openedBy(() => click(`[data-part="${part}"]`));

    before(async () => {
      const { service } = await auditAccess();
      const report = await service.report((await service.load())[0]?.key ?? '');
      assert.ok(report.ok && report.value.evidence !== null && report.value.evidence !== undefined);
      ({ items } = report.value.evidence);
      scene.mirror.asked.length = 0;
    });

    afterEach(async () => {
      while (vscode.window.activeTextEditor?.document.uri.scheme === SCHEME) await close();
    });

    it('opens bundle, statement and certificate from the panel, as they lie in the registry', async () => {
      const { digest } = itemOf('Image signature', 'certificate');
      await openTab('signatures');
      await chooseStatement(`Image signature verified, ${WORKFLOW}`);
      const bundle = await fromPanel('bundle');
      assert.equal(bundle.document.languageId, 'json');
      const stored = await inRegistry(digest);
      assert.deepEqual(JSON.parse(bundle.document.getText()), stored);
      await assertReadOnly(bundle);
      await close();

      const statement = await fromPanel('statement');
      assert.equal(statement.document.languageId, 'json');
      const { payload } = stored['dsseEnvelope'] as { payload: string };
      assert.deepEqual(
        JSON.parse(statement.document.getText()),
        JSON.parse(Buffer.from(payload, 'base64').toString('utf8')),
      );
      assert.ok(statement.document.lineCount > 5, 'it is set for people');
      await close();

      const certificate = await fromPanel('certificate');
      assert.equal(certificate.document.languageId, 'plaintext');
      const text = certificate.document.getText();
      const [pem = ''] = /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.exec(text) ?? [];
      const { raw, subjectAltName } = new X509Certificate(pem);
      const material = stored['verificationMaterial'] as { certificate: { rawBytes: string } };
      assert.equal(raw.toString('base64'), material.certificate.rawBytes);
      assert.ok(subjectAltName?.includes(WORKFLOW));
      assert.ok(text.indexOf(WORKFLOW) < text.indexOf(pem), 'what it says stands above it');
      await assertReadOnly(certificate);
    });

    it('opens what a button of a row of the tree asks for', async () => {
      const audit = await auditAccess();
      const node = await nodeOf(scene, 'Evidence', 'Signatures');
      await run('workbench.view.extension.waybill');
      await audit.view.reveal(node, { expand: true, select: false, focus: false });
      const row = '.part.sidebar .monaco-list-row[aria-label^="CycloneDX 1.6 SBOM"]';
      await readUntil(row, /not verified: names another image/);
      await ask({ action: 'hover', on: row });
      const editor = await openedBy(async () => {
        await ask({ action: 'click', on: `${row} [aria-label^="Open Raw Evidence"]` });
        await readUntil(PICKER_ROWS, /^Statement/);
        assert.deepEqual(
          (await read(PICKER_ROWS)).map((each) => /^\w+/.exec(each)?.[0]),
          ['Bundle', 'Statement'],
        );
        await ask({ action: 'click', on: `${PICKER_ROWS}[aria-label^="Statement"]` });
      });
      const { subject } = JSON.parse(editor.document.getText()) as { subject: { digest: { sha256: string } }[] };
      assert.notEqual(`sha256:${subject[0]?.digest.sha256 ?? ''}`, environment('WAYBILL_TEST_SIGNED_DIGEST'));
      assert.ok(itemOf('CycloneDX 1.6 SBOM', 'key').reason.includes(subject[0]?.digest.sha256 ?? 'nothing'));
      await assertReadOnly(editor);
    });

    it('opens what has one form alone without a question, and asks no registry for any of it', async () => {
      const unsigned = itemOf('SLSA provenance v1', null);
      await openTab('signatures');
      await chooseStatement('SLSA provenance v1 not signed');
      const editor = await fromPanel('statement');
      assert.deepEqual(JSON.parse(editor.document.getText()), await inRegistry(unsigned.digest));
      assert.deepEqual(scene.mirror.asked, []);
    });
  });
}
