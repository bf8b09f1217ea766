// Lets the quotes of one instrument pass whose update ids rise.
#pragma once

#include <cstdint>

#include "engine/core/event.h"

namespace hftsim::live {

class QuoteFilter {
 public:
  bool passes(const Event& quote) {
    const bool is_older = quote.quote.seq <= last_;
    older_ = is_older ? older_ + 1 : 0;
    if (is_older && older_ <= kOlderMax) return false;  // beyond it, one absurd id was believed
    last_ = quote.quote.seq;
    older_ = 0;
    return true;
  }

  // A new connection may begin anywhere.
  void reset() { last_ = 0; }

 private:
  static constexpr int kOlderMax = 1000;

  std::uint64_t last_ = 0;
  int older_ = 0;
};

}  // namespace hftsim::live
