// An order book kept by the procedure that Binance documents for local books, spot and USD-M.
export class LocalBook {
  constructor(market) {
    this.isSpot = market === 'spot';
    this.bids = new Map();
    this.asks = new Map();
    this.last = null; // update id; null: no snapshot yet
    this.joined = false;
  }

  loadSnapshot({ lastUpdateId, bids, asks }) {
    this.last = lastUpdateId;
    this.joined = false;
    for (const [side, levels] of [[this.bids, bids], [this.asks, asks]]) {
      side.clear();
      for (const [price, quantity] of levels) side.set(Number(price), quantity);
    }
  }

  // 'stale': older than the snapshot. 'gap': messages are missing. Otherwise 'applied'.
  apply(message) {
    const { U: first, u: last, pu: previous } = message;
    if (this.isSpot ? last <= this.last : last < this.last) return 'stale';
    if (!this.follows(first, last, previous)) return 'gap';
    this.joined = true;
    this.last = last;
    for (const [side, levels] of [[this.bids, message.b], [this.asks, message.a]]) {
      for (const [price, quantity] of levels) {
        if (Number(quantity) === 0) side.delete(Number(price));
        else side.set(Number(price), quantity);
      }
    }
    return 'applied';
  }

  follows(first, last, previous) {
    if (this.joined) return this.isSpot ? first === this.last + 1 : previous === this.last;
    if (this.isSpot) return first <= this.last + 1 && last >= this.last + 1;
    return (first <= this.last && last >= this.last) || previous === this.last;
  }

  best() {
    const bid = Math.max(...this.bids.keys()), ask = Math.min(...this.asks.keys());
    return { bid, bidQuantity: this.bids.get(bid), ask, askQuantity: this.asks.get(ask) };
  }
}
