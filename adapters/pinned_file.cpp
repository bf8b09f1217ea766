#include "adapters/pinned_file.h"

#include <fcntl.h>
#include <unistd.h>

#include "engine/core/errors.h"

namespace hftsim {

PinnedFile::PinnedFile(const std::filesystem::path& file)
    : file_(file), descriptor_(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  if (descriptor_ < 0) throw BadInput(file.string() + ": cannot be opened for reading (permission?)");
}

PinnedFile::~PinnedFile() {
  ::close(descriptor_);
}

std::filesystem::path PinnedFile::path() const {
  return "/proc/self/fd/" + std::to_string(descriptor_);
}

std::string PinnedFile::named(std::string message) const {
  const std::string from = path().string(), to = file_.string();
  for (std::size_t at = message.find(from); at != std::string::npos; at = message.find(from, at + to.size()))
    message.replace(at, from.size(), to);
  return message;
}

}  // namespace hftsim
