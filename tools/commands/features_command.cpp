// hftsim features: the feature rows of a file of bars, as Parquet or CSV; or which of them to train a model on.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "adapters/bar_reader.h"
#include "adapters/parquet_writer.h"
#include "adapters/table_target.h"
#include "engine/core/clock.h"
#include "engine/core/errors.h"
#include "engine/features/catalog.h"
#include "engine/features/feature_set.h"
#include "replay/recording_reader.h"
#include "tools/bar_features.h"
#include "tools/bar_openings.h"
#include "tools/bar_spec_text.h"
#include "tools/cache_data.h"
#include "tools/commands/commands.h"
#include "tools/commands/interrupt.h"
#include "tools/feature_ranking_report.h"
#include "tools/progress_bar.h"
#include "tools/recorded_trade_bars.h"
#include "tools/summary.h"
#include "tools/training_arguments.h"

namespace hftsim {
namespace {

struct Arguments {
  std::string data, interval, bars, list = "default", windows = "5,10,20", dtype = "float64",
                                    policy = "reject", out;
  bool force = false, list_kinds = false, rank = false, json = false;
  models::RankingOptions ranking;
};

constexpr const char* kExamples = R"(Examples:
  hftsim features --data bars.parquet --features default,rsi_14 --out features.parquet
  hftsim features --data cache:BTCUSDT/1m --out cache:default
  hftsim features --data day.hfr --bars 1000t --out features.parquet    of bars of 1,000 trades each
  hftsim features --data bars.parquet --rank          which tell of the next close, which repeat others
  hftsim features --data bars.parquet --rank --horizon 10 --redundant 0.9 --out ranking.csv
--rank looks only at the rows that would train a model, and ends with the --features to train it on.)";

void print_kinds() {
  for (const features::FeatureKind& kind : features::feature_kinds()) {
    fmt::print("{:<26} {}{}\n", kind.pattern, kind.meaning, kind.build == nullptr ? " (not on bars)" : "");
  }
  fmt::print("# is a number of bars, % a factor: sma_20, bb_upper_20_2\n");
}

BarReaderOptions reader_options(const Arguments& arguments) {
  BarReaderOptions options;
  options.interval = arguments.interval;
  options.interval_key = "--interval";
  options.policy_key = "--policy";
  options.policy = parse_data_policy(arguments.policy, options.policy_key);
  options.now = wall_clock_now();
  return options;
}

// Of one instrument: a table, a recording, or what its trades make.
std::unique_ptr<BarSource> open_bars(const Arguments& arguments) {
  const BarReaderOptions options = reader_options(arguments);
  const RecordedBarsOptions recorded{options.policy, options.now, options.policy_key};
  const bool is_cached = names_cache(arguments.data);
  if (is_cached && !arguments.bars.empty()) {
    return std::make_unique<RecordedTradeBars>(open_cached_trades(arguments.data), arguments.data,
                                               parse_bar_spec(arguments.bars, "--bars"), recorded);
  }
  if (is_cached || !is_recording(arguments.data)) {
    if (!arguments.bars.empty())
      throw BadInput("--bars", "it with " + arguments.data, "a recording with trades");
    return open_bar_data(arguments.data, options);
  }
  std::vector<std::unique_ptr<BarSource>> sources;
  if (arguments.bars.empty()) {
    sources = open_recorded_bars(arguments.data, arguments.interval, recorded);
  } else {
    sources.push_back(std::make_unique<RecordedTradeBars>(
        arguments.data, parse_bar_spec(arguments.bars, "--bars"), recorded));
  }
  const std::size_t instruments = std::max(sources.size(), sources.front()->instruments().size());
  if (instruments == 1) return std::move(sources.front());
  throw BadInput("--data", fmt::format("{} instruments in {}", instruments, arguments.data),
                 "one: hftsim recording cut --symbol takes it out");
}

// The bars with their features, batch by batch.
class FeatureTable {
 public:
  FeatureTable(const Arguments& arguments, ColumnType type)
      : bars_(open_bars(arguments)),
        openings_(bars_->instruments()),
        set_(features::parse_feature_list(arguments.list,
                                          features::parse_windows(arguments.windows, "--windows")),
             {bars_->instruments().front().bar_interval}),
        type_(type),
        bar_("features", "bars", bars_->size_hint()) {
    if (set_.size() == 0) throw BadInput("--features", "an empty list", "at least one feature");
  }

  std::vector<TableColumn> columns() const {
    std::vector<TableColumn> all = {{"timestamp", ColumnType::timestamp_ns}};
    for (const std::string& name : set_.names()) all.push_back({name, type_});
    return all;
  }

  std::size_t fill(RowBatch& batch) {
    events_.resize(batch.capacity());
    values_.resize(batch.capacity() * set_.size());
    const std::size_t count = bars_->read(events_);
    set_.update(std::span<const Event>(events_).first(count), values_.data(), batch.capacity());
    for (std::size_t i = 0; i < count; ++i) batch.int64(0)[i] = openings_.open_ns(events_[i]);
    for (std::size_t f = 0; f < set_.size(); ++f) copy(batch, f, count);
    bar_.update(done_ += count);
    return count;
  }

  const DataFindings& findings() const { return bars_->findings(); }

 private:
  void copy(RowBatch& batch, std::size_t feature, std::size_t count) {
    const double* from = values_.data() + feature * batch.capacity();
    if (type_ == ColumnType::float64) {
      std::copy_n(from, count, batch.float64(feature + 1).begin());
    } else {
      std::transform(from, from + count, batch.float32(feature + 1).begin(),
                     [](double value) { return static_cast<float>(value); });
    }
  }

