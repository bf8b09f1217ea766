// Keeps what a bar needs in the processor's caches while nothing happens: every now and then features and model of an
// instrument go through its last bar once more and forget it. Between two bars of a minute all of it would be gone. No row
// and no probability changes. For a trading thread that does not sleep; an event that comes in the middle waits some
// microseconds.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/core/block.h"
#include "engine/features/feature_stage.h"
#include "engine/inference/inference_stage.h"

namespace hftsim {

class Rehearsal {
 public:
  // Both outlive it; no model: null.
  Rehearsal(features::FeatureStage& features, inference::InferenceStage* inference)
      : features_(features), inference_(inference) {}

  // Of a block whose bars are done with.
  void remember(const Block& block) {
    for (const Event& event : block.events) {
      if (event.kind == EventKind::bar) last_bar_of(event.instrument) = event;
    }
  }

  // At every look for events that finds none.
  void found_nothing() {
    if (++looks_ % kLooks == 0 && !last_bars_.empty()) rehearse(last_bars_[++turn_ % last_bars_.size()]);
  }

 private:
  static constexpr std::uint32_t kLooks = 8192;  // half a millisecond or so

  Event& last_bar_of(InstrumentId instrument) {
    const auto found = std::ranges::find(last_bars_, instrument, &Event::instrument);
    return found != last_bars_.end() ? *found : last_bars_.emplace_back();
  }
  void rehearse(const Event& bar) {
    features_.set(bar.instrument).rehearse(bar);
    if (inference_ != nullptr) inference_->rehearse(bar.instrument);
  }

  features::FeatureStage& features_;
  inference::InferenceStage* inference_;
  std::vector<Event> last_bars_;  // of each instrument that had one
  std::uint32_t looks_ = 0, turn_ = 0;
};

}  // namespace hftsim
