// hftsim verify: whether two runs decided the same, and where they first differ.
#include <fmt/format.h>

#include <cstring>
#include <optional>
#include <vector>

#include "replay/journal_file.h"
#include "tools/commands/commands.h"
#include "tools/equity_parquet.h"
#include "tools/journal_extent.h"
#include "tools/run_directory.h"
#include "tools/summary.h"

namespace hftsim {
namespace {

// Records of a journal, or marks of an equity curve, one at a time.
template <class Reader>
class Items {
 public:
  explicit Items(Reader& reader) : reader_(reader) {}

  auto next() {
    if (items_.empty()) items_ = reader_.next();
    std::optional<std::remove_cv_t<std::remove_reference_t<decltype(items_.front())>>> item;
    if (items_.empty()) return item;
    item = items_.front();
    items_ = items_.subspan(1);
    return item;
  }

 private:
  Reader& reader_;
  decltype(std::declval<Reader&>().next()) items_;
};

std::string describe(const EquityMark& mark) {
  return fmt::format("{} equity {} benchmark {} exposure {}", iso_utc(Timestamp(mark.ts_ns)), mark.equity,
                     mark.benchmark, mark.exposure);
}

template <class Item>
std::string describe_or_end(const std::optional<Item>& item) {
  return item ? describe(*item) : "(the run ends here)";
}

// Prints the first difference between two streams; false where there is one.
template <class Reader>
bool same(const char* what, Reader& a, Reader& b) {
  Items<Reader> items_a(a), items_b(b);
  for (std::uint64_t index = 0;; ++index) {
    const auto x = items_a.next(), y = items_b.next();
    if (!x && !y) return true;
    if (x && y && std::memcmp(&*x, &*y, sizeof *x) == 0) continue;
    fmt::print("first difference in the {}, at number {}:\n  A: {}\n  B: {}\n", what, index,
               describe_or_end(x), describe_or_end(y));
    return false;
  }
}

// A run directory, read to its end and held against its own summary.
struct CheckedRun {
  RunDirectory directory;
  std::string hash;                 // worked out from its journal and equity curve
  std::vector<std::string> faults;  // what is missing, torn or at odds

  bool has_equity() const { return std::filesystem::exists(directory.equity()); }
};

void hash_equity(const RunDirectory& run, RunHasher& hasher) {
  EquityParquet equity(run.equity());
  for (auto marks = equity.next(); !marks.empty(); marks = equity.next()) hasher.add(marks);
}

CheckedRun checked(const std::string& path) {
  CheckedRun run{RunDirectory::open(path), "", {}};
  const bool has_summary = std::filesystem::exists(run.directory.summary());
  RunHasher hasher;
  const JournalExtent journal = extent_of_journal(run.directory.journal(), &hasher);
  if (run.has_equity()) hash_equity(run.directory, hasher);
  run.hash = hasher.hex();
  if (!has_summary) run.faults.push_back("summary.json is missing: the run was cut off before its end");
  if (!run.has_equity()) run.faults.push_back("equity.parquet is missing");
  if (!has_summary || !journal.tail.complete) run.faults.push_back("journal: " + journal.describe());
  if (!has_summary || !run.has_equity()) return run;
  const auto said = read_summary(run.directory.summary())["journal_hash"].get<std::string>();
  if (said == run.hash) return run;
  run.faults.push_back(
      fmt::format("it contradicts itself: summary.json says hash {}, its journal and equity curve have {}",
                  said, run.hash));
  return run;
}

void print_faults(const char* name, const CheckedRun& run) {
  for (const std::string& fault : run.faults) {
    fmt::print("{} ({}): {}\n", name, run.directory.path().string(), fault);
  }
}

bool same_journal(const CheckedRun& a, const CheckedRun& b) {
  JournalFileReader journal_a(a.directory.journal()), journal_b(b.directory.journal());
  return same("journal", journal_a, journal_b);
}

bool same_equity(const CheckedRun& a, const CheckedRun& b) {
  if (!a.has_equity() || !b.has_equity()) return true;  // a fault already
  EquityParquet equity_a(a.directory.equity()), equity_b(b.directory.equity());
  return same("equity curve", equity_a, equity_b);
}

void verify(const std::string& path_a, const std::string& path_b) {
  const CheckedRun a = checked(path_a), b = checked(path_b);
  print_faults("A", a);
  print_faults("B", b);
  const bool journals_same = same_journal(a, b), equities_same = same_equity(a, b);
  if (!journals_same || !equities_same) throw CommandFailed();
  if (!a.faults.empty() || !b.faults.empty()) {
    fmt::print("what can be read is the same\n");
    throw CommandFailed();
  }
  fmt::print("the runs are the same: {}\n", a.hash);
}

}  // namespace

void add_verify_command(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("verify", "Compare two runs; names the first difference, exit code 1");
  auto paths = std::make_shared<std::pair<std::string, std::string>>();
  command->add_option("run_a", paths->first, "Run directory")->required();
  command->add_option("run_b", paths->second, "Run directory")->required();
  command->footer("Example:\n  hftsim verify runs/monday runs/tuesday");
  command->callback([paths] { verify(paths->first, paths->second); });
}

}  // namespace hftsim
