#include "replay/file_hash.h"

#include "tests/adapters/bar_files.h"

namespace hftsim {
namespace {

using FileHash = BarFiles;

// The test vectors of FIPS 180-4.
TEST_F(FileHash, GivesThePublishedDigests) {
  EXPECT_EQ(sha256_of_file(write("empty", "")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_of_file(write("abc", "abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_of_file(write("million", std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_F(FileHash, RefusesWhatCannotBeRead) {
  EXPECT_MENTIONS(refusal([&] { sha256_of_file(path("none")); }), "none: cannot be opened");
  EXPECT_MENTIONS(refusal([&] { sha256_of_file(path("")); }), "cannot be opened");
}

}  // namespace
}  // namespace hftsim
