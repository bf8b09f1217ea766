// Whatever the bytes of a recording: it is read or refused with BadInput; what is given is valid; nothing outside is
// read (a sanitizer would speak). An odd number of bytes: with the checksums made right first, so that what is
// behind them is reached.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

#include "engine/core/errors.h"
#include "replay/recording_source.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/replay/recording_bench.h"
#include "tests/replay/recording_damage.h"
#include "tests/replay/temporary_folder.h"

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

// Of a few events, in two kinds: as it is, and a byte longer, so that its checksums are made right.
void add_seeds(std::vector<std::string>& all, EventOrder order, int zstd_level, bool close) {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "seed.hfr";
  test::write_recording(path, test::make_events(40, 1, 2, order), test::recording_header(2, order),
                        {.block_events = 9, .zstd_level = zstd_level}, close);
  const test::Bytes bytes = test::bytes_of(path);
  all.emplace_back(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  all.push_back(all.back() + '\0');
}

}  // namespace

std::vector<std::string> fuzz::seeds() {
  std::vector<std::string> all;
  for (const EventOrder order : {EventOrder::exchange, EventOrder::receive}) {
    for (const int level : {0, 3}) {
      for (const bool close : {true, false}) add_seeds(all, order, level, close);
    }
  }
  return all;
}

void fuzz::run(std::span<const std::uint8_t> input) {
  test::Bytes bytes(input.begin(), input.end());
  if (input.size() % 2 == 1) test::make_checksums_right(bytes);
  const int fd = ::memfd_create("recording", MFD_CLOEXEC);
  if (fd < 0 || ::write(fd, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) std::abort();
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  read_everything(path, {});
  read_everything(path, {.access = RecordingAccess::copied, .use_index = false});
  ::close(fd);
}

}  // namespace hftsim
