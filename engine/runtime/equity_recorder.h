// Marks the equity curve: once per instant at which bars closed, after everything decided on them.
#pragma once

#include <span>
#include <vector>

#include "engine/core/event.h"
#include "engine/core/instrument.h"
#include "engine/portfolio/account.h"
#include "engine/runtime/journal.h"

namespace hftsim {

class EquityRecorder {
 public:
  EquityRecorder(const Account& account, Journal& journal, std::size_t instrument_count)
      : account_(account),
        journal_(journal),
        share_(account.initial().value / static_cast<double>(instrument_count)),
        held_(instrument_count) {
    for (Holding& holding : held_) holding.value = share_;
  }

  // After the bar was handled. Of several bars at one instant the last one's mark stays.
  void on_bar(const Event& bar) {
    follow_benchmark(held_[bar.instrument], bar.bar.close);
    mark(bar.ts_ns);
  }

  // The mark of the last instant once more, for what happened after its bars (the run's end).
  void refresh(Timestamp last) { mark(last.value); }

 private:
  // The initial capital in equal shares, each bought at its instrument's first close, without fees.
  struct Holding {
    double units = 0;
    double value = 0;
  };

  void follow_benchmark(Holding& holding, double close) {
    if (holding.units == 0) holding.units = share_ / close;
    holding.value = holding.units * close;
  }
  double benchmark() const {
    double sum = 0;
    for (const Holding& holding : held_) sum += holding.value;
    return sum;
  }
  void mark(std::int64_t ts_ns) {
    journal_.mark({ts_ns, account_.equity().value, benchmark(), account_.exposure().value});
  }

  const Account& account_;
  Journal& journal_;
  double share_;
  std::vector<Holding> held_;
};

}  // namespace hftsim
