#include "models/bundle.h"

#include <cmath>
#include <filesystem>

#include "replay/file_hash.h"
#include "tests/models/bundle_file.h"
#include "tests/models/refusal.h"
#include "tests/replay/temporary_folder.h"

namespace hftsim::models {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class Bundle : public ::testing::Test {
 protected:
  std::filesystem::path path(const char* name = "model.pt") const { return folder_.path() / name; }

  std::string refusal(const char* name = "model.pt") const {
    return refusal_of([&] { read_bundle(path(name)); });
  }

  std::string refusal_of_file(const std::string& bytes) const {
    write_bytes(path(), bytes);
    return refusal();
  }

  std::string refusal_of_entries(const std::vector<ZipEntry>& entries) const {
    return refusal_of_file(zip_bytes(entries));
  }

  TemporaryFolder folder_;
};

TEST_F(Bundle, IsReadAsItWasWritten) {
  const std::vector<NamedTensor> weights = price_lstm_weights(3);
  write_bundle(path(), example_metadata(), weights);
  const ModelBundle bundle = read_bundle(path());
  EXPECT_EQ(bundle.path, path());
  EXPECT_EQ(bundle.sha256, sha256_of_file(path()));
  EXPECT_EQ(bundle.metadata.weights_sha256, sha256_of_text(to_safetensors(weights)));
  EXPECT_EQ(bundle.metadata.features, example_metadata().features);
  EXPECT_EQ(to_safetensors(bundle.weights), to_safetensors(weights));
}

TEST_F(Bundle, MayHaveNoWeights) {
  write_bundle(path(), example_metadata(), {});
  EXPECT_TRUE(read_bundle(path()).weights.empty());
}

TEST_F(Bundle, IsFoundInWhateverFolderTheZipHas) {
  for (const char* archive : {"archive", "model", "weird name.v1", "m\xc3\xbcll", "..."}) {
    write_bytes(path(), zip_bytes(bundle_entries(example_metadata(), {}, archive)));
    EXPECT_EQ(read_bundle(path()).metadata.lookback, 60u) << archive;
  }
}

TEST_F(Bundle, WeightsAreThoseTheHashNames) {
  BundleMetadata metadata = example_metadata();
  std::vector<ZipEntry> entries = bundle_entries(metadata, price_lstm_weights(3, 1));
  entries[0].bytes = to_safetensors(price_lstm_weights(3, 2));
  EXPECT_THAT(refusal_of_entries(entries), HasSubstr("model.pt: hftsim.json: weights_sha256: got "));
  entries[1].bytes = to_json(metadata);
  EXPECT_THAT(refusal_of_entries(entries), HasSubstr("weights_sha256: got none, expected "));
  metadata.weights_sha256 = std::string(64, 'f');
  entries = bundle_entries(metadata, {});
  EXPECT_THAT(refusal_of_entries(entries), HasSubstr("\"\": there is no weights.safetensors"));
}

TEST_F(Bundle, NamesFileAndFieldOfWhatIsWrongInside) {
  std::vector<ZipEntry> entries = bundle_entries(example_metadata(), {});
  entries[0].bytes = R"({"format": 7})";
  EXPECT_EQ(refusal_of_entries(entries), path().string() +
                                             ": hftsim.json: format: got 7, expected at most 1: the "
                                             "bundle needs a newer hftsim");
  std::vector<NamedTensor> weights = price_lstm_weights(3);
  weights.back().values[0] = NAN;
  EXPECT_THAT(refusal_of_entries(bundle_entries(example_metadata(), weights)),
              StartsWith(path().string() + ": weights.safetensors: fc2.bias[0]: got nan"));
}

TEST_F(Bundle, WhatIsNoFileIsRefused) {
  EXPECT_THAT(refusal("absent.pt"), HasSubstr("absent.pt: cannot open: No such file"));
  EXPECT_THAT(refusal(""), HasSubstr("got a directory, expected a file"));
  std::filesystem::create_symlink(path("loop.pt"), path("loop.pt"));
  EXPECT_THAT(refusal("loop.pt"), HasSubstr("cannot open"));
  std::filesystem::create_directory(path("model.pt.d"));
  EXPECT_THAT(refusal("model.pt.d"), HasSubstr("a directory"));
}

TEST_F(Bundle, ForeignFilesAreCalledWhatTheyAre) {
  EXPECT_THAT(refusal_of_file(""),
              HasSubstr("model.pt: got an empty file, expected a model bundle: TorchScript"));
  EXPECT_THAT(refusal_of_file("\x89PNG\r\n\x1a\n..."), HasSubstr("got a PNG image"));
  EXPECT_THAT(refusal_of_file("\x80\x02\x8a\x0al\xfc\x9c"), HasSubstr("a state dict saved with torch.save?"));
  EXPECT_THAT(refusal_of_file("PAR1...."), HasSubstr("a Parquet file"));
  EXPECT_THAT(refusal_of_file("{}"), HasSubstr("got a text"));
  EXPECT_THAT(refusal_of_file("P"), HasSubstr("begins with 50"));
  EXPECT_THAT(refusal_of_file(to_safetensors(price_lstm_weights(3))), HasSubstr("a file that begins with "));
  EXPECT_THAT(refusal_of_file("PK\3\4 and no more"), HasSubstr("cut off at 16 bytes?"));
}

TEST_F(Bundle, ZipsOfOthersAreCalledWhatTheyAre) {
  EXPECT_THAT(refusal_of_entries({{"sd/data.pkl", "p"}, {"sd/data/0", "1234"}, {"sd/version", "3\n"}}),
              HasSubstr("got a state dict saved with torch.save?, expected a model bundle: TorchScript"));
  EXPECT_THAT(
      refusal_of_entries({{"m/data.pkl", "p"}, {"m/constants.pkl", "c"}, {"m/version", "3\n"}}),
      AllOf(HasSubstr("TorchScript without extra/hftsim.json"), HasSubstr("_extra_files (docs/models.md")));
  EXPECT_THAT(refusal_of_entries({{"letter.txt", "hello"}}),
              HasSubstr("got a zip without extra/hftsim.json"));
}

TEST_F(Bundle, MoreThanTheLimitIsRefusedUnread) {
  write_bundle(path(), example_metadata(), {});
  std::filesystem::resize_file(path(), (std::uintmax_t{1} << 30) + 1);  // sparse
  EXPECT_THAT(refusal(), HasSubstr("got 1073741825 bytes, expected at most 1073741824"));
}

}  // namespace
}  // namespace hftsim::models
