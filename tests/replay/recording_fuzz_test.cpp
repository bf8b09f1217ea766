// The fuzzer's harness over mutations that know what a recording looks like.
#include "tests/fuzz/fuzz_target.h"
#include "tests/replay/recording_damage.h"

namespace hftsim {
namespace {

using namespace test;

using RecordingFuzz = RecordingTest;

TEST_F(RecordingFuzz, HoldsOverSeededMutations) {
  for (const EventOrder order : {EventOrder::exchange, EventOrder::receive}) {
    for (const int level : {0, 3}) {
      write_recording(path_, make_events(60, 1, 2, order), recording_header(2, order),
                      {.block_events = 9, .zstd_level = level});
      const Bytes whole = bytes_of(path_);
      RandomStream random(6, "fuzz");
      for (int round = 0; round < 1000; ++round) {
        Bytes bytes = mutated(whole, random);
        if (random.below(2) == 0 && bytes.size() % 2 == 0) bytes.push_back('\0');
        fuzz::run({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
      }
    }
  }
}

}  // namespace
}  // namespace hftsim
