// Whatever is done to a bundle's bytes: it is refused with BadInput (any other exception fails the test), or what
// is read is a valid bundle.
#include <algorithm>
#include <cstring>

#include "engine/core/rng.h"
#include "models/bundle.h"
#include "models/bundle_zip.h"
#include "models/metadata_check.h"
#include "tests/models/bundle_file.h"
#include "tests/models/refusal.h"
#include "tests/replay/temporary_folder.h"

namespace hftsim::models {
namespace {

std::vector<NamedTensor> few_weights() {
  return {{"lstm.weight_ih_l0", {4, 3}, std::vector<float>(12, 0.5f)},
          {"lstm.bias", {4}, {1, -2, 3, -4}},
          {"fc2.bias", {}, {0.125f}}};
}

std::size_t below(RandomStream& random, std::size_t bound) {
  return static_cast<std::size_t>(random.uniform() * static_cast<double>(bound));
}

// One of: a flipped byte, a few of them, a range cut out, doubled or overwritten, a number made extreme.
std::string mutated(std::string bytes, RandomStream& random) {
  const std::size_t at = below(random, bytes.size());
  const std::size_t length = std::min(bytes.size() - at, 1 + below(random, 24));
  switch (below(random, 6)) {
    case 0:
      bytes[at] = static_cast<char>(below(random, 256));
      break;
    case 1:
      for (int i = 0; i < 8; ++i)
        bytes[below(random, bytes.size())] ^= static_cast<char>(1 << below(random, 8));
      break;
    case 2:
      bytes.erase(at, length);
      break;
    case 3:
      bytes.insert(at, bytes.substr(below(random, bytes.size()), length));
      break;
    case 4:
      std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), length,
                  below(random, 2) == 0 ? '\xff' : '\0');
      break;
    default: {
      static const char* const kTokens[] = {
          "-1", "0",    "1e999", "18446744073709551616", "null",    "[[[[[[[[[",
          "{}", "\"\"", "NaN",   "9007199254740993",     "\\u0000", "true"};
      bytes.replace(at, below(random, 4), kTokens[below(random, std::size(kTokens))]);
    }
  }
  return bytes;
}

void expect_valid(const ModelBundle& bundle) {
  check_metadata(bundle.metadata, "read");
  EXPECT_EQ(to_json(bundle.metadata), to_json(parse_metadata(to_json(bundle.metadata), "again")));
  for (const NamedTensor& tensor : bundle.weights) {
    std::int64_t count = 1;
    for (const std::int64_t size : tensor.shape) count *= size;
    ASSERT_EQ(static_cast<std::size_t>(count), tensor.values.size());
  }
}

class BundleFuzz : public ::testing::TestWithParam<bool> {
 protected:
  BundleFuzz() {
    std::vector<ZipEntry> entries = bundle_entries(example_metadata(), few_weights());
    for (ZipEntry& entry : entries) entry.compressed = GetParam();
    good_ = zip_bytes(entries);
    metadata_ = entries[1].bytes;
    weights_ = entries[0].bytes;
  }

  // Zip's checksums and the hash guard both files: what is read at all has the content it had.
  void read(const std::string& bytes) {
    write_bytes(path_, bytes);
    const ModelBundle bundle = read_bundle(path_);
    expect_valid(bundle);
    EXPECT_EQ(to_json(bundle.metadata), metadata_);
    EXPECT_EQ(to_safetensors(bundle.weights), weights_);
    ++accepted_;
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "model.pt";
  std::string good_, metadata_, weights_;
  int accepted_ = 0;
};

TEST_P(BundleFuzz, CutOffAnywhereItIsRefused) {
  for (std::size_t size = 0; size < good_.size(); ++size) {
    write_bytes(path_, good_.substr(0, size));
    EXPECT_NE(refusal_of([&] { read_bundle(path_); }), "") << size << " of " << good_.size() << " bytes";
  }
}

TEST_P(BundleFuzz, AChangedByteAnywhereIsRefusedOrWithoutEffect) {
  for (std::size_t at = 0; at < good_.size(); ++at) {
    for (const unsigned flip : {0x01u, 0x80u, 0xffu}) {
      std::string bytes = good_;
      bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(flip));
      refusal_of([&] { read(bytes); });
    }
  }
  EXPECT_GT(accepted_, 0);  // dates, attributes: the reader is not refusing everything
}

TEST_P(BundleFuzz, SeededDamageIsRefusedOrWithoutEffect) {
  RandomStream random(11, "damage");
  for (int round = 0; round < 4000; ++round) {
    refusal_of([&] { read(mutated(good_, random)); });
  }
}

INSTANTIATE_TEST_SUITE_P(StoredAndCompressed, BundleFuzz, ::testing::Values(false, true));

TEST(MetadataFuzz, WhatIsAcceptedIsValidAndGivesItselfBack) {
  const std::string good = to_json(example_metadata());
  RandomStream random(12, "metadata");
  int accepted = 0;
  for (int round = 0; round < 30'000; ++round) {
    std::string text = mutated(good, random);
    if (round % 3 == 0) text = mutated(text, random);
    refusal_of([&] {
      ModelBundle bundle;
      bundle.metadata = parse_metadata(text, "m");
      expect_valid(bundle);
      ++accepted;
    });
  }
  EXPECT_GT(accepted, 100);
}

TEST(SafetensorsFuzz, WhatIsAcceptedIsValidAndGivesItselfBack) {
  const std::string good = to_safetensors(few_weights());
  RandomStream random(13, "weights");
  int accepted = 0;
  for (int round = 0; round < 30'000; ++round) {
    std::string bytes = mutated(good, random);
    if (round % 3 == 0) bytes = mutated(bytes, random);
    refusal_of([&] {
      ModelBundle bundle;
      bundle.metadata = example_metadata();
      bundle.weights = parse_safetensors(bytes, "w");
      expect_valid(bundle);
      EXPECT_EQ(to_safetensors(parse_safetensors(to_safetensors(bundle.weights), "again")),
                to_safetensors(bundle.weights));
      ++accepted;
    });
  }
  EXPECT_GT(accepted, 100);
}

TEST(SafetensorsFuzz, CutOffAnywhereItIsRefused) {
  const std::string good = to_safetensors(few_weights());
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_NE(refusal_of([&] { parse_safetensors(good.substr(0, size), "w"); }), "") << size;
  }
}

}  // namespace
}  // namespace hftsim::models
