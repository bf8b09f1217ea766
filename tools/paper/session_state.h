// What the dashboard shows of a session, bounded however long it runs. On one thread at a time: session_view.h locks.
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/live/feed_options.h"
#include "engine/core/instrument.h"
#include "engine/portfolio/account.h"
#include "tools/chart_buckets.h"
#include "tools/halt_watch.h"
#include "tools/paper/live_status.h"

namespace hftsim {

inline constexpr std::size_t kViewCandles = 1000;  // per symbol
inline constexpr std::size_t kViewEquityPoints = 2000;
inline constexpr std::size_t kViewRows = 200;    // of signals, orders, fills and log lines each
inline constexpr std::size_t kViewTrades = 100;  // per symbol

struct SessionInfo {
  std::vector<Instrument> instruments;
  std::vector<std::string> features;  // names of a block's rows
  std::string strategy, model;        // model "": none
  std::string market, url;
  std::int64_t started_ms = 0;
  double initial_capital = 0;  // > 0
};

struct ViewCandle {
  std::int64_t open_ms = 0;
  double open = 0, high = 0, low = 0, close = 0, volume = 0;
  bool closed = false;   // by its bar; else of the trades seen so far
  bool changed = false;  // since the last update
};

struct ViewTrade {
  std::int64_t ts_ms;
  InstrumentId instrument;
  double price, quantity;
  Side side;  // of the aggressor
};

struct ViewSignal {
  std::int64_t ts_ms;
  InstrumentId instrument;
  SignalSide side;
  double confidence;
  double probability;  // NaN: no model
  double price;
};

struct ViewOrder {
  std::uint64_t row;  // number of it in the session
  std::int64_t ts_ms;
  OrderId id;  // 0: refused before it was one
  InstrumentId instrument;
  Side side;
  std::string_view type, status;
  double quantity, filled, price;  // price NaN: at the market
  Reason reason;
  bool changed;
};

struct ViewFill {
  std::int64_t ts_ms;
  OrderId id;
  InstrumentId instrument;
  Side side;
  Liquidity liquidity;
  double quantity, price, fee;
};

struct ViewLine {
  std::int64_t ts_ms;
  std::string level, text;
};

struct ViewEquity {
  std::int64_t ts_ms;
  double equity;
  double drawdown_pct;  // the deepest, where points were merged

  void merge(const ViewEquity& later) {
    const double deepest = drawdown_pct > later.drawdown_pct ? drawdown_pct : later.drawdown_pct;
    *this = later;
    drawdown_pct = deepest;
  }
};

// The last `most` rows. Those that no update has told yet are fresh; a snapshot leaves them to the next update, so that
// a browser sees each once.
template <class Row>
class ViewTail {
 public:
  explicit ViewTail(std::size_t most) : most_(most) {}

  void add(Row row) {
    if (rows_.size() == most_) rows_.pop_front();
    rows_.push_back(std::move(row));
    if (fresh_ < rows_.size()) ++fresh_;
  }
  std::vector<Row> take_fresh() {
    std::vector<Row> fresh(rows_.end() - static_cast<std::ptrdiff_t>(fresh_), rows_.end());
    fresh_ = 0;
    return fresh;
  }
  std::vector<Row> settled() const {
    return {rows_.begin(), rows_.end() - static_cast<std::ptrdiff_t>(fresh_)};
  }

 private:
  std::size_t most_, fresh_ = 0;
  std::deque<Row> rows_;
};

struct ViewSymbol {
  std::deque<ViewCandle> candles;  // by open_ms
  ViewTail<ViewTrade> trades{kViewTrades};
  std::vector<double> features;  // of the last bar; empty before the first
  double probability = std::numeric_limits<double>::quiet_NaN();
  double last_price = 0;
};

struct SessionState {
  explicit SessionState(const SessionInfo& info);

  void add(const Block& block, const SessionInfo& info);
  void add(std::span<const JournalRecord> records);
  void add(std::span<const EquityMark> marks);
  void follow_equity();  // with the account as it is marked now

  std::vector<ViewSymbol> symbols;
  ViewTail<ViewSignal> signals{kViewRows};
  std::deque<ViewOrder> orders;
  ViewTail<ViewFill> fills{kViewRows};
  ViewTail<ViewLine> log{kViewRows};
  ChartBuckets<ViewEquity, kViewEquityPoints> equity;
  ViewTail<ViewEquity> fresh_equity{kViewEquityPoints};
  Account account;
  double peak;
  HaltWatch halt{nullptr};
  LiveStatus status;
  live::FeedHealth feed;
  std::uint64_t order_rows = 0;
  double feed_age_ms = std::numeric_limits<double>::quiet_NaN();  // NaN: nothing has come yet

 private:
  void add_trade(const Event& event, const Instrument& instrument);
  void add_bar(const Event& event, const Instrument& instrument);
  void add_row(const Block& block, std::size_t event, const Event& bar);
  void add_order(ViewOrder order);
  void add_order(const JournalRecord& record);
  void add_report(const JournalRecord& record);
};

}  // namespace hftsim
