// Claim: a capture of Binance messages becomes a recording at 500,000 messages a second and core or more: read, unpacked,
// parsed, sequenced, put in order and written.
//
// Workload: a seeded USD-M capture (the argument: how many messages) with the mix of a real one: 7 % depth messages of
// about 70 levels, 70 % bookTicker, 23 % trades, one snapshot of 1,000 levels a side, some 290 bytes a message; written
// plain and as .gz. Files in the page cache. With a path as the second argument, that capture instead.
// Contenders: the import of the plain file and of the .gz; parsing alone, from memory; a plain loop over the lines that
// takes the receive times, the floor.
// Checked: the numbers of events and messages, and the sum of all prices, on every run, against those of the generator.
#include <zlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "adapters/binance/capture_source.h"
#include "adapters/binance/capture_writer.h"
#include "engine/core/rng.h"
#include "perf/bench.h"
#include "replay/recording_source.h"
#include "replay/recording_writer.h"

namespace hftsim::perf {
namespace {

using binance::CaptureSource;

constexpr std::int64_t kStartNs = 1'723'161'255'000'000'000;

struct Sums {
  std::uint64_t messages = 0, events = 0, prices = 0;

  void add(const Event& event) {
    ++events;
    prices += static_cast<std::uint64_t>(event.kind == EventKind::quote ? event.quote.bid_ticks
                                                                        : event.trade.price_ticks);
  }
  friend bool operator==(const Sums&, const Sums&) = default;
};

// Messages as events, and as the lines that a capture has of them.
class Generator {
 public:
  Generator() {
    instrument_.symbol = "BTCUSDT";
    instrument_.price_step = {1, 2};
    instrument_.quantity_step = {1, 3};
  }

