// hftsim verify: whether two runs decided the same, and where they first differ.
#include <fmt/format.h>

#include <cstring>
#include <optional>

#include "replay/journal_file.h"
#include "tools/commands/commands.h"
#include "tools/equity_parquet.h"
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

void verify(const std::string& path_a, const std::string& path_b) {
  const RunDirectory a = RunDirectory::open(path_a), b = RunDirectory::open(path_b);
  const auto hash_a = read_summary(a.summary())["journal_hash"].get<std::string>();
  const auto hash_b = read_summary(b.summary())["journal_hash"].get<std::string>();
  JournalFileReader journal_a(a.journal()), journal_b(b.journal());
  const bool same_journal = same("journal", journal_a, journal_b);
  EquityParquet equity_a(a.equity()), equity_b(b.equity());
  const bool same_equity = same("equity curve", equity_a, equity_b);
  if (!same_journal || !same_equity) throw CommandFailed();
  if (hash_a != hash_b) {
    fmt::print("journal and equity are the same but the summaries' hashes are not: {} and {}\n", hash_a,
               hash_b);
    throw CommandFailed();
  }
  fmt::print("the runs are the same: {}\n", hash_a);
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
