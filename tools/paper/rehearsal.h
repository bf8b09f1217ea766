// Keeps what a bar needs in the processor's caches while nothing happens: every now and then features and model of an
// instrument go through its last bar once more and forget it, and an understudy plays the whole of the trading thread's
// part. Between two bars of a minute all of it would be gone. No row, probability or decision changes. For a trading
// thread that does not sleep; an event that comes in the middle waits some microseconds.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/core/block.h"
#include "engine/features/feature_stage.h"
#include "engine/inference/inference_stage.h"
#include "tools/paper/understudy.h"

namespace hftsim {

class Rehearsal {
 public:
  // All outlive it; no model, no understudy: null.
  Rehearsal(features::FeatureStage& features, inference::InferenceStage* inference, Understudy* understudy)
      : features_(features), inference_(inference), understudy_(understudy) {}

  // Of a block whose bars are done with.
  void remember(const Block& block) {
    for (const Event& event : block.events) {
      if (event.kind != EventKind::bar) continue;
      last_bar_of(event.instrument) = event;
      if (understudy_ != nullptr && event.instrument == 0) understudy_->remember(event);
    }
  }

  // At every look for events that finds none.
  void found_nothing() {
    if (understudy_does([](Understudy& understudy) { return understudy.work_ahead(); })) return;
    if (++looks_ % kLooks != 0 || last_bars_.empty()) return;
    rehearse(last_bars_[++turn_ % last_bars_.size()]);
    if (turn_ % kTurnsOfAPlay == 0) understudy_does([](Understudy& understudy) { return understudy.play(); });
  }

 private:
  static constexpr std::uint32_t kLooks = 8192;      // half a millisecond or so
  static constexpr std::uint32_t kTurnsOfAPlay = 8;  // a model has a bar's work to do after each

  Event& last_bar_of(InstrumentId instrument) {
    const auto found = std::ranges::find(last_bars_, instrument, &Event::instrument);
    return found != last_bars_.end() ? *found : last_bars_.emplace_back();
  }
  // Has it do something, and says whether it did. Whatever becomes of it, the session goes on without it.
  template <class Work>
  bool understudy_does(Work work) {
    try {
      return understudy_ != nullptr && work(*understudy_);
    } catch (...) {
      understudy_ = nullptr;
      return false;
    }
  }
  void rehearse(const Event& bar) {
    features_.set(bar.instrument).rehearse(bar);
    if (inference_ != nullptr) inference_->rehearse(bar.instrument);
  }

  features::FeatureStage& features_;
  inference::InferenceStage* inference_;
  Understudy* understudy_;
  std::vector<Event> last_bars_;  // of each instrument that had one
  std::uint32_t looks_ = 0, turn_ = 0;
};

}  // namespace hftsim
