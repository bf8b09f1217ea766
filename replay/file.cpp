#include "replay/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "engine/core/errors.h"

namespace hftsim {
namespace {

std::string error_text(int error) {
  return std::generic_category().message(error);
}

[[noreturn]] void throw_io(const std::string& name, const char* what) {
  const int error = errno;
  throw IoFailure(name + ": " + what + ": " + error_text(error));
}

std::string kind_of(const struct stat& status) {
  return S_ISDIR(status.st_mode) ? "a directory" : "a device, socket or pipe";
}

// What the links say, even where nothing is there yet; a circle of them is left for open() to refuse.
std::filesystem::path behind_links(std::filesystem::path path) {
  constexpr int kLinksMax = 40;  // as Linux has it
  std::error_code error;
  for (int links = 0; links < kLinksMax && std::filesystem::is_symlink(path, error); ++links) {
    path = path.parent_path() / std::filesystem::read_symlink(path, error);
  }
  return path;
}

}  // namespace

File File::create(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) throw_io(path.string(), "cannot create");
  return File(fd, path.string());
}

File File::create_new(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error)) {
    return create(path);
  }
  const std::filesystem::path file = behind_links(path);
  if (::unlink(file.c_str()) != 0 && errno != ENOENT) throw_io(path.string(), "cannot replace");
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) throw_io(path.string(), "cannot create");
  return File(fd, path.string());
}

File File::open(const std::filesystem::path& path) {
  // O_NONBLOCK: a named pipe is refused below instead of waiting for its other end.
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) throw BadInput(path.string() + ": cannot open: " + error_text(errno));
  File file(fd, path.string());
  struct stat status;
  if (::fstat(fd, &status) != 0) throw_io(file.name_, "cannot stat");
  if (!S_ISREG(status.st_mode)) throw BadInput(file.name_, kind_of(status), "a file");
  return file;
}

File File::temporary(const std::filesystem::path& folder) {
  const std::string name = "temporary file in " + folder.string();
  int fd = ::open(folder.c_str(), O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
  if (fd < 0) {  // not every file system has O_TMPFILE
    std::string path = (folder / "hftsim-XXXXXX").string();
    fd = ::mkostemp(path.data(), O_CLOEXEC);
    if (fd < 0) throw_io(name, "cannot create");
    ::unlink(path.c_str());
  }
  return File(fd, name);
}

File::File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)), name_(std::move(other.name_)) {}

File& File::operator=(File&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(name_, other.name_);
  return *this;
}

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

File File::duplicate() const {
  const int fd = ::fcntl(fd_, F_DUPFD_CLOEXEC, 0);
  if (fd < 0) throw_io(name_, "cannot duplicate");
  return File(fd, name_);
}

int File::write_all(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? errno : ENOSPC;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return 0;
}

std::size_t File::read_at(std::uint64_t offset, std::span<std::byte> out) const {
  std::size_t done = 0;
  while (done < out.size()) {
    const auto rest = out.subspan(done);
    const ssize_t got = ::pread(fd_, rest.data(), rest.size(), static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_io(name_, "cannot read");
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

void File::cut_to(std::uint64_t size) noexcept {
  const auto offset = static_cast<off_t>(size);
  if (::ftruncate(fd_, offset) == 0) ::lseek(fd_, offset, SEEK_SET);
}

int File::sync() {
  while (::fdatasync(fd_) != 0) {
    if (errno == EINVAL || errno == EROFS) return 0;  // a pipe or a device
    if (errno != EINTR) return errno;
  }
  return 0;
}

std::uint64_t File::size_bytes() const {
  struct stat status;
  if (::fstat(fd_, &status) != 0) throw_io(name_, "cannot stat");
  return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace hftsim
