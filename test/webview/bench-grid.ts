// SPDX-License-Identifier: Apache-2.0
// For npm run bench: how long from opening a tab of 50,000 packages until its rows are on the screen.
import { bigReport } from './fixtures.ts';
import { Harness } from './harness.ts';

const COUNT = 50_000;

export interface GridBench {
  /**
   * Milliseconds from the click on the tab to the frame that shows the rows. The page asks for a table's first rows as soon
   * as it hears of a report, so here they are there or on their way, as they are for a person.
   */
  readonly firstPaint: number;
  /** Elements of the grid in that frame. */
  readonly elements: number;
}

/** Every run opens a fresh page on a fresh session. */
export async function benchGrid(runs: number): Promise<GridBench[]> {
  const harness = await Harness.start();
  const report = bigReport(COUNT);
  const results: GridBench[] = [];
  try {
    for (let run = 0; run < runs; run++) {
      const open = await harness.open((session) => void session.show(report));
      const result = await open.page.evaluate(async () => {
        const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
        const started = performance.now();
        document.getElementById('tab-packages')?.click();
        while (document.querySelector('waybill-grid .row:not([hidden], [aria-busy])') === null) await frame();
        // The callback after the next frame runs once that frame is on its way to the screen.
        await frame();
        return {
          firstPaint: performance.now() - started,
          elements: document.querySelectorAll('waybill-grid, waybill-grid *').length,
        };
      });
      await open.assertClean();
      await open.close();
      results.push(result);
    }
  } finally {
    await harness.stop();
  }
  return results;
}
