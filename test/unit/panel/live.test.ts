// SPDX-License-Identifier: Apache-2.0
// The panel beside an audit that really runs: core's own stages with made-up tools.
import assert from 'node:assert/strict';
import { audit } from '../../../src/core/evidence/audit.ts';
import { PanelSession } from '../../../src/core/panel/session.ts';
import type { StateMessage } from '../../../src/core/protocol/panel.ts';
import { artifact, match, never, NOW, ports, REQUEST } from '../evidence/reports.ts';

describe('panel session beside a real audit', () => {
  it('lists the components before matching ends, then everything', async () => {
    const session = new PanelSession('oci-dir:image', { now: () => NOW });
    session.receive({ v: 1, type: 'ready' });
    session.start();
    const seen: string[] = [];
    const tools = ports(
      [artifact('1', 'lodash'), artifact('2', 'axios')],
      [match('GHSA-a', '1', { severity: 'Critical' })],
    );
    const outcome = await audit(
      REQUEST,
      tools,
      (event) => {
        for (const message of session.stage(event)) {
          if (message.type !== 'state') continue;
          const { tabs, answers } = message.overview;
          seen.push(`${tabs[1]?.count ?? '-'} ${tabs[2]?.count ?? '-'} ${answers[0]?.state} ${answers[1]?.state}`);
        }
      },
      never,
    );
    // Nothing is claimed of vulnerabilities before the report is there.
    assert.deepEqual([...new Set(seen)].slice(-2), ['2 - verified waiting', '2 - verified running']);
    assert.ok(
      seen.every((each) => /^[2-] - (?:waiting|running|verified) (?:waiting|running)$/.test(each)),
      seen.join('; '),
    );
    session.show(outcome.report);
    const { overview } = session.state() as StateMessage;
    assert.deepEqual(
      overview.tabs.map(({ count }) => count),
      [null, 2, 1, null, null],
    );
    assert.equal(overview.answers[1]?.state, 'failed');
  });
});
