// A live run without a network: generated trades and bars in place of a feed.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "replay/trade_generator.h"
#include "tests/models/bundle_file.h"
#include "tools/paper/live_run.h"
#include "tools/run_config.h"
#include "tools/run_model.h"
#include "tools/run_wiring.h"

namespace hftsim::test {

struct Stream {
  std::vector<Event> events;
  std::vector<Instrument> instruments;
};

// Quotes, trades and bars of `symbols` over so many minutes, received as they happened.
inline Stream generated_stream(std::uint64_t bars, std::size_t symbols = 1, std::uint64_t seed = 1) {
  TradeGeneratorOptions options;
  options.bars.bars = bars;
  options.bars.seed = seed;
  options.bars.symbols = generated_symbols(symbols);
  TradeGenerator generator(options);
  Stream stream;
  stream.instruments.assign(generator.instruments().begin(), generator.instruments().end());
  std::vector<Event> batch(4096);
  while (const std::size_t count = generator.read(batch)) {
    stream.events.insert(stream.events.end(), batch.begin(),
                         batch.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return stream;
}

// sma_cross with short windows, so that a few hundred bars are enough to trade; filled on quotes.
inline RunConfig paper_config() {
  RunConfig config;
  config.strategy.name = "sma_cross";
  config.strategy.params["fast"] = std::int64_t{3};
  config.strategy.params["slow"] = std::int64_t{8};
  config.features.list = {"none"};
  config.data.order = "recorded";
  config.execution.venue = "ticks";
  resolve(config);
  return config;
}

// momentum with a native model, written to `folder`, that has a say in whatever it decides.
inline RunConfig model_config(const std::filesystem::path& folder) {
  const std::vector<std::string> inputs = {"return_1", "sma_5", "rsi_14"};
  const std::filesystem::path file = folder / "model.pt";
  models::write_bundle(file, models::example_metadata(inputs), models::price_lstm_weights(3));
  RunConfig config;
  config.strategy.name = "momentum";
  config.strategy.params["ml_threshold"] = 0.5;
  config.strategy.params["momentum_threshold"] = 0.0;
  config.features.list = {"none"};
  config.model.path = {file.string()};
  config.model.predictor = "native";
  resolve(config);
  return config;
}

struct Decisions {
  std::string hash;
  RunCounters counters;
  std::vector<JournalRecord> records;
  std::uint64_t predictions = 0;
};

struct RecordKeeper final : JournalSink {
  void write(std::span<const JournalRecord> more) override {
    records.insert(records.end(), more.begin(), more.end());
  }
  std::vector<JournalRecord> records;
};

// What the stages decide on these events, block by block on this thread.
inline Decisions decisions_on(const RunConfig& config, std::span<const Event> events,
                              const std::vector<Instrument>& instruments) {
  RunModel model(config);
  RunWiring wiring(config, instruments, model);
  RecordKeeper keeper;
  wiring.journal.write_to(&keeper, nullptr);
  const auto capacity = static_cast<std::uint32_t>(config.run.block);
  const auto features = static_cast<std::uint32_t>(wiring.names.names().size());
  Arena arena(BlockPool::bytes_needed(1, capacity, features));
  BlockPool blocks(arena, 1, capacity, features);
  for (; !events.empty(); events = events.subspan(blocks[0].size)) {
    blocks[0].events = events.first(std::min<std::size_t>(events.size(), capacity));
    blocks[0].size = static_cast<std::uint32_t>(blocks[0].events.size());
    wiring.features.process(blocks[0]);
    if (wiring.inference) wiring.inference->process(blocks[0]);
    wiring.core.process(blocks[0]);
  }
  wiring.core.finish(false);
  const std::uint64_t predictions = wiring.inference ? wiring.inference->predictions() : 0;
  return {wiring.journal.hash_hex(), wiring.core.counters(), std::move(keeper.records), predictions};
}

// A live run into a folder's session.hfr and journal.
class LiveBench {
 public:
  LiveBench(const std::filesystem::path& folder, const std::vector<Instrument>& instruments,
            SessionWatcher* watcher = nullptr, const RunConfig& config = paper_config())
      : config_(config), model_(config_), wiring_(config_, instruments, model_, Feeding::live) {
    LiveRunOptions options;
    options.recorder.recording = folder / "session.hfr";
    options.recorder.journal = folder / "journal";
    options.recorder.header = {.instruments = instruments, .order = EventOrder::receive};
    if (watcher != nullptr) options.recorder.watchers = {watcher};
    options.feature_count = static_cast<std::uint32_t>(wiring_.names.names().size());
    run_ = std::make_unique<LiveRun>(parts_of(wiring_), options);
  }

  // In pieces as a feed gives them.
  void take(std::span<const Event> events, std::size_t piece = 7) {
    while (!events.empty()) {
      const std::size_t count = std::min(piece, events.size());
      run_->sink().take(events.first(count), {.read_ns = 1, .parsed_ns = 2});
      events = events.subspan(count);
    }
  }
  std::string finish() {
    run_->finish();
    return wiring_.journal.hash_hex();
  }
  LiveRun& run() { return *run_; }
  const RunConfig& config() const { return config_; }

 private:
  RunConfig config_;
  RunModel model_;
  RunWiring wiring_;
  std::unique_ptr<LiveRun> run_;
};

}  // namespace hftsim::test
