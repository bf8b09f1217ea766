// One symbol's candles so far: closed ones of the shortest interval that is known, the one still open, and any longer
// interval put together from them when it is asked for.
//
// A bar of the source closes its candle. A source without bars closes them by time, and an interval in which nothing
// traded becomes a flat candle, as on the exchange.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "adapters/exchange/kline.h"
#include "adapters/exchange/kline_interval.h"

namespace hftsim::exchange {

struct KlineQuery {
  std::optional<std::int64_t> from_ns = {};  // of the opening; none: the last ones before to_ns
  std::int64_t to_ns = INT64_MAX;            // of the opening, included
  std::size_t limit = 500;
};

class KlineSeries {
 public:
  using Closed = std::function<void(const Kline&)>;

  explicit KlineSeries(const Instrument& instrument);

  // What has closed since is told before the trade or bar itself counts.
  void on_trade(const Event& trade, const Closed& closed);
  void on_bar(const Event& bar, const Closed& closed);
  void advance_to(std::int64_t ns, const Closed& closed);

  Duration base() const { return base_; }
  std::size_t size() const { return klines_.size(); }

  // In the order of time, the open one included. Longer candles hold what is known of their time.
  std::vector<Kline> find(const KlineInterval& interval, const KlineQuery& query, std::int64_t now_ns) const;

  // The candle of that interval with this instant in it; none where nothing is known of it.
  std::optional<Kline> at(const KlineInterval& interval, std::int64_t ns, std::int64_t now_ns) const;

 private:
  std::optional<Kline> open_kline(std::int64_t now_ns) const;
  void close_open(const Closed& closed);
  void fill_flat(std::int64_t until_ns, const Closed& closed);
  void append(const Kline& kline, const Closed& closed);
  void tell(const Closed& closed);
  std::int64_t base_open_of(std::int64_t ns) const;
  std::size_t first_not_before(std::int64_t open_ns) const;
  std::size_t start_of_last(const KlineInterval& interval, std::size_t end, std::size_t groups) const;

  DecimalStep price_step_, quantity_step_;
  bool takes_bars_;  // of a fixed interval
  Duration base_;
  std::vector<Kline> klines_;  // closed
  std::optional<Kline> open_;  // has traded
  bool has_bars_ = false;      // the source gives bars: they close
  std::int64_t told_until_ns_ = INT64_MIN;
};

}  // namespace hftsim::exchange
