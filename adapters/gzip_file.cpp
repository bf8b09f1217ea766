#include "adapters/gzip_file.h"

#include <zlib.h>

#include <fstream>
#include <string>
#include <vector>

#include "engine/core/errors.h"

namespace hftsim {
namespace {

constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr int kGzipOnly = 16;  // zlib's sign for "a gzip header and trailer, with its CRC"

class Inflater {
 public:
  Inflater() : out_(kPieceBytes) {
    if (inflateInit2(&stream_, MAX_WBITS + kGzipOnly) != Z_OK) throw IoFailure("zlib cannot be started");
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Takes the next bytes of the file; false where they are not what a gzip file holds there.
  bool take(std::vector<Bytef>& bytes, std::size_t count) {
    stream_.next_in = bytes.data();
    stream_.avail_in = static_cast<uInt>(count);
    while (stream_.avail_in > 0) {
      if (at_end_ && inflateReset(&stream_) != Z_OK) return false;  // the next member
      stream_.next_out = out_.data();
      stream_.avail_out = static_cast<uInt>(out_.size());
      const int state = inflate(&stream_, Z_NO_FLUSH);
      if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR) return false;
      at_end_ = state == Z_STREAM_END;
    }
    return true;
  }
  bool at_end() const { return at_end_; }  // of a member: the file may end here
  std::string reason() const { return stream_.msg == nullptr ? "unknown" : stream_.msg; }

 private:
  z_stream stream_{};
  std::vector<Bytef> out_;
  bool at_end_ = false;
};

}  // namespace

void require_whole_gzip(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  Inflater inflater;
  std::vector<Bytef> piece(kPieceBytes);
  while (file) {
    file.read(reinterpret_cast<char*>(piece.data()), static_cast<std::streamsize>(piece.size()));
    if (!inflater.take(piece, static_cast<std::size_t>(file.gcount()))) {
      throw BadInput(path.string(), "damaged compressed data (" + inflater.reason() + ")",
                     "a whole .gz file");
    }
  }
  if (!file.eof()) throw IoFailure(path.string() + ": cannot be read to its end");
  if (!inflater.at_end()) {
    throw BadInput(path.string(), "compressed data that end early: the file was cut off", "a whole .gz file");
  }
}

}  // namespace hftsim
