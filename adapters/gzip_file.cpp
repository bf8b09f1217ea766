#include "adapters/gzip_file.h"

#include <vector>

#include "adapters/compressed_file.h"

namespace hftsim {

void require_whole_gzip(const std::filesystem::path& path) {
  CompressedFile file(path, Compression::gzip);
  std::vector<char> piece(256 * 1024);
  while (file.read(piece) > 0) {
  }
}

}  // namespace hftsim
