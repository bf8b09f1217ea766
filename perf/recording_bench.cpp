// Claim: a recording is read in place, its checksums checked, at 20 million events a second and core or more; eight
// recordings merge at 10 million or more; to go to a time in a file of 10 million events takes a millisecond at most.
//
// Workload: seeded trades and quotes (the argument: how many) of one recording in the page cache, and the same spread
// over eight whose times interleave event by event.
// Contenders: in place with and without the checksums; with copies (read() from the file into a buffer); from zstd
// blocks; a plain loop over the same events in memory, the floor. Each adds up a field of every event. The merge
// beside reading the eight one after the other.
// Checked: the sums, on every run; that the merge gives the events of the one recording.
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "engine/core/rng.h"
#include "perf/bench.h"
#include "replay/merged_source.h"
#include "replay/recording_source.h"
#include "replay/recording_writer.h"

namespace hftsim::perf {
namespace {

constexpr std::size_t kParts = 8;

// A folder that is gone at the end.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("hftsim-" + std::to_string(monotonic_ns()))) {
    std::filesystem::create_directory(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

std::vector<Event> make_events(std::uint64_t count) {
  RandomStream random(1, "events");
  std::vector<Event> events(count);
  std::int64_t ts_ns = 1'700'000'000'000'000'000;
  std::int64_t price = 6'000'000;
  for (std::uint64_t i = 0; i < count; ++i) {
    Event& event = events[i];
    event = {};
    event.ts_ns = ts_ns += 1'000 + static_cast<std::int64_t>(random.below(100'000));
    event.recv_ns = event.ts_ns + 1'000'000 + static_cast<std::int64_t>(random.below(500'000));
    event.instrument = static_cast<InstrumentId>(random.below(kParts));
    price += static_cast<std::int64_t>(random.below(3)) - 1;
    const auto lots = static_cast<std::int64_t>(1 + random.below(1000));
    if (random.below(2) == 0) {
      event.kind = EventKind::trade;
      event.trade = {price, lots, i, i, i};
    } else {
      event.kind = EventKind::quote;
      event.quote = {price, lots, price + 1, lots, i};
    }
  }
  return events;
}

RecordingHeader header_of(std::size_t first, std::size_t count) {
  RecordingHeader header;
  for (std::size_t i = first; i < first + count; ++i)
    header.instruments.emplace_back().symbol = "SYM" + std::to_string(i);
  return header;
}

struct Sums {
  std::uint64_t events = 0, recv = 0, words = 0;

  void add(std::span<const Event> given) {
    for (const Event& event : given) {
      recv += static_cast<std::uint64_t>(event.recv_ns);
      words += static_cast<std::uint64_t>(event.trade.price_ticks) + event.instrument;
    }
    events += given.size();
  }
  friend bool operator==(const Sums&, const Sums&) = default;
};

Sums sums_of(EventSource& source, std::vector<Event>& room) {
  Sums sums;
  for (auto events = source.next(room); !events.empty(); events = source.next(room)) sums.add(events);
  return sums;
}

std::unique_ptr<MergedSource> merge_of(const Folder& folder) {
  std::vector<std::unique_ptr<EventSource>> sources;
  for (std::size_t i = 0; i < kParts; ++i) {
    sources.push_back(std::make_unique<RecordingSource>(folder / ("part" + std::to_string(i))));
  }
  return std::make_unique<MergedSource>(std::move(sources));
}

void write_parts(const Folder& folder, std::span<const Event> events) {
  for (std::size_t i = 0; i < kParts; ++i) {
    RecordingWriter writer(folder / ("part" + std::to_string(i)), header_of(i, 1));
    for (Event event : events) {
      if (event.instrument != i) continue;
      event.instrument = 0;
      writer.append({&event, 1});
    }
    writer.close();
  }
}

void write_whole(const std::filesystem::path& path, std::span<const Event> events, int zstd_level) {
  RecordingWriter writer(path, header_of(0, kParts), {.zstd_level = zstd_level});
  writer.append(events);
  writer.close();
}

void require_same_events(EventSource& source, std::span<const Event> events) {
  std::vector<Event> room(500);
  std::size_t at = 0;
  for (auto given = source.next(room); !given.empty(); given = source.next(room)) {
    require(at + given.size() <= events.size() &&
                std::memcmp(given.data(), events.data() + at, given.size_bytes()) == 0,
            "the merge gives other events at number " + std::to_string(at));
    at += given.size();
  }
  require(at == events.size(), "the merge gives " + std::to_string(at) + " events");
}

void print_rate(const char* what, const Samples& samples, double target) {
  const Spread ns = ns_of(samples);
  std::printf("  %s: %.1f M events/s (%.1f..%.1f)\n", what, 1e3 / ns.median, 1e3 / ns.high, 1e3 / ns.low);
  if (target > 0)
    claim(std::string(what) + " at " + std::to_string(static_cast<int>(target)) + " M events/s or more",
          1e3 / ns.median >= target);
}

void seek_times(const std::filesystem::path& path, std::span<const Event> events) {
  RandomStream random(2, "times");
  std::vector<double> seek_us, open_us;
  for (int i = 0; i < 1000; ++i) {
    const Event& wanted = events[random.below(events.size())];
    const std::int64_t start_ns = monotonic_ns();
    RecordingReader reader(path);
    const std::int64_t opened_ns = monotonic_ns();
    reader.seek(wanted.ts_ns);
    const auto found = reader.next(1);
    const std::int64_t end_ns = monotonic_ns();
    require(found.size() == 1 && found.front().ts_ns == wanted.ts_ns, "a seek went elsewhere");
    open_us.push_back(static_cast<double>(opened_ns - start_ns) / 1e3);
    seek_us.push_back(static_cast<double>(end_ns - opened_ns) / 1e3);
  }
  const auto print = [](const char* what, std::vector<double>& us) {
    std::sort(us.begin(), us.end());
    std::printf("  %s: p50 %.1f us, p99 %.1f us, most %.1f us\n", what, us[us.size() / 2],
                us[us.size() * 99 / 100], us.back());
    return us[us.size() * 99 / 100];
  };
  print("open", open_us);
  claim("99 of 100 seeks within 1 ms",
        print("seek, first touch of the block, CRC32C checked", seek_us) <= 1000);
}

}  // namespace

int run(std::uint64_t count) {
  const Folder folder;
  const std::vector<Event> events = make_events(count);
  write_parts(folder, events);
  write_whole(folder / "whole", events, 0);
  write_whole(folder / "zstd", events, 1);
  Sums expected;
  expected.add(events);
  require_same_events(*merge_of(folder), events);

  std::vector<Event> room(4096);
  const auto read = [&](const char* name, RecordingReaderOptions options) {
    return [&, name, options] {
      RecordingSource source(folder / name, {.reader = options});
      Sums sums;
      const Sample sample = timed(count, [&] { sums = sums_of(source, room); });
      require(sums == expected, std::string("the sums of ") + name);
      return sample;
    };
  };
  const auto in_memory = [&] {
    Sums sums;
    const Sample sample = timed(count, [&] {
      for (std::size_t at = 0; at < events.size(); at += 4096) {
        sums.add(std::span(events).subspan(at, std::min<std::size_t>(4096, events.size() - at)));
      }
    });
    require(sums == expected, "the sums in memory");
    return sample;
  };
  const auto merged = [&] {
    const auto source = merge_of(folder);
    Sums sums;
    const Sample sample = timed(count, [&] { sums = sums_of(*source, room); });
    require(sums == expected, "the sums of the merge");
    return sample;
  };
  const auto one_by_one = [&] {
    std::uint64_t seen = 0;
    return timed(count, [&] {
      for (std::size_t i = 0; i < kParts; ++i) {
        RecordingSource source(folder / ("part" + std::to_string(i)));
        seen += sums_of(source, room).events;
      }
      require(seen == count, "the events of the parts");
    });
  };
  const auto samples =
      take_turns({in_memory, read("whole", {}), read("whole", {.check_crc = false}),
                  read("whole", {.access = RecordingAccess::copied}), read("zstd", {}), one_by_one, merged});
  const std::string workload = std::to_string(count) + " events";
  print("recording_in_place_vs_memory", workload, samples[0], samples[1]);
  print("recording_in_place_vs_without_crc", workload, samples[2], samples[1]);
  print("recording_in_place_vs_copied", workload, samples[3], samples[1]);
  print("recording_in_place_vs_zstd", workload, samples[4], samples[1]);
  print("recording_merge_vs_one_by_one", workload, samples[5], samples[6]);
  print_rate("in place", samples[1], 20);
  print_rate("in place without checksums", samples[2], 0);
  print_rate("with copies", samples[3], 0);
  print_rate("zstd", samples[4], 0);
  print_rate("merge of 8", samples[6], 10);
  seek_times(folder / "whole", events);
  return 0;
}

}  // namespace hftsim::perf

int main(int argc, char** argv) {
  return hftsim::perf::run(hftsim::perf::count_argument(argc, argv, 10'000'000));
}
