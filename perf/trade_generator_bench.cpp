// Claim: a million events of trades and quotes are generated and written to a recording within a second.
//
// Workload: the default symbol, or eight, from the first bar on until so many events are there (the argument).
// Contenders: what is generated is dropped; written to a recording; with the book's messages; eight symbols in one
// order. Beside them the bars alone, per bar.
// Checked first: that volume and number of the trades are those of the bars, and that every run gives the same sums.
#include <cstdio>
#include <filesystem>

#include "perf/bench.h"
#include "replay/bar_generator.h"
#include "replay/recording_writer.h"
#include "replay/trade_generator.h"

namespace hftsim::perf {
namespace {

struct Sums {
  std::uint64_t events = 0, trades = 0, traded_in_bars = 0, words = 0;
  double volume = 0, volume_in_bars = 0;

  void add(std::span<const Event> given) {
    for (const Event& event : given) {
      words += static_cast<std::uint64_t>(event.ts_ns) ^ static_cast<std::uint64_t>(event.trade.price_ticks);
      if (event.kind == EventKind::trade) {
        ++trades;
        volume += static_cast<double>(event.trade.quantity_lots) / 1e5;
      } else if (event.kind == EventKind::bar) {
        traded_in_bars += event.trades;
        volume_in_bars += event.bar.volume;
      }
    }
    events += given.size();
  }

  friend bool operator==(const Sums&, const Sums&) = default;
};

TradeGeneratorOptions options_of(std::size_t symbols, TradeLevel level) {
  TradeGeneratorOptions options;
  options.bars.symbols = generated_symbols(symbols);
  options.level = level;
  return options;
}

// Calls f(events) for the first `count` events.
template <class Function>
void generate(const TradeGeneratorOptions& options, std::uint64_t count, Function f) {
  TradeGenerator generator(options);
  std::vector<Event> room(4096);
  for (std::uint64_t done = 0; done < count;) {
    const std::uint64_t wanted = std::min<std::uint64_t>(room.size(), count - done);
    const std::size_t given = generator.read(std::span(room).first(static_cast<std::size_t>(wanted)));
    f(std::span<const Event>(room).first(given));
    done += given;
  }
}

void check_whole_bars(TradeLevel level) {
  TradeGeneratorOptions options = options_of(2, level);
  options.bars.bars = 20;
  TradeGenerator generator(options);
  std::vector<Event> room(4096);
  Sums sums;
  for (std::size_t count = generator.read(room); count > 0; count = generator.read(room)) {
    sums.add(std::span(room).first(count));
  }
  require(sums.trades == sums.traded_in_bars, "the trades are not as many as the bars'");
  require(std::abs(sums.volume - sums.volume_in_bars) < 1e-6 * sums.volume,
          "the trades' volume is not the bars'");
}

void print_rate(const char* what, const Samples& samples) {
  const Spread ns = ns_of(samples);
  std::printf("  %s: %.1f M events/s (%.1f..%.1f)\n", what, 1e3 / ns.median, 1e3 / ns.high, 1e3 / ns.low);
}

}  // namespace

int run(std::uint64_t count) {
  check_whole_bars(TradeLevel::trades);
  check_whole_bars(TradeLevel::book);
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("hftsim-" + std::to_string(monotonic_ns()) + ".hfr");

  const auto dropped = [&](std::size_t symbols, TradeLevel level) {
    Sums expected;
    generate(options_of(symbols, level), count, [&](std::span<const Event> events) { expected.add(events); });
    return [=] {
      Sums sums;
      const Sample sample = timed(count, [&] {
        generate(options_of(symbols, level), count, [&](std::span<const Event> events) { sums.add(events); });
      });
      require(sums == expected, "another run gives other events");
      return sample;
    };
  };
  const auto written = [&] {
    const TradeGeneratorOptions options = options_of(1, TradeLevel::trades);
    return timed(count, [&] {
      RecordingWriter writer(path, {.instruments = {Instrument{.symbol = "SYN1USDT"}}});
      generate(options, count, [&](std::span<const Event> events) { writer.append(events); });
      writer.close();
      require(writer.event_count() == count, "the recording has other events");
    });
  };
  const auto bars = [&] {
    BarGeneratorOptions options;
    options.bars = count;
    BarGenerator generator(options);
    std::vector<Event> room(4096);
    return timed(count, [&] {
      while (generator.read(room) > 0) keep(room[0]);
    });
  };
  const auto samples = take_turns({dropped(1, TradeLevel::trades), written, dropped(1, TradeLevel::book),
                                   dropped(8, TradeLevel::trades), bars});
  std::filesystem::remove(path);
  const std::string workload = std::to_string(count) + " events";
  print("trades_generated_vs_written", workload, samples[0], samples[1]);
  print("trades_vs_book", workload, samples[0], samples[2]);
  print("trades_of_one_symbol_vs_eight", workload, samples[0], samples[3]);
  print("trades_vs_bars", workload, samples[0], samples[4]);
  print_rate("trades and quotes", samples[0]);
  print_rate("the same, written", samples[1]);
  print_rate("with the book", samples[2]);
  print_rate("eight symbols", samples[3]);
  claim("a million events within a second, written", ns_of(samples[1]).median <= 1000);
  return 0;
}

}  // namespace hftsim::perf

int main(int argc, char** argv) {
  return hftsim::perf::run(hftsim::perf::count_argument(argc, argv, 1'000'000));
}
