// hftsim features: the feature rows of a file of bars, as Parquet or CSV.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "adapters/bar_reader.h"
#include "adapters/parquet_writer.h"
#include "adapters/table_target.h"
#include "engine/core/clock.h"
#include "engine/core/errors.h"
#include "engine/features/catalog.h"
#include "engine/features/feature_set.h"
#include "tools/commands/commands.h"
#include "tools/commands/interrupt.h"
#include "tools/progress_bar.h"
#include "tools/summary.h"

namespace hftsim {
namespace {

struct Arguments {
  std::string data, interval, list = "default", windows = "5,10,20", dtype = "float64", policy = "reject",
                              out;
  bool force = false, list_kinds = false;
};

void print_kinds() {
  for (const features::FeatureKind& kind : features::feature_kinds()) {
    fmt::print("{:<26} {}{}\n", kind.pattern, kind.meaning, kind.build == nullptr ? " (not on bars)" : "");
  }
  fmt::print("# is a number of bars, % a factor: sma_20, bb_upper_20_2\n");
}

// The reader's bars with their features, batch by batch.
class FeatureTable {
 public:
  FeatureTable(const Arguments& arguments, ColumnType type)
      : reader_(arguments.data, reader_options(arguments)),
        set_(features::parse_feature_list(arguments.list,
                                          features::parse_windows(arguments.windows, "--windows")),
             {reader_.interval()}),
        type_(type),
        bar_("features", "bars", reader_.size_hint()) {
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
    const std::size_t count = reader_.read(events_);
    set_.update(std::span<const Event>(events_).first(count), values_.data(), batch.capacity());
    for (std::size_t i = 0; i < count; ++i) batch.int64(0)[i] = events_[i].ts_ns - reader_.interval().value;
    for (std::size_t f = 0; f < set_.size(); ++f) copy(batch, f, count);
    bar_.update(done_ += count);
    return count;
  }

  const DataFindings& findings() const { return reader_.findings(); }

 private:
  static BarReaderOptions reader_options(const Arguments& arguments) {
    BarReaderOptions options;
    options.interval = arguments.interval;
    options.interval_key = "--interval";
    options.policy_key = "--policy";
    options.policy = parse_data_policy(arguments.policy, options.policy_key);
    options.now = wall_clock_now();
    return options;
  }

  void copy(RowBatch& batch, std::size_t feature, std::size_t count) {
    const double* from = values_.data() + feature * batch.capacity();
    if (type_ == ColumnType::float64) {
      std::copy_n(from, count, batch.float64(feature + 1).begin());
    } else {
      std::transform(from, from + count, batch.float32(feature + 1).begin(),
                     [](double value) { return static_cast<float>(value); });
    }
  }

  BarReader reader_;
  features::FeatureSet set_;
  ColumnType type_;
  ProgressBar bar_;
  std::vector<Event> events_;
  std::vector<double> values_;
  std::uint64_t done_ = 0;
};

void compute(const Arguments& arguments) {
  if (arguments.list_kinds) return print_kinds();
  if (arguments.data.empty() || arguments.out.empty())
    throw BadInput("hftsim features needs --data and --out");
  const std::filesystem::path data = arguments.data;
  require_free_target(arguments.out, arguments.force, {&data, 1});
  catch_interrupts();
  FeatureTable table(arguments, arguments.dtype == "float32" ? ColumnType::float32 : ColumnType::float64);
  const std::vector<TableColumn> columns = table.columns();
  const std::uint64_t rows = write_table(arguments.out, columns, [&](RowBatch& batch) {
    stop_if_interrupted(arguments.out);
    return table.fill(batch);
  });
  fmt::print("{}: {} bars, {} features\n", arguments.out, rows, columns.size() - 1);
  fmt::print("{}", finding_rows(table.findings()));
}

}  // namespace

void add_features_command(CLI::App& app) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("features", "Compute features of a file of bars");
  command->add_option("--data", arguments->data, "Parquet or CSV file of bars");
  command->add_option("--interval", arguments->interval, "1s, 1m, 5m, 1h, 1d; default: from the file");
  command->add_option("--features", arguments->list, "Names, comma-separated; default: the default set")
      ->capture_default_str();
  command->add_option("--windows", arguments->windows, "Windows of the default set")->capture_default_str();
  command->add_option("--dtype", arguments->dtype, "float64 or float32")
      ->capture_default_str()
      ->check(CLI::IsMember({"float64", "float32"}));
  command->add_option("--policy", arguments->policy, "Bad bars: reject, skip or repair")
      ->capture_default_str();
  command->add_option("--out", arguments->out, "FILE.parquet, FILE.csv or FILE.csv.gz");
  command->add_flag("--force", arguments->force, "Replace the file that --out names");
  command->add_flag("--list", arguments->list_kinds, "List all features there are");
  command->footer(
      "Example:\n  hftsim features --data bars.parquet --features default,rsi_14 --out features.parquet");
  command->callback([arguments] { compute(*arguments); });
}

}  // namespace hftsim
