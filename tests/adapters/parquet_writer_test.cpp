#include "adapters/parquet_writer.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <cmath>
#include <csignal>
#include <random>

#include "adapters/table_reader.h"
#include "tests/adapters/bar_files.h"

namespace hftsim {
namespace {

using ParquetWriter = BarFiles;

const std::vector<TableColumn> kColumns{{"ts", ColumnType::timestamp_ns},
                                        {"price", ColumnType::float64},
                                        {"small", ColumnType::float32},
                                        {"count", ColumnType::int64},
                                        {"side", ColumnType::text}};

struct Row {
  std::int64_t ts_ns;
  double price;
  float small;
  std::int64_t count;
  std::string side;
};

std::vector<Row> random_rows(std::size_t count) {
  std::mt19937_64 random(17);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < count; ++i) {
    rows.push_back({static_cast<std::int64_t>(random() >> 2), std::ldexp(static_cast<double>(random()), -40),
                    static_cast<float>(random() % 1000) / 7, static_cast<std::int64_t>(random()),
                    random() % 3 == 0 ? "a longer text than fits inline" : "buy"});
  }
  return rows;
}

// Gives the rows in batches of uneven size.
RowProducer produce(const std::vector<Row>& rows) {
  return [&rows, next = std::size_t{0}](RowBatch& batch) mutable {
    const std::size_t count = std::min({batch.capacity(), rows.size() - next, 1 + next % 1999});
    for (std::size_t i = 0; i < count; ++i) {
      const Row& row = rows[next + i];
      batch.int64(0)[i] = row.ts_ns;
      batch.float64(1)[i] = row.price;
      batch.float32(2)[i] = row.small;
      batch.int64(3)[i] = row.count;
      batch.set_text(4, i, row.side);
    }
    next += count;
    return count;
  };
}

TEST_F(ParquetWriter, GivesBackEveryBitOfEveryRow) {
  const std::vector<Row> rows = random_rows(200'000);
  EXPECT_EQ(write_table(path("t.parquet"), kColumns, produce(rows)), rows.size());
  TableReader reader(path("t.parquet"));
  EXPECT_EQ(reader.row_count(), rows.size());
  std::size_t at = 0;
  while (reader.next()) {
    for (std::size_t i = 0; i < reader.rows(); ++i, ++at) {
      ASSERT_EQ(reader.int64(0)[i], rows[at].ts_ns);
      ASSERT_EQ(reader.float64(1)[i], rows[at].price);
      ASSERT_EQ(reader.float64(2)[i], rows[at].small);
      ASSERT_EQ(reader.int64(3)[i], rows[at].count);
      ASSERT_EQ(reader.text(4, i), rows[at].side);
    }
  }
  EXPECT_EQ(at, rows.size());
}

TEST_F(ParquetWriter, WritesTheSameBytesTwice) {
  const std::vector<Row> rows = random_rows(10'000);
  for (const char* name : {"a.parquet", "b.parquet"}) write_table(path(name), kColumns, produce(rows));
  const auto bytes = [&](const char* name) {
    std::ifstream file(path(name), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  EXPECT_EQ(bytes("a.parquet"), bytes("b.parquet"));
}

TEST_F(ParquetWriter, WritesNoRowsAsATableWithItsColumns) {
  EXPECT_EQ(write_table(path("t.parquet"), kColumns, [](RowBatch&) { return 0; }), 0u);
  TableReader reader(path("t.parquet"));
  EXPECT_EQ(reader.columns().size(), 5u);
  EXPECT_EQ(reader.columns()[0].type, ColumnType::timestamp_ns);
  EXPECT_EQ(reader.row_count(), 0u);
  EXPECT_FALSE(reader.next());
}

TEST_F(ParquetWriter, WritesNulls) {
  int given = 0;
  write_table(path("t.parquet"), {{"x", ColumnType::float64}, {"s", ColumnType::text}},
              [&](RowBatch& batch) -> std::size_t {
                if (given++ > 0) return 0;
                batch.float64(0)[0] = 1.5;
                batch.set_text(1, 0, "");
                batch.set_null(0, 1);
                batch.set_null(1, 1);
                return 2;
              });
  TableReader reader(path("t.parquet"));
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.float64(0)[0], 1.5);
  EXPECT_TRUE(std::isnan(reader.float64(0)[1]));
  EXPECT_FALSE(reader.is_null(1, 0));
  EXPECT_TRUE(reader.is_null(1, 1));
}

TEST_F(ParquetWriter, WritesCsvWithAHeader) {
  int given = 0;
  write_table(path("t.csv"), {{"x", ColumnType::float64}, {"s", ColumnType::text}},
              [&](RowBatch& batch) -> std::size_t {
                if (given++ > 0) return 0;
                batch.float64(0)[0] = 0.1;
                batch.set_text(1, 0, "a,b");
                return 1;
              });
  std::ifstream file(path("t.csv"));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "x,s\n0.1,\"a,b\"\n");
}

TEST_F(ParquetWriter, HandsOnWhatTheProducerThrowsAndLeavesNoFile) {
  struct Stopped {};
  int given = 0;
  const RowProducer producer = [&](RowBatch& batch) -> std::size_t {
    if (given++ == 100) throw Stopped{};
    for (double& cell : batch.float64(0)) cell = given;
    return batch.capacity();
  };
  write("t.parquet.part", "of a run that was killed");
  EXPECT_THROW(write_table(path("t.parquet"), {{"x", ColumnType::float64}}, producer), Stopped);
  EXPECT_TRUE(std::filesystem::is_empty(path("")));
}

TEST_F(ParquetWriter, SaysWhichPathCannotBeWritten) {
  try {
    write_table(path("none/t.parquet"), kColumns, [](RowBatch&) { return 0; });
    FAIL() << "written";
  } catch (const IoFailure& failure) {
    EXPECT_MENTIONS(std::string(failure.what()), "none/t.parquet: cannot be written");
  }
}

// A limit on the size of files stands in for a full disk: writing fails at the same place, with EFBIG.
TEST_F(ParquetWriter, KeepsTheOldFileWhereTheDiskIsFull) {
  write("t.parquet", "the run before");
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{256 * 1024, before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  const std::vector<Row> rows = random_rows(200'000);
  std::string message;
  try {
    write_table(path("t.parquet"), kColumns, produce(rows));
  } catch (const IoFailure& failure) {
    message = failure.what();
  }
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_MENTIONS(message, "t.parquet: cannot be written");
  std::ifstream file(path("t.parquet"));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "the run before");
  EXPECT_FALSE(std::filesystem::exists(path("t.parquet.part")));
}

TEST_F(ParquetWriter, ReadsBackOnlyTheColumnsAskedForAndNamesUnknownOnes) {
  const std::vector<Row> rows = random_rows(10);
  write_table(path("t.parquet"), kColumns, produce(rows));
  TableReader reader(path("t.parquet"), {"count", "price"});
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.int64(0)[9], rows[9].count);
  EXPECT_EQ(reader.float64(1)[9], rows[9].price);
  EXPECT_MENTIONS(refusal([&] { TableReader other(path("t.parquet"), {"prize"}); }), "did you mean price");
  EXPECT_MENTIONS(refusal([&] { TableReader other(path("no.parquet")); }), "no such file");
}

TEST_F(ParquetWriter, NamesAColumnThatIsReadBackAsAnotherType) {
  const std::vector<Row> rows = random_rows(10);
  write_table(path("t.parquet"), kColumns, produce(rows));
  TableReader reader(path("t.parquet"), {"side", "count", "price"});
  ASSERT_TRUE(reader.next());
  EXPECT_MENTIONS(refusal([&] { reader.float64(0); }),
                  "t.parquet: column 'side': got text, expected numbers with a fraction");
  EXPECT_MENTIONS(refusal([&] { reader.float64(1); }), "column 'count': got whole numbers");
  EXPECT_MENTIONS(refusal([&] { reader.int64(2); }),
                  "column 'price': got numbers with a fraction, expected whole");
  EXPECT_MENTIONS(refusal([&] { reader.text(2, 0); }),
                  "column 'price': got numbers with a fraction, expected text");
}

}  // namespace
}  // namespace hftsim
