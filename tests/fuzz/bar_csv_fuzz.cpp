// Bars as CSV, under every policy.
#include <array>

#include "adapters/bar_reader.h"
#include "engine/core/errors.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_file.h"

namespace hftsim::fuzz {
namespace {

void read_all(const std::filesystem::path& path, DataPolicy policy) {
  try {
    BarReaderOptions options;
    options.policy = policy;
    BarReader reader(path, options);
    std::array<Event, 64> events;
    while (reader.read(events) > 0) {
    }
  } catch (const BadInput&) {
  }
}

}  // namespace

std::vector<std::string> seeds() {
  return {
      "timestamp,open,high,low,close,volume,trades\n1704067200000,1,2,0.5,1.5,10,3\n1704067260000,1.5,2,1,1."
      "2,4,1\n",
      "Date;Open;High;Low;Close;Volume\n2024-01-01;1;2;0.5;1.5;10\n2024-01-02;1.5;2;1;1.2;4\n2024-01-05;1;1;"
      "1;1;0\n",
      "1704067200,1,2,0.5,1.5,10,1704067259,0,3,0,0,0\n1704067260,1.5,2,1,1.2,4,1704067319,0,1,0,0,0\n",
      "time,open,high,low,close\n\"2024-01-01 00:00:00\",1,2,0.5,1.5\n2024-01-01 "
      "00:00:00,nan,2,1,1.2\n,,,,\n"};
}

void run(std::span<const std::uint8_t> input) {
  const InputFile file("bars.csv", input);
  for (const DataPolicy policy : {DataPolicy::reject, DataPolicy::skip, DataPolicy::repair})
    read_all(file.path(), policy);
}

}  // namespace hftsim::fuzz
