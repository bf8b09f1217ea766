// One generated symbol: its prices and its trading, some bars at a time, given the market's path.
#pragma once

#include "replay/market_path.h"

namespace hftsim {

// Per bar: prices in ticks of 0.01, volume in lots of 0.00001.
struct BarColumns {
  alignas(64) PathColumn open, high, low, close;
  alignas(64) PathColumn lots;
  alignas(64) PathColumn trades;
};

class SymbolPath {
 public:
  SymbolPath(const BarGeneratorOptions& options, const GeneratedSymbol& symbol);

  // The symbol's next `count` bars.
  void advance(const MarketColumns& market, std::size_t count, BarColumns& bars);

 private:
  // What a bar draws, in the order in which it is drawn, and what follows from it.
  struct Columns {
    alignas(64) PathColumn log_volatility;
    alignas(64) PathColumn moved;         // in sds of the bar
    alignas(64) PathColumn log_activity;  // what volatility and the move do not explain
    alignas(64) PathColumn open_step;     // ticks from the last close
    alignas(64) PathColumn above, below;  // uniforms, then how far the path goes beyond its ends
    alignas(64) PathColumn trades, size;  // shocks
    alignas(64) PathColumn volatility;    // sd of the bar's path
    alignas(64) PathColumn log_return;
  };

  void draw(const MarketColumns& market, std::size_t count, Columns& columns);
  void make_volatility(std::size_t count, Columns& columns) const;
  void make_closes(std::size_t count, Columns& columns, BarColumns& bars);
  void make_opens(std::size_t count, const Columns& columns, BarColumns& bars);
  void make_extremes(std::size_t count, Columns& columns, BarColumns& bars) const;
  void make_trading(const MarketColumns& market, std::size_t count, const Columns& columns,
                    BarColumns& bars) const;

  BarModel model_;
  RandomStream random_;
  AutoregressivePath fast_volatility_;
  AutoregressivePath activity_;
  double base_volatility_;             // of a bar where every log is 0
  double jump_probability_;            // per bar
  double jump_sd_;                     // in sds of a bar
  double market_weight_, own_weight_;  // of the two shocks in a return
  double fast_weight_;                 // of what is not leverage in the fast part's shock
  double pull_;                        // towards the initial price, per bar
  double price_;                       // before rounding
  double log_price_ = 0;               // less the initial price's
  double close_ticks_;                 // of the last bar
  double trades_median_;               // per bar
  double lots_per_trade_;
};

}  // namespace hftsim
