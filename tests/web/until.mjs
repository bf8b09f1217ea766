// Waits for what a running program will do.
import assert from 'node:assert/strict';

export async function until(condition, what) {
  for (let tenths = 0; tenths < 300; tenths += 1) {
    if (await condition()) return;
    await new Promise((done) => { setTimeout(done, 100); });
  }
  assert.fail(`never: ${what}`);
}