  std::unique_ptr<BarSource> bars_;
  BarOpenings openings_;
  features::FeatureSet set_;
  ColumnType type_;
  ProgressBar bar_;
  std::vector<Event> events_;
  std::vector<double> values_;
  std::uint64_t done_ = 0;
};

// Options that would be without effect.
void check_combination(const CLI::App& command, const Arguments& arguments) {
  const auto refuse = [&](const char* option, const char* how, const std::string& expectation) {
    if (command.count(option) > 0) throw BadInput(option, how, expectation);
  };
  if (!arguments.rank) {
    for (const char* option : {"--horizon", "--validation-split", "--redundant", "--json"})
      refuse(option, "it without --rank", "--rank beside it");
    return;
  }
  refuse("--list", "it with --rank", "one of the two");
  refuse("--dtype", "it with --rank", "features of 64 bits, as they are ranked by");
  if (arguments.out.empty()) refuse("--force", "it without --out", "the file to replace");
  if (arguments.data.empty()) throw BadInput("hftsim features --rank needs --data");
}

models::FeatureRanking rank_rows(const BarFeatures& rows, const Arguments& arguments) {
  std::optional<ProgressBar> bar;
  return models::rank_features(rows.slice(0, rows.rows()), arguments.ranking,
                               [&](std::size_t done, std::size_t total) {
                                 if (!bar) bar.emplace("ranking", "steps", total);
                                 bar->update(done);
                                 stop_if_interrupted("the ranking of " + arguments.data);
                               });
}

void rank(const Arguments& arguments) {
  models::check_options(arguments.ranking);
  const std::filesystem::path file = arguments.data;
  if (!arguments.out.empty()) require_free_target(arguments.out, arguments.force, {&file, 1});
  TrainingArguments training;
  training.data = arguments.data;
  training.interval = arguments.interval;
  training.bars = arguments.bars;
  training.policy = arguments.policy;
  training.features = arguments.list;
  training.windows = arguments.windows;
  const std::vector<std::string> names = training.feature_names();
  RunData data(training.data_config());
  catch_interrupts();
  const BarFeatures rows(data, names);
  const models::FeatureRanking ranking = rank_rows(rows, arguments);
  if (!arguments.out.empty()) write_ranking(arguments.out, ranking);
  if (arguments.json) return fmt::print("{}\n", ranking_json(rows, ranking).dump(2));
  fmt::print("{}: {} bars, {} rows of {} features ({} bars until all are known)\n{}{}", arguments.data,
             data.bars(), rows.rows(), rows.names().size(), rows.bars_before(), finding_rows(data.findings()),
             ranking_table(rows, ranking));
  if (!arguments.out.empty()) fmt::print("\n{}: {} features\n", arguments.out, ranking.features.size());
}

void compute(const Arguments& arguments) {
  if (arguments.list_kinds) return print_kinds();
  if (arguments.data.empty() || arguments.out.empty())
    throw BadInput("hftsim features needs --data and --out");
  const std::filesystem::path data = arguments.data;
  const std::string out = names_cache(arguments.out)
                              ? cached_features_path(arguments.out, arguments.data).string()
                              : arguments.out;
  require_free_target(out, arguments.force, {&data, 1});
  catch_interrupts();
  FeatureTable table(arguments, arguments.dtype == "float32" ? ColumnType::float32 : ColumnType::float64);
  const std::vector<TableColumn> columns = table.columns();
  const std::uint64_t rows = write_table(out, columns, [&](RowBatch& batch) {
    stop_if_interrupted(out);
    return table.fill(batch);
  });
  fmt::print("{}: {} bars, {} features\n", out, rows, columns.size() - 1);
  fmt::print("{}", finding_rows(table.findings()));
}

void add_ranking_options(CLI::App& command, Arguments& arguments) {
  command.add_flag("--rank", arguments.rank,
                   "Which features to train a model on; the default set then is without trades");
  command.add_option("--horizon", arguments.ranking.horizon, "With --rank: bars over which the close rises")
      ->capture_default_str();
  command
      .add_option("--validation-split", arguments.ranking.validation_split,
                  "With --rank: last share of the rows, not looked at")
      ->capture_default_str();
  command
      .add_option("--redundant", arguments.ranking.redundant,
                  "With --rank: |rank correlation| from which two features say the same")
      ->capture_default_str();
  command.add_flag("--json", arguments.json, "With --rank: everything, as JSON");
}

}  // namespace

void add_features_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("features", "Compute features of a file of bars");
  command->add_option("--data", arguments->data,
                      "Parquet or CSV file of bars, recording (.hfr), or cache:SYMBOL/INTERVAL");
  command->add_option("--interval", arguments->interval, "1s, 1m, 5m, 1h, 1d; default: from the file");
  command->add_option("--bars", arguments->bars, "Bars made of a recording's trades: 1m, 1000t, 50v, 1e6d");
  command->add_option("--features", arguments->list, "Names, comma-separated; default: the default set")
      ->capture_default_str();
  command->add_option("--windows", arguments->windows, "Windows of the default set")->capture_default_str();
  command->add_option("--dtype", arguments->dtype, "float64 or float32")
      ->capture_default_str()
      ->check(CLI::IsMember({"float64", "float32"}));
  command->add_option("--policy", arguments->policy, "Bad bars: reject, skip or repair")
      ->capture_default_str();
  command->add_option("--out", arguments->out,
                      "FILE.parquet, FILE.csv or FILE.csv.gz; cache:NAME beside bars of the cache");
  command->add_flag("--force", arguments->force, "Replace the file that --out names");
  command->add_flag("--list", arguments->list_kinds, "List all features there are");
  add_ranking_options(*command, *arguments);
  command->footer(kExamples);
  command->callback([arguments, command] {
    check_combination(*command, *arguments);
    arguments->rank ? rank(*arguments) : compute(*arguments);
  });
}

}  // namespace hftsim
