#include "adapters/dashboard/live_hub.h"

namespace hftsim::dashboard {

// A snapshot leaves out what the next update tells: without one, what came since the last browser left.
void LiveHub::forget_changes_nobody_saw() {
  if (!browsers_.empty()) return;
  content_.update();
  snapshot_.reset();
}

void LiveHub::add(LiveBrowser& browser) {
  forget_changes_nobody_saw();
  browsers_.push_back(&browser);
  counts_.browsers = browsers_.size();
}

void LiveHub::remove(LiveBrowser& browser) {
  std::erase(browsers_, &browser);
  counts_.browsers = browsers_.size();
}

Text LiveHub::snapshot() {
  forget_changes_nobody_saw();
  if (snapshot_) return snapshot_;
  snapshot_ = std::make_shared<const std::string>(content_.snapshot());
  ++counts_.snapshots;
  return snapshot_;
}

void LiveHub::update() {
  if (browsers_.empty()) return;
  snapshot_.reset();
  const Text update = std::make_shared<const std::string>(content_.update());
  ++counts_.updates;
  const auto now = std::chrono::steady_clock::now();
  for (LiveBrowser* browser : browsers_) {
    browser->deliver(update);
    browser->check(now);
  }
}

void LiveHub::close() {
  for (LiveBrowser* browser : browsers_) browser->close();
}

}  // namespace hftsim::dashboard
