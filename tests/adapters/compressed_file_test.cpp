#include "adapters/compressed_file.h"

#include <fmt/format.h>
#include <zstd.h>

#include <iterator>

#include "adapters/line_reader.h"
#include "engine/core/rng.h"
#include "tests/adapters/bar_files.h"

namespace hftsim {
namespace {

std::string zstd_of(const std::string& text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

// Digits that do not compress to nothing.
std::string digits(std::size_t size, std::uint64_t seed = 1) {
  RandomStream random(seed, "digits");
  std::string text;
  while (text.size() < size) text += fmt::format("{}\n", random.next());
  text.resize(size);
  return text;
}

class CompressedFiles : public BarFiles {
 protected:
  std::string gzip_of(const std::string& text) const {
    std::ifstream stream(write_gzip("made.gz", text), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
  }
  std::string unpacked(const std::string& bytes, std::size_t piece = 100'000) const {
    CompressedFile file(write("file", bytes));
    std::string all, room(piece, '\0');
    while (const std::size_t count = file.read(room)) all.append(room, 0, count);
    EXPECT_EQ(file.position(), bytes.size());
    return all;
  }
  std::vector<std::string> lines_of(const std::string& bytes, std::size_t most = 1 << 20) const {
    LineReader reader(write("lines", bytes), most);
    std::vector<std::string> lines;
    while (const auto line = reader.next()) lines.emplace_back(*line);
    EXPECT_EQ(reader.number(), lines.size());
    return lines;
  }
};

TEST_F(CompressedFiles, GiveTheirBytesWhateverTheFormatAndThePieces) {
  for (const std::size_t size : {0u, 1u, 1000u, 700'000u}) {
    const std::string text = digits(size);
    EXPECT_EQ(unpacked(text), text);
    for (const std::size_t piece : {1000u, 4097u, 1'000'000u}) {
      EXPECT_EQ(unpacked(gzip_of(text), piece), text) << size << " in " << piece;
      EXPECT_EQ(unpacked(zstd_of(text), piece), text) << size << " in " << piece;
    }
  }
}

// Members of many sizes, so that they end at every position in the pieces in which the file is read.
TEST_F(CompressedFiles, GiveAllMembersOneBehindTheOther) {
  std::string gzip, zstd, text;
  for (std::size_t i = 0; i < 400; ++i) {
    const std::string part = digits(i * 37 % 3001, i);
    text += part;
    gzip += gzip_of(part);
    zstd += zstd_of(part);
  }
  ASSERT_GT(gzip.size(), 200'000u) << "more than a piece";
  EXPECT_EQ(unpacked(gzip), text);
  EXPECT_EQ(unpacked(zstd), text);
}

TEST_F(CompressedFiles, ThatWereCutOffWhereverAreRefused) {
  for (const std::string& whole : {gzip_of(digits(400'000)), zstd_of(digits(400'000))}) {
    const std::size_t size = whole.size();
    for (const std::size_t cut :
         {std::size_t{5}, std::size_t{11}, size / 3, size / 2, size - 8, size - 4, size - 1}) {
      EXPECT_MENTIONS(refusal([&] { unpacked(whole.substr(0, cut)); }), "compressed data that end early");
      EXPECT_MENTIONS(refusal([&] { unpacked(whole + whole.substr(0, cut)); }),
                      "compressed data that end early");
    }
  }
}

TEST_F(CompressedFiles, ThatAreDamagedOrGoOnAreRefused) {
  std::string wrong_crc = gzip_of(digits(1000));
  wrong_crc[wrong_crc.size() - 6] ^= 1;
  EXPECT_MENTIONS(refusal([&] { unpacked(wrong_crc); }),
                  "file: got damaged compressed data (incorrect data check)");
  EXPECT_MENTIONS(refusal([&] { unpacked(gzip_of("a") + "and something else"); }), "damaged compressed data");
  EXPECT_MENTIONS(refusal([&] { unpacked(zstd_of("a") + "and something else"); }), "damaged compressed data");
  EXPECT_MENTIONS(refusal([&] { CompressedFile file(path("none")); }), "No such file");
}

TEST_F(CompressedFiles, HaveLinesWithAndWithoutAnEnd) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(lines_of(""), Lines{});
  EXPECT_EQ(lines_of("a\n\nbc"), (Lines{"a", "", "bc"}));
  EXPECT_EQ(lines_of("a\r\nb\n"), (Lines{"a", "b"}));
  const std::string text = digits(600'000);
  const Lines lines = lines_of(text);
  EXPECT_EQ(lines_of(gzip_of(text)), lines);
  EXPECT_EQ(lines_of(zstd_of(text)), lines);
}

TEST_F(CompressedFiles, RefuseALineThatIsTooLongWithItsPlace) {
  const std::string longest(300'000, 'x');
  EXPECT_EQ(lines_of(longest + "\n" + longest + "\ny").size(), 3u);
  EXPECT_MENTIONS(refusal([&] { lines_of("a\n" + longest, 200'000); }),
                  "lines:2: got a line of more than 200000 bytes");
}

}  // namespace
}  // namespace hftsim
