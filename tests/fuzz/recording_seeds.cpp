// Writes the seeds of recording_fuzz into a folder: recordings of a few events, whole, cut off, packed, in both orders.
#include <cstdio>

#include "tests/replay/recording_bench.h"

int main(int argc, char** argv) {
  using namespace hftsim;
  if (argc != 2) {
    std::fprintf(stderr, "usage: recording_seeds FOLDER\n");
    return 2;
  }
  const std::filesystem::path folder(argv[1]);
  std::filesystem::create_directories(folder);
  for (const EventOrder order : {EventOrder::exchange, EventOrder::receive}) {
    for (const int level : {0, 3}) {
      for (const bool close : {true, false}) {
        const auto path = folder / ("seed-" + std::to_string(static_cast<int>(order)) +
                                    std::to_string(level) + (close ? "-whole" : "-cut"));
        const auto events = test::make_events(40, 1, 2, order);
        test::write_recording(path, events, test::recording_header(2, order),
                              {.block_events = 9, .zstd_level = level}, close);
        test::Bytes odd = test::bytes_of(path);  // an odd size: its checksums are made right
        odd.push_back('\0');
        test::write_bytes(path.string() + "-odd", odd);
      }
    }
  }
  return 0;
}
