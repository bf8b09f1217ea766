// Whatever the bytes of a recording: it is read or refused with BadInput; what is given is valid; nothing outside is
// read (a sanitizer would speak). An odd number of bytes: with the checksums made right first, so that what is
// behind them is reached.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

#include "engine/core/errors.h"
#include "replay/recording_source.h"
#include "tests/replay/recording_damage.h"

namespace hftsim {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void read_everything(const std::string& path, const RecordingReaderOptions& options) {
  try {
    RecordingReader reader(path, options);
    const std::size_t instruments = reader.header().instruments.size();
    std::int64_t before_ns = INT64_MIN;
    std::uint64_t count = 0;
    for (auto events = reader.next(100); !events.empty(); events = reader.next(100)) {
      for (const Event& event : events) {
        require(event.instrument < instruments && event.kind <= EventKind::session_mark);
        require(ordering_ns(event, reader.order()) >= before_ns);
        before_ns = ordering_ns(event, reader.order());
      }
      count += events.size();
    }
    require(count == reader.event_count());
    reader.seek(test::kStartNs + 10'000'000);
    reader.next();
  } catch (const BadInput&) {
  }
}

}  // namespace
}  // namespace hftsim

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hftsim;
  test::Bytes bytes(data, data + size);
  if (size % 2 == 1) test::make_checksums_right(bytes);
  const int fd = ::memfd_create("recording", MFD_CLOEXEC);
  if (fd < 0 || ::write(fd, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) std::abort();
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  read_everything(path, {});
  read_everything(path, {.access = RecordingAccess::copied, .use_index = false});
  ::close(fd);
  return 0;
}
