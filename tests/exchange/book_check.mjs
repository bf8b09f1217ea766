// A local book beside the quotes: after every message its best levels are those of the quote with the largest update
// id not above the message's.
import assert from 'node:assert/strict';

import { LocalBook } from './local_book.mjs';

export class BookCheck {
  constructor(market) {
    this.book = new LocalBook(market);
    this.early = [];
    this.open = []; // what the best levels were, until a later quote says that the one before was the last
    this.quote = null;
    this.compared = 0;
  }

  // False where another snapshot is wanted, as the procedure says: this one is none, or older than the changes that are kept.
  join(snapshot) {
    const first = this.early.find(({ U }) => U);
    if (!snapshot?.lastUpdateId || (first && snapshot.lastUpdateId < first.U)) return false;
    this.book.loadSnapshot(snapshot);
    const early = this.early;
    this.early = null;
    for (const data of early) this.take(data);
    return true;
  }

  take(data) {
    if (this.early) this.early.push(data);
    else if (data.U) this.takeDepth(data);
    else this.takeQuote(data);
  }

  takeDepth(data) {
    const step = this.book.apply(data);
    assert.notEqual(step, 'gap');
    if (step === 'applied') this.open.push({ id: data.u, best: this.book.best() });
  }

  takeQuote(quote) {
    const settled = this.open.filter(({ id }) => id < quote.u);
    this.open = this.open.filter(({ id }) => id >= quote.u);
    for (const { id, best: { bid, bidQuantity, ask, askQuantity } } of settled) {
      if (!this.quote || this.quote.u > id) continue;
      const { b, B, a, A } = this.quote;
      assert.deepEqual([bid, bidQuantity, ask, askQuantity], [+b, B, +a, A], `after update ${id}`);
      ++this.compared;
    }
    if (!this.quote || quote.u > this.quote.u) this.quote = quote;
  }
}
