// Columns of times: epochs, dates as numbers, what spreadsheets make of them. How one text is read is in
// bar_time_test.cpp.
#include <fmt/format.h>

#include "adapters/bar_reader.h"
#include "adapters/parquet_writer.h"
#include "engine/core/clock.h"
#include "tests/adapters/bar_files.h"

namespace hftsim {
namespace {

constexpr std::int64_t kStartS = 1'700'000'040;  // on a minute

using BarReaderTimes = BarFiles;

TEST_F(BarReaderTimes, RefusesATimeThatIsNone) {
  const std::string header = "time,open,high,low,close,volume\n";
  EXPECT_MENTIONS(refusal([&] { BarReader reader(write("x.csv", header + "soon,1,1,1,1,1\n")); }),
                  "x.csv:2: column 'time': got 'soon', expected a time");
  EXPECT_MENTIONS(refusal([&] { BarReader reader(write("x.csv", header + ",1,1,1,1,1\n")); }),
                  "x.csv:2: column 'time': got nothing");
}

std::string daily_rows(std::vector<std::string_view> times) {
  std::string text = "date,open,high,low,close,volume\n";
  for (const std::string_view time : times) text += fmt::format("{},1,1,1,1,1\n", time);
  return text;
}

TEST_F(BarReaderTimes, ReadsDatesWithoutDashes) {
  BarReader reader(write("x.csv", daily_rows({"20240131", "20240201", "20240202"})));
  EXPECT_EQ(reader.interval(), kDay);
  EXPECT_EQ(read_all(reader).size(), 3u);
  EXPECT_EQ(format_utc(*reader.first_open()), "2024-01-31 00:00:00");
  EXPECT_EQ(format_utc(*reader.last_open()), "2024-02-02 00:00:00");
}

TEST_F(BarReaderTimes, InsistsOnDatesWhereTheFirstRowsAreDates) {
  std::vector<std::string_view> times(3'000, "20240131");
  times.back() = "20240199";
  BarReader reader(write("x.csv", daily_rows(times)), {.interval = "1d", .policy = DataPolicy::skip});
  EXPECT_MENTIONS(refusal([&] { read_all(reader); }),
                  "x.csv:3001: column 'date': got '20240199', expected a date");
}

TEST_F(BarReaderTimes, RefusesASpreadsheetsDays) {
  const std::string message = refusal([&] {
    BarReader reader(write("x.csv", daily_rows({"45292", "45293"})));
  });
  EXPECT_MENTIONS(message, "x.csv:2: column 'date': got 45292, a spreadsheet's count of days");
  EXPECT_MENTIONS(message, "20240101");
}

// Six-hour bars as a spreadsheet gives them would else be bars of 250 ms in 1970.
TEST_F(BarReaderTimes, RefusesASpreadsheetsDaysWithTheirHours) {
  const std::string message = refusal([&] {
    BarReader reader(write("x.csv", daily_rows({"45292", "45292.25", "45292.5", "45292.75"})));
  });
  EXPECT_MENTIONS(message, "a spreadsheet's count of days");
}

TEST_F(BarReaderTimes, RefusesADayWithItsTimeInAnotherColumn) {
  const std::string message = refusal([&] {
    BarReader reader(write("x.csv",
                           "<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>\n"
                           "20240102,153500,1,2,0.5,1.5,10\n20240102,153600,1,2,0.5,1.5,10\n"));
  });
  EXPECT_MENTIONS(message, "the columns '<DATE>' and '<TIME>'");
}

TEST_F(BarReaderTimes, ReadsCloseTimesThatAreDatesToo) {
  BarReader reader(write("x.csv",
                         "date,open,high,low,close,volume,close_time\n"
                         "20240102,1,2,0.5,1.5,10,20240103\n20240103,1,2,0.5,1.5,10,20240104\n"));
  EXPECT_EQ(read_all(reader).size(), 2u);
  EXPECT_EQ(reader.findings().total(), 0u);
}

// A column of doubles, as pandas makes of epochs where some are absent, and the same as text.
TEST_F(BarReaderTimes, ReadsAFractionOfAnEpochAlikeInCsvAndParquet) {
  const auto write_reals = [&](double step) {
    std::size_t given = 0;
    std::vector<TableColumn> columns{{"time", ColumnType::float64}};
    for (const char* name : {"open", "high", "low", "close", "volume"})
      columns.push_back({name, ColumnType::float64});
    write_table(path("x.parquet"), columns, [&](RowBatch& batch) -> std::size_t {
      if (given++ > 0) return 0;
      for (std::size_t i = 0; i < 3; ++i) {
        batch.float64(0)[i] = static_cast<double>(kStartS) + static_cast<double>(i) * step;
        for (std::size_t c = 1; c < 6; ++c) batch.float64(c)[i] = 1;
      }
      return 3;
    });
    return path("x.parquet");
  };
  EXPECT_EQ(BarReader(write_reals(60)).interval(), kMinute);
  EXPECT_EQ(BarReader(write("x.csv", daily_rows({"1700000040.0", "1700000100.0"}))).interval(), kMinute);
  EXPECT_EQ(BarReader(write_reals(0.5)).interval(), Duration(500'000'000));
  EXPECT_EQ(BarReader(write("x.csv", daily_rows({"1700000040.0", "1700000040.5"}))).interval(),
            Duration(500'000'000));
  EXPECT_MENTIONS(refusal([&] { BarReader reader(write_reals(0.1)); }), "x.parquet row 2: column 'time'");
}

}  // namespace
}  // namespace hftsim
