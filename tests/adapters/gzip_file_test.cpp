#include "adapters/gzip_file.h"

#include <fmt/format.h>

#include "adapters/bar_reader.h"
#include "tests/adapters/bar_files.h"

namespace hftsim {
namespace {

class GzipFile : public BarFiles {
 protected:
  // The bytes of a .gz of some hundred KB of bars, whose numbers do not compress to nothing.
  std::string gzip_of_bars() const {
    std::string text = "time,open,high,low,close,volume\n";
    for (std::uint64_t i = 0; i < 5'000; ++i) {
      text += fmt::format("{},100,101,99,100,{}\n", 1'700'000'040 + 60 * i, i * 2'654'435'761 % 1'000'003);
    }
    return bytes_of(write_gzip("whole.gz", text));
  }
  static std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
  }
  std::string refusal_of(const std::string& bytes) const {
    return refusal([&] { require_whole_gzip(write("x.csv.gz", bytes)); });
  }
};

TEST_F(GzipFile, TakesWholeMembers) {
  const std::string bytes = gzip_of_bars();
  EXPECT_NO_THROW(require_whole_gzip(write("one.gz", bytes)));
  EXPECT_NO_THROW(require_whole_gzip(write("two.gz", bytes + bytes)));
}

TEST_F(GzipFile, RefusesAFileThatWasCutOffWherever) {
  const std::string bytes = gzip_of_bars();
  for (const std::size_t size :
       {5ul, 40ul, bytes.size() / 3, bytes.size() / 2, bytes.size() - 8, bytes.size() - 1}) {
    EXPECT_MENTIONS(refusal_of(bytes.substr(0, size)), "x.csv.gz: got compressed data that end early");
    EXPECT_MENTIONS(refusal_of(bytes + bytes.substr(0, size)), "end early");
  }
}

TEST_F(GzipFile, RefusesDamagedBytesAndWhatFollowsTheData) {
  const std::string bytes = gzip_of_bars();
  std::string wrong_crc = bytes;
  wrong_crc[bytes.size() - 6] ^= 1;
  EXPECT_MENTIONS(refusal_of(wrong_crc), "x.csv.gz: got damaged compressed data (incorrect data check)");
  EXPECT_MENTIONS(refusal_of(bytes + "and something else"), "damaged compressed data");
}

TEST_F(GzipFile, IsAskedForBeforeTheFirstBar) {
  const std::string bytes = gzip_of_bars();
  for (const std::size_t size : {12ul, bytes.size() / 2}) {
    const auto cut = write("x.csv.gz", bytes.substr(0, size));
    EXPECT_MENTIONS(refusal([&] { BarReader reader(cut); }), "compressed data that end early");
  }
}

}  // namespace
}  // namespace hftsim
