// The equity curve: one mark per instant at which a bar closed. Kept outside memory for long runs, so it is
// written and read as a stream.
#pragma once

#include <cstdint>
#include <span>
#include <type_traits>

namespace hftsim {

struct EquityMark {
  std::int64_t ts_ns;
  double equity;     // cash + sum of quantity * last price, money
  double benchmark;  // what the initial capital is worth bought and held in equal parts, without fees
  double exposure;   // sum of |quantity * last price| over instruments, money
};
static_assert(sizeof(EquityMark) == 32 && std::is_trivially_copyable_v<EquityMark>);

class EquitySink {
 public:
  virtual ~EquitySink() = default;
  virtual void append(std::span<const EquityMark> marks) = 0;
};

// A series that can be read from the start any number of times.
class EquitySeries {
 public:
  virtual ~EquitySeries() = default;
  virtual std::uint64_t size() const = 0;
  virtual void rewind() = 0;
  // The next marks; empty at the end. Valid until the next call.
  virtual std::span<const EquityMark> next() = 0;
};

}  // namespace hftsim
