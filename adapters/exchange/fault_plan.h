// What goes wrong on purpose, and how often: each fault with a rate of its own, drawn from random streams of the seed, so
// that the same requests in the same order meet the same faults.
//
//   [rest.|ws.]NAME=RATE[:DURATION][@STREAM]     several separated by commas
//   skew=+1500ms                                 the exchange's clock is that much ahead
//
//   NAME      disconnect  the connection breaks, in the middle of an answer
//             stall       nothing is sent for DURATION (5s)
//             malformed   the text is cut off and ends in garbage
//             slow        a few bytes at a time, DURATION (20ms) between them
//             429 418 503 the request is refused with that status (rest only)
//             gap         a message is left out (ws only, as the next two)
//             duplicate   a message comes twice
//             reorder     a message comes after the one behind it
//   RATE      0.02 (of all), 1/50 (every 50th), once (the next), off
//   STREAM    only messages of streams whose name holds that text (ws), requests whose path does (rest)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/rng.h"
#include "engine/core/units.h"

namespace hftsim::exchange {

enum class Fault : std::uint8_t {
  disconnect,
  stall,
  malformed,
  slow,
  too_many_requests,
  banned,
  unavailable,
  gap,
  duplicate,
  reorder
};
inline constexpr std::size_t kFaultCount = 10;

// Where: answers to requests, messages of streams.
enum class FaultSide : std::uint8_t { rest, stream };

std::string_view fault_name(Fault fault);

class FaultPlan {
 public:
  explicit FaultPlan(std::uint64_t seed);

  // In words of the table above; later ones replace earlier ones of the same name. All or none: throws BadInput for
  // words that are not in it.
  void set(const std::string& faults);
  void clear();

  // Whether it strikes this time; `what` is the stream's name or the request's path. Counted where it does.
  bool strikes(Fault fault, FaultSide side, std::string_view what);

  bool any(FaultSide side) const;
  Duration duration(Fault fault, FaultSide side) const { return rule(fault, side).duration; }
  Duration skew() const { return skew_; }
  std::uint64_t count(Fault fault, FaultSide side) const { return rule(fault, side).struck; }
  // A number below the bound, of the plan's own stream.
  std::uint64_t below(std::uint64_t bound) { return choices_.below(bound); }

 private:
  struct Rule {
    explicit Rule(RandomStream stream) : random(stream) {}

    RandomStream random;
    double probability = 0;
    std::uint64_t every = 0;  // 0: by probability
    bool once = false;
    Duration duration{0};
    std::string where;
    std::uint64_t asked = 0, struck = 0;
  };
  struct Setting;

  static Setting parse(std::string_view text);
  static void read_rate(Setting& setting, std::string_view text, const std::string& place);
  void apply(const Setting& setting);
  Rule& rule(Fault fault, FaultSide side);
  const Rule& rule(Fault fault, FaultSide side) const;

  std::vector<Rule> rules_;  // of each fault rest's, then the streams'
  RandomStream choices_;
  Duration skew_{0};
};

}  // namespace hftsim::exchange
