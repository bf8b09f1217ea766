#include "adapters/table_target.h"

#include <sys/stat.h>

#include "adapters/parquet_writer.h"
#include "tests/adapters/bar_files.h"

namespace hftsim {
namespace {

using TableTargets = BarFiles;

TEST_F(TableTargets, TellTheFormatByTheEndingInAnyCase) {
  EXPECT_EQ(table_target("x.parquet").format, TableFormat::parquet);
  EXPECT_EQ(table_target("x.PARQUET").format, TableFormat::parquet);
  EXPECT_EQ(table_target("x.csv").format, TableFormat::csv);
  EXPECT_EQ(table_target("x.CSV").format, TableFormat::csv);
  EXPECT_EQ(table_target("x.Csv.gz").format, TableFormat::csv_gzip);
  for (const char* name : {"x.txt", "x", "x.gz", "x.parquet.bak", "", "folder/"}) {
    EXPECT_MENTIONS(refusal([&] { table_target(name); }), "a file that ends in .parquet, .csv or .csv.gz");
  }
}

TEST_F(TableTargets, AreRegularFiles) {
  std::filesystem::create_directory(path("d.csv"));
  ASSERT_EQ(mkfifo(path("f.csv").c_str(), 0600), 0);
  EXPECT_MENTIONS(refusal([&] { table_target(path("d.csv")); }), "d.csv: got a directory");
  EXPECT_MENTIONS(refusal([&] { table_target(path("f.csv")); }), "f.csv: got a device, pipe or socket");
  EXPECT_MENTIONS(refusal([&] { table_target("/dev/null"); }), "got a device, pipe or socket");
}

TEST_F(TableTargets, LieBehindLinksAndLeaveThem) {
  std::filesystem::create_directory(path("elsewhere"));
  std::filesystem::create_symlink("elsewhere/real.csv", path("link.csv"));
  for (int time = 0; time < 2; ++time) {  // the file is not there yet, then it is
    write_table(path("link.csv"), {{"x", ColumnType::float64}}, [](RowBatch&) { return 0; });
    EXPECT_TRUE(std::filesystem::is_symlink(path("link.csv")));
    EXPECT_TRUE(std::filesystem::is_regular_file(path("elsewhere/real.csv")));
  }
  std::filesystem::create_symlink("b.csv", path("a.csv"));
  std::filesystem::create_symlink("a.csv", path("b.csv"));
  EXPECT_MENTIONS(refusal([&] { table_target(path("a.csv")); }), "a link that leads nowhere");
}

TEST_F(TableTargets, AreNotReplacedUnlessForced) {
  EXPECT_NO_THROW(require_free_target(path("x.csv"), false));
  const auto file = write("x.csv", "mine");
  EXPECT_MENTIONS(refusal([&] { require_free_target(file, false); }), "x.csv exists already");
  EXPECT_MENTIONS(refusal([&] { require_free_target(file, false); }), "--force");
  EXPECT_NO_THROW(require_free_target(file, true));
}

TEST_F(TableTargets, AreNoneOfTheFilesThatAreRead) {
  const std::filesystem::path data = write("x.csv", "bars");
  std::filesystem::create_symlink("x.csv", path("link.csv"));
  std::filesystem::create_hard_link(data, path("same.csv"));
  for (const char* name : {"x.csv", "link.csv", "same.csv"}) {
    EXPECT_MENTIONS(refusal([&] {
                      require_free_target(path(name), true, {&data, 1});
                    }),
                    "the file that is read");
  }
}

}  // namespace
}  // namespace hftsim
