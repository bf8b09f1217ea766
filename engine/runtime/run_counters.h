// What happened in a run, counted. Nothing that was dropped or refused is missing here.
#pragma once

#include <array>
#include <cstdint>
#include <numeric>

#include "engine/execution/reason.h"

namespace hftsim {

struct RunCounters {
  std::uint64_t warmup_bars = 0;  // before the start: nothing was decided on them
  std::uint64_t bars = 0;
  std::uint64_t warm_bars = 0;  // on which the strategy was asked
  std::uint64_t signals_buy = 0;
  std::uint64_t signals_sell = 0;
  std::uint64_t signals_hold = 0;
  std::uint64_t orders = 0;  // sent to the venue; a bracket's children are the venue's
  std::uint64_t trades = 0;  // fills
  std::array<std::uint64_t, kReasonCount> refusals{};  // by the risk gate, the account or the venue

  std::uint64_t signals() const { return signals_buy + signals_sell + signals_hold; }
  std::uint64_t refusals_total() const {
    return std::accumulate(refusals.begin(), refusals.end(), std::uint64_t{0});
  }
  void count_refusal(Reason reason) { ++refusals[static_cast<std::size_t>(reason)]; }
};

}  // namespace hftsim
