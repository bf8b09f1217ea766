// Run configs: the TOML file, then everything that is checked across its keys.
#include "engine/core/errors.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/input_file.h"
#include "tools/run_config.h"

namespace hftsim::fuzz {

std::vector<std::string> seeds() {
  RunConfig resolved;
  resolve(resolved);
  return {to_toml(resolved),
          "[data]\npath = [\"a.csv\", \"b.parquet\"]\ninterval = \"1m\"\npolicy = \"repair\"\n",
          "[strategy]\nname = \"ensemble\"\nmembers = [\"momentum\", \"breakout\"]\nweights = [1.0, 2]\n",
          "[run]\nblock = 7\nthreads = \"pipelined\"\nstart = \"2024-01-01T00:00:00Z\"\n[features]\nwindows "
          "= [5, 10]\n"};
}

void run(std::span<const std::uint8_t> input) {
  const InputFile file("config.toml", input);
  try {
    RunConfig config;
    read_config_file(config, file.path());
    resolve(config);
    to_toml(config);
  } catch (const BadInput&) {
  }
}

}  // namespace hftsim::fuzz
