// Gives a fuzzer's harness its seeds, and seeded mutations of them: the same on every machine.
//
//   NAME_mutations [COUNT]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "engine/core/rng.h"
#include "tests/fuzz/fuzz_target.h"

namespace hftsim::fuzz {
namespace {

std::size_t place_in(const std::string& text, RandomStream& random) {
  return static_cast<std::size_t>(random.below(text.size() + 1));
}

void mutate_once(std::string& text, const std::string& other, RandomStream& random) {
  const std::size_t at = place_in(text, random);
  const std::size_t length =
      static_cast<std::size_t>(random.below(std::min<std::size_t>(text.size() - at, 64) + 1));
  static constexpr std::string_view kTelling = "0\"',:;.-+eE{}[]\n\r\t \\/\x00\x7f\xff=#";
  switch (random.below(6)) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << random.below(8)));
      break;
    case 1:
      if (at < text.size()) text[at] = kTelling[random.below(kTelling.size())];
      break;
    case 2:
      text.erase(at, length);
      break;
    case 3:
      text.insert(at, text.substr(at, length));
      break;
    case 4:
      text.resize(at);
      break;
    default:
      text.insert(at, other.substr(place_in(other, random), length));
      break;
  }
}

std::string mutated(const std::vector<std::string>& all, RandomStream& random) {
  std::string text = all[random.below(all.size())];
  for (std::uint64_t i = 0; i <= random.below(6); ++i)
    mutate_once(text, all[random.below(all.size())], random);
  return text;
}

void run_text(const std::string& text) {
  run({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

}  // namespace
}  // namespace hftsim::fuzz

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 2000;
  const auto all = hftsim::fuzz::seeds();
  for (const std::string& seed : all) hftsim::fuzz::run_text(seed);
  hftsim::RandomStream random(1, "fuzz/mutations");
  for (int i = 0; i < count; ++i) hftsim::fuzz::run_text(hftsim::fuzz::mutated(all, random));
  std::printf("%zu seeds, %d mutations\n", all.size(), count);
}
