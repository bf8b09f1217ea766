#include "models/bundle_zip.h"

#include <cstring>

#include "models/bundle.h"
#include "tests/models/bundle_file.h"
#include "tests/models/refusal.h"

namespace hftsim::models {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string refusal_of_zip(const std::string& bytes) {
  return refusal_of([&] { read_bundle_files(bytes, "m.pt"); });
}

std::string refusal_of_entries(const std::vector<ZipEntry>& entries) {
  return refusal_of_zip(zip_bytes(entries));
}

// `to` wherever `from`, as long, stands.
std::string replaced(std::string bytes, const std::string& from, const std::string& to) {
  EXPECT_EQ(from.size(), to.size());
  std::size_t count = 0;
  for (std::size_t at = bytes.find(from); at != bytes.npos; at = bytes.find(from, at + 1)) {
    bytes.replace(at, from.size(), to);
    ++count;
  }
  EXPECT_GT(count, 0u);
  return bytes;
}

// A 32-bit field of the table of contents' first entry.
std::string with_field(std::string bytes, std::size_t offset, std::uint32_t value) {
  const std::size_t central = bytes.find("PK\1\2");
  std::memcpy(&bytes[central + offset], &value, sizeof value);
  return bytes;
}

constexpr std::size_t kCompressedSize = 20, kSize = 24, kLocalOffset = 42;

TEST(BundleZip, GivesTheFilesAsTheyWerePutIn) {
  for (const bool compressed : {false, true}) {
    std::string weights;
    for (std::uint32_t i = 0; i < 300'000; ++i) weights += static_cast<char>(i * i >> 7);
    const BundleFiles files =
        read_bundle_files(zip_bytes({{"a/data.pkl", "x"},
                                     {"a/extra/weights.safetensors", weights, compressed},
                                     {"a/extra/hftsim.json", "{\"a\": [1, 2]}", compressed},
                                     {"a/extra/notes.txt", "mine"}}),
                          "m.pt");
    EXPECT_EQ(files.metadata, "{\"a\": [1, 2]}");
    EXPECT_EQ(files.weights, weights);
  }
}

TEST(BundleZip, WeightsMayBeAbsentOrEmpty) {
  EXPECT_FALSE(read_bundle_files(zip_bytes({{"a/extra/hftsim.json", "{}"}}), "m").weights.has_value());
  const auto files =
      read_bundle_files(zip_bytes({{"a/extra/hftsim.json", ""}, {"a/extra/weights.safetensors", ""}}), "m");
  EXPECT_EQ(files.metadata, "");
  EXPECT_EQ(files.weights, "");
}

TEST(BundleZip, TheMetadataLieAtDepthTwoAndNowhereElse) {
  for (const char* name :
       {"extra/hftsim.json", "/extra/hftsim.json", "a/b/extra/hftsim.json", "hftsim.json",
        "a/extra/HFTSIM.JSON", "a/hftsim.json", "a/extra/hftsim.json/", "a/extra/x/hftsim.json",
        "../extra/hftsim.json", "./extra/hftsim.json", "a/xextra/hftsim.json"}) {
    EXPECT_THAT(refusal_of_entries({{name, "{}"}}), HasSubstr("without extra/hftsim.json")) << name;
  }
  EXPECT_THAT(refusal_of_entries({{"a\\extra\\hftsim.json", "{}"}}), HasSubstr("'\\' in the zip"));
  EXPECT_THAT(refusal_of_entries({{"C:\\a/extra/hftsim.json", "{}"}}),
              HasSubstr("without extra/hftsim.json"));
}

TEST(BundleZip, MetadataThatAreThereTwiceAreRefused) {
  EXPECT_THAT(refusal_of_entries({{"a/extra/hftsim.json", "{}"}, {"b/extra/hftsim.json", "{}"}}),
              HasSubstr("extra/hftsim.json twice"));
  const std::string twice =
      replaced(zip_bytes({{"a/extra/hftsim.json", "{}"}, {"a/extra/hftsim.jsoX", "{}"}}), "hftsim.jsoX",
               "hftsim.json");
  EXPECT_THAT(refusal_of_zip(twice), HasSubstr("extra/hftsim.json twice"));
}

TEST(BundleZip, WeightsThatAreThereTwiceAreRefused) {
  const std::string twice = replaced(zip_bytes({{"a/extra/hftsim.json", "{}"},
                                                {"a/extra/weights.safetensors", "1"},
                                                {"a/extra/weights.safetensorX", "2"}}),
                                     "safetensorX", "safetensors");
  EXPECT_THAT(refusal_of_zip(twice), HasSubstr("a/extra/weights.safetensors twice"));
}

TEST(BundleZip, ThereIsOneFolder) {
  for (const char* name : {"b/data.pkl", "stray", "/a/data.pkl", "ab/extra/weights.safetensors"}) {
    EXPECT_THAT(refusal_of_entries({{name, "1"}, {"a/extra/hftsim.json", "{}"}}),
                AllOf(HasSubstr("files outside of \"a\""), HasSubstr(name)));
  }
}

TEST(BundleZip, AnEntryLargerThanItMayBeIsRefusedUnread) {
  const std::string large(kMetadataBytesMax + 1, ' ');
  EXPECT_THAT(refusal_of_entries({{"a/extra/hftsim.json", large}}),
              HasSubstr("hftsim.json: got 4194305 bytes"));
  EXPECT_EQ(refusal_of_entries({{"a/extra/hftsim.json", large.substr(1)}}), "");
}

TEST(BundleZip, ABombIsRefusedUnread) {
  const std::string zeros(std::size_t{3} << 20, '\0');
  EXPECT_THAT(refusal_of_entries({{"a/extra/hftsim.json", zeros, true}}),
              HasSubstr("expected at most 100 to 1"));
  EXPECT_THAT(
      refusal_of_entries({{"a/extra/hftsim.json", "{}"}, {"a/extra/weights.safetensors", zeros, true}}),
      HasSubstr("weights.safetensors: got 3145728 bytes compressed to"));
}

// Not among the files that are read here, but among those that torch would unpack.
TEST(BundleZip, ABombInTheTorchScriptIsRefusedToo) {
  std::vector<ZipEntry> entries = bundle_entries(example_metadata(), price_lstm_weights(3));
  entries.push_back({"model/data/large", std::string(50'000'000, '\0'), true});
  EXPECT_THAT(refusal_of([&] { read_bundle_files(zip_bytes(entries), "model.pt"); }),
              testing::AllOf(testing::HasSubstr("large: got"), testing::HasSubstr("at most 100 to 1")));
}

TEST(BundleZip, ABombThatSaysItIsSmallIsCutShort) {
  const std::string zeros(std::size_t{3} << 20, '\0');
  std::string bytes = zip_bytes({{"a/extra/hftsim.json", zeros, true}});
  bytes = with_field(bytes, kSize, 1000);
  EXPECT_THAT(refusal_of_zip(bytes),
              HasSubstr("hftsim.json: got more bytes than the zip says, expected 1000"));
}

TEST(BundleZip, SizesAreHeldAgainstTheFile) {
  const std::string good = zip_bytes({{"a/extra/hftsim.json", "{\"format\": 1}"}});
  for (const std::uint32_t size :
       {0u, 1u, 12u, 14u, 1000u, 1u << 30, 0x7fffffffu, 0xfffffffeu, 0xffffffffu}) {
    EXPECT_NE(refusal_of_zip(with_field(good, kSize, size)), "") << size;
    EXPECT_NE(refusal_of_zip(with_field(good, kCompressedSize, size)), "") << size;
    if (size == 0) continue;  // of no bytes at all is what an empty file is
    EXPECT_NE(refusal_of_zip(with_field(with_field(good, kSize, size), kCompressedSize, size)), "") << size;
    EXPECT_NE(refusal_of_zip(with_field(good, kLocalOffset, size)), "") << size;
  }
}

TEST(BundleZip, MoreCompressedBytesThanTheFileHasAreRefusedBeforeAnythingElse) {
  const std::string good = zip_bytes({{"a/extra/hftsim.json", "{\"format\": 1}"}});
  EXPECT_THAT(refusal_of_zip(with_field(good, kCompressedSize, 0x7fffffff)),
              HasSubstr("hftsim.json: got 2147483647 bytes in the zip, expected less than the"));
}

TEST(BundleZip, DamagedContentIsFoundByItsCrc) {
  const std::string good = zip_bytes({{"a/extra/hftsim.json", "{\"format\": 1}"}});
  EXPECT_THAT(refusal_of_zip(replaced(good, "\"format\": 1", "\"format\": 2")),
              HasSubstr("hftsim.json: is damaged"));
}

TEST(BundleZip, OtherCompressionAndEncryptionAreNamed) {
  const std::string good = zip_bytes({{"a/extra/hftsim.json", "{}"}});
  std::string bzip2 = good;
  bzip2[bzip2.find("PK\1\2") + 10] = 12;
  EXPECT_THAT(refusal_of_zip(bzip2), HasSubstr("got compression method 12"));
  std::string encrypted = good;
  encrypted[encrypted.find("PK\1\2") + 8] |= 1;
  EXPECT_THAT(refusal_of_zip(encrypted), HasSubstr("encrypted"));
}

TEST(BundleZip, SoManyFilesAreRefusedBeforeTheyAreListed) {
  std::string bytes = zip_bytes({{"a/extra/hftsim.json", "{}"}});
  for (std::uint64_t i = 0; i <= kEntriesMax; ++i) bytes += "PK\1\2";
  EXPECT_THAT(refusal_of_zip(bytes), HasSubstr("expected at most 100000"));
}

TEST(BundleZip, ATableOfContentsThatClaimsMillionsIsRefused) {
  std::string bytes = zip_bytes({{"a/extra/hftsim.json", "{}"}});
  const std::size_t end = bytes.find("PK\5\6");
  for (const std::size_t offset : {8u, 10u}) bytes[end + offset] = bytes[end + offset + 1] = '\xff';
  EXPECT_THAT(refusal_of_zip(bytes), HasSubstr("is no whole zip"));
}

}  // namespace
}  // namespace hftsim::models