  std::string lines(std::uint64_t messages, Sums& sums) {
    std::string text;
    for (std::uint64_t i = 0; i < messages; ++i) {
      now_ms_ += static_cast<std::int64_t>(random_.below(7));
      const std::uint64_t kind = i == 0 ? 0 : random_.below(100);
      events_.clear();
      if (i == 3) {
        add_book(1000, kSnapshot);
      } else if (kind < 7) {
        add_book(35, 0);
      } else if (kind < 77) {
        add_quote();
      } else {
        add_trade();
      }
      text +=
          std::to_string(kStartNs + now_ms_ * 1'000'000 - 1'268'977'032 + static_cast<std::int64_t>(i)) + " ";
      const bool is_body = events_.front().kind == EventKind::book_change && events_.front().has(kSnapshot);
      if (!is_body) text += R"({"stream":"btcusdt@stream","data":)";
      binance::append_message(text, events_, instrument_, Market::usdm);
      text += is_body ? "\n" : "}\n";
      ++sums.messages;
      for (const Event& event : events_) sums.add(event);
    }
    return text;
  }

 private:
  std::int64_t lots() { return static_cast<std::int64_t>(random_.below(3) == 0 ? 0 : random_.below(20'000)); }
  Event& add(EventKind kind) {
    Event& event = events_.emplace_back();
    event.kind = kind;
    event.ts_ns = kStartNs + now_ms_ * 1'000'000;
    event.send_delay_us = 1000;
    return event;
  }
  void add_book(std::uint64_t side_levels, unsigned flags) {
    const std::uint64_t count = flags != 0 ? side_levels : 1 + random_.below(2 * side_levels);
    const std::uint64_t previous = seq_;
    if (flags == 0) seq_ += 1000;  // a snapshot is of the last message's state
    for (std::uint64_t i = 0; i < 2 * count; ++i) {
      Event& event = add(EventKind::book_change);
      const bool is_bid = i < count;
      event.flags = static_cast<std::uint8_t>(flags | (is_bid ? unsigned{kBidSide} : 0u));
      const auto away = static_cast<std::int64_t>(flags != 0 ? i % count : random_.below(3000));
      event.book = {is_bid ? mid_ - 10 - 10 * away : mid_ + 10 * away, flags != 0 ? lots() + 1 : lots(), seq_,
                    previous + 1, previous};
    }
    events_.back().flags |= kMessageEnd;
  }
  void add_quote() {
    mid_ += 10 * (static_cast<std::int64_t>(random_.below(3)) - 1);
    add(EventKind::quote).quote = {mid_ - 10, lots() + 1, mid_, lots() + 1, ++quote_seq_};
  }
  void add_trade() {
    ++trade_seq_;
    Event& event = add(EventKind::trade);
    event.flags = static_cast<std::uint8_t>(random_.below(2) == 0 ? unsigned{kBuyerIsMaker} : 0u);
    event.trade = {mid_, lots() + 1, trade_seq_, trade_seq_, trade_seq_};
  }

  RandomStream random_{1, "capture"};
  Instrument instrument_;
  std::vector<Event> events_;
  std::int64_t now_ms_ = 0, mid_ = 6'180'030;
  std::uint64_t seq_ = 5'123'107'832'006, quote_seq_ = 5'123'107'839'020, trade_seq_ = 5'266'583'934;
};

struct Files {
  std::filesystem::path plain, gzip, out;
  std::string text;
};

void write_files(const Files& files) {
  std::ofstream(files.plain, std::ios::binary) << files.text;
  gzFile file = gzopen(files.gzip.c_str(), "wb6");
  require(gzwrite(file, files.text.data(), static_cast<unsigned>(files.text.size())) ==
                  static_cast<int>(files.text.size()) &&
              gzclose(file) == Z_OK,
          "the .gz could not be written");
}

void import_file(const std::filesystem::path& path, const std::filesystem::path& out) {
  const std::span<const std::filesystem::path> paths(&path, 1);
  const auto survey = binance::survey_captures(paths, "", 2000);
  CaptureSource source(paths, survey);
  RecordingHeader header;
  header.instruments.assign(source.instruments().begin(), source.instruments().end());
  RecordingWriter writer(out, header);
  std::vector<Event> room(4096);
  for (auto events = source.next(room); !events.empty(); events = source.next(room)) writer.append(events);
  writer.close();
}

Sums sums_of_recording(const std::filesystem::path& path, std::uint64_t messages) {
  RecordingSource source(path);
  Sums sums;
  sums.messages = messages;
  std::vector<Event> room(4096);
  for (auto events = source.next(room); !events.empty(); events = source.next(room)) {
    for (const Event& event : events) sums.add(event);
  }
  return sums;
}

template <class Take>
std::uint64_t for_each_line(std::string_view text, Take take) {
  std::uint64_t lines = 0;
  for (std::size_t at = 0; at < text.size(); ++lines) {
    const std::size_t end = text.find('\n', at);
    take(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

void print_rate(const char* what, const Samples& samples, double bytes_per_message, double target) {
  const Spread ns = ns_of(samples);
  std::printf("  %s: %.2f M messages/s (%.2f..%.2f), %.0f MB/s\n", what, 1e3 / ns.median, 1e3 / ns.high,
              1e3 / ns.low, bytes_per_message * 1e3 / ns.median);
  if (target > 0) claim(std::string(what) + " at 500,000 messages/s or more", 1e9 / ns.median >= target);
}

}  // namespace

int run(std::uint64_t count, const char* given) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("hftsim-" + std::to_string(monotonic_ns()));
  std::filesystem::create_directory(folder);
  Files files{folder / "plain.jsonl", folder / "packed.jsonl.gz", folder / "out.hfr", {}};
  Sums expected;
  if (given == nullptr) {
    files.text = Generator().lines(count, expected);
  } else {
    CompressedFile file(given);
    std::string room(1 << 20, '\0');
    while (const std::size_t size = file.read(room)) files.text.append(room, 0, size);
    expected.messages = for_each_line(files.text, [](std::string_view) {});
  }
  write_files(files);
  import_file(files.plain, files.out);
  if (given != nullptr) expected = sums_of_recording(files.out, expected.messages);
  require(sums_of_recording(files.out, expected.messages) == expected, "the sums of the recording");

  const std::uint64_t messages = expected.messages;
  const auto imported = [&](const std::filesystem::path& path) {
    return [&, path] {
      const Sample sample = timed(messages, [&] { import_file(path, files.out); });
      require(sums_of_recording(files.out, messages) == expected, "the sums of the recording");
      return sample;
    };
  };
  const auto parsed = [&] {
    const auto survey = binance::survey_captures({&files.plain, 1}, "", 2000);
    binance::SymbolTable symbols(survey.instruments);
    binance::MessageParser parser(symbols, survey.market);
    std::vector<Event> events;
    Sums sums;
    const Sample sample = timed(messages, [&] {
      sums.messages = for_each_line(files.text, [&](std::string_view line) {
        events.clear();
        parser.parse(line.substr(20), kStartNs, events);
        for (const Event& event : events) sums.add(event);
      });
    });
    require(sums == expected, "the sums of the parser");
    return sample;
  };
  const auto lines_alone = [&] {
    std::uint64_t sum = 0;
    const Sample sample = timed(messages, [&] {
      for_each_line(files.text,
                    [&](std::string_view line) { sum += std::strtoull(line.data(), nullptr, 10); });
    });
    keep(sum);
    return sample;
  };
  const auto samples = take_turns({lines_alone, parsed, imported(files.plain), imported(files.gzip)});
  const double bytes = static_cast<double>(files.text.size()) / static_cast<double>(messages);
  const std::string workload = std::to_string(messages) + " messages";
  print("binance_parse_vs_lines", workload, samples[0], samples[1]);
  print("binance_import_vs_parse", workload, samples[1], samples[2]);
  print("binance_import_gz_vs_plain", workload, samples[2], samples[3]);
  std::printf("  %.0f bytes and %.1f events a message\n", bytes,
              static_cast<double>(expected.events) / static_cast<double>(messages));
  print_rate("parse", samples[1], bytes, 0);
  print_rate("import, plain", samples[2], bytes, 5e5);
  print_rate("import, .gz", samples[3], bytes, 5e5);
  std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace hftsim::perf

int main(int argc, char** argv) {
  return hftsim::perf::run(hftsim::perf::count_argument(argc, argv, 300'000), argc > 2 ? argv[2] : nullptr);
}
