// The session as this browser knows it: the last snapshot and every update since, bounded as the program's own state is.
import type { Bar, EquityPoint, Fill, LogLine, Message, Order, SessionInfo, Signal, Snapshot, State, Trade, Update } from './contract';

const most = { candles: 1000, trades: 100, rows: 200, equity: 2000 };

const keepLast = <T>(list: T[], count: number): void => { if (list.length > count) list.splice(0, list.length - count); };

export class Store {
  session: SessionInfo | undefined;
  state: State | undefined;
  nowMs = 0;
  generation = 0; // of snapshots: what was drawn of an earlier one is void
  candles = new Map<string, Bar[]>();
  trades = new Map<string, Trade[]>();
  equity: EquityPoint[] = [];
  signals: Signal[] = [];
  orders: Order[] = [];
  fills: Fill[] = [];
  log: LogLine[] = [];

  take(message: Message): void {
    if (message.type === 'snapshot') this.begin(message);
    else if (this.session) this.follow(message);
    else return;
    this.state = message.state;
    this.nowMs = message.now_ms;
  }

  private begin(snapshot: Snapshot): void {
    this.generation += 1;
    this.session = snapshot.session;
    this.candles = new Map(Object.entries(snapshot.candles));
    this.trades = new Map(Object.entries(snapshot.trades));
    this.equity = snapshot.equity;
    this.signals = snapshot.signals;
    this.orders = snapshot.orders;
    this.fills = snapshot.fills;
    this.log = snapshot.log;
  }

  private follow(update: Update): void {
    for (const { symbol, bar } of update.candles) putBar(this.candles.get(symbol), bar);
    for (const trade of update.trades) this.trades.get(trade.symbol)?.push(trade);
    for (const list of this.trades.values()) keepLast(list, most.trades);
    for (const order of update.orders) putOrder(this.orders, order);
    this.signals.push(...update.signals);
    this.fills.push(...update.fills);
    this.log.push(...update.log);
    for (const point of update.equity) if (point[0] > (this.equity[this.equity.length - 1]?.[0] ?? -Infinity)) this.equity.push(point);
    for (const list of [this.signals, this.orders, this.fills, this.log]) keepLast<unknown>(list, most.rows);
    if (this.equity.length > most.equity) this.equity = thinned(this.equity);
  }
}

// Pairs become one: the later equity, the deeper drawdown.
function thinned(points: EquityPoint[]): EquityPoint[] {
  const kept: EquityPoint[] = [];
  for (let i = 0; i < points.length; i += 2) {
    const first = points[i] as EquityPoint;
    const later = points[i + 1] ?? first;
    kept.push([later[0], later[1], Math.max(first[2], later[2])]);
  }
  return kept;
}

function putBar(bars: Bar[] | undefined, bar: Bar): void {
  if (!bars) return;
  let i = bars.length;
  while (i > 0 && (bars[i - 1] as Bar)[0] > bar[0]) i -= 1;
  if (i > 0 && (bars[i - 1] as Bar)[0] === bar[0]) bars[i - 1] = bar;
  else bars.splice(i, 0, bar);
  keepLast(bars, most.candles);
}

function putOrder(orders: Order[], order: Order): void {
  for (let i = orders.length - 1; i >= 0; i -= 1)
    if ((orders[i] as Order).row === order.row) {
      orders[i] = order;
      return;
    }
  orders.push(order);
}
