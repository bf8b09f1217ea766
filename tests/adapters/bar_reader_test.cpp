// Formats and bad files; times are in bar_reader_times_test.cpp, the rules for bad bars are in bar_validator_test.cpp.
#include "adapters/bar_reader.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "adapters/parquet_writer.h"
#include "engine/core/clock.h"
#include "tests/adapters/bar_files.h"

namespace hftsim {
namespace {

constexpr std::int64_t kStartS = 1'700'000'040;  // on a minute

using BarReaderFiles = BarFiles;

// Rows of "time,open,high,low,close,volume", a minute apart.
std::string rows(std::int64_t unit_per_s, int count, std::string_view behind = "") {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += fmt::format("{},{},{},{},{},{}{}\n", (kStartS + 60 * i) * unit_per_s, 100 + i, 102 + i, 99 + i,
                        101 + i, 10 + i, behind);
  }
  return text;
}

void expect_minute_bars(const std::vector<Event>& bars, std::size_t count) {
  ASSERT_EQ(bars.size(), count);
  for (std::size_t i = 0; i < count; ++i) {
    const double k = static_cast<double>(i);
    ASSERT_EQ(bars[i].ts_ns, (kStartS + 60 * static_cast<std::int64_t>(i) + 60) * kSecond.value);
    ASSERT_EQ(bars[i].recv_ns, bars[i].ts_ns);
    ASSERT_EQ(bars[i].bar.open, 100 + k);
    ASSERT_EQ(bars[i].bar.high, 102 + k);
    ASSERT_EQ(bars[i].bar.low, 99 + k);
    ASSERT_EQ(bars[i].bar.close, 101 + k);
    ASSERT_EQ(bars[i].bar.volume, 10 + k);
    ASSERT_EQ(bars[i].instrument, 0);
    ASSERT_EQ(bars[i].kind, EventKind::bar);
  }
}

TEST_F(BarReaderFiles, ReadsEpochsOfEveryUnit) {
  for (const std::int64_t unit : {1LL, 1'000LL, 1'000'000LL, 1'000'000'000LL}) {
    BarReader reader(write("x.csv", "ts,open,high,low,close,volume\n" + rows(unit, 5)));
    EXPECT_EQ(reader.interval(), kMinute);
    expect_minute_bars(read_all(reader), 5);
  }
}

TEST_F(BarReaderFiles, ReadsBulkKlinesWithAndWithoutHeaderInMillisecondsAndMicroseconds) {
  for (const std::int64_t unit : {1'000LL, 1'000'000LL}) {
    std::string klines;
    for (int i = 0; i < 4; ++i) {
      const std::int64_t open_s = kStartS + 60 * i;
      klines += fmt::format("{},{},{},{},{},{},{},1.5,{},0.5,0.5,0\n", open_s * unit, 100 + i, 102 + i,
                            99 + i, 101 + i, 10 + i, (open_s + 60) * unit - 1, 7 + i);
    }
    const std::string header =
        "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,"
        "taker_buy_quote_volume,ignore\n";
    for (const std::string& text : {klines, header + klines}) {
      BarReader reader(write("BTCUSDT-1m-2023-03.csv", text));
      EXPECT_EQ(reader.instruments()[0].symbol, "BTCUSDT");
      const std::vector<Event> bars = read_all(reader);
      expect_minute_bars(bars, 4);
      EXPECT_EQ(bars[3].trades, 10u);
      EXPECT_FALSE(bars[3].has(kNoTradeCount));
    }
  }
}

TEST_F(BarReaderFiles, KnowsTheUsualNamesInAnyCaseAndOrder) {
  const std::string text =
      "Close,Vol,Num_Trades,Open Time,Low,HIGH,open\n"
      "101,10,5,2023-11-14 22:14:00,99,102,100\n"
      "102,11,6,2023-11-14 22:15:00,100,103,101\n";
  BarReader reader(write("x.csv", text));
  const std::vector<Event> bars = read_all(reader);
  expect_minute_bars(bars, 2);
  EXPECT_EQ(bars[1].trades, 6u);
}

TEST_F(BarReaderFiles, ReadsSemicolonsQuotesCarriageReturnsAndAByteOrderMark) {
  const std::string text =
      "\xEF\xBB\xBF\"date\";\"open\";\"high\";\"low\";\"close\";\"volume\"\r\n"
      "\"1700000040\";100;102;99;101;10\r\n"
      "1700000100;101;103;100;\"102\";11\r\n";
  BarReader reader(write("x.csv", text));
  const std::vector<Event> bars = read_all(reader);
  expect_minute_bars(bars, 2);
  EXPECT_TRUE(bars[0].has(kNoTradeCount));
}

TEST_F(BarReaderFiles, ReadsGzippedCsvOverManyChunks) {
  BarReader reader(write_gzip("ETH_1m.csv.gz", "time,open,high,low,close,volume\n" + rows(1000, 10'000)));
  EXPECT_EQ(reader.instruments()[0].symbol, "ETH");
  expect_minute_bars(read_all(reader, 300), 10'000);
}

TEST_F(BarReaderFiles, ReadsPathsWithPatternCharacters) {
  BarReader reader(write("a[1]*?.csv", rows(1000, 3)));
  expect_minute_bars(read_all(reader), 3);
}

TEST_F(BarReaderFiles, TakesIntervalAndSymbolFromTheOptions) {
  BarReader reader(write("x.csv", rows(1, 1)), {.interval = "1m", .symbol = "ABC"});
  EXPECT_EQ(reader.instruments()[0].symbol, "ABC");
  expect_minute_bars(read_all(reader), 1);
}

TEST(SymbolOf, IsTheNameUpToAnIntervalOrADate) {
  const std::pair<const char*, const char*> kNames[] = {
      {"BTCUSDT-1m.parquet", "BTCUSDT"},
      {"in/BTCUSDT-1m-2024-01.csv.gz", "BTCUSDT"},
      {"ETH_15min.CSV", "ETH"},
      {"BTC-USD.parquet", "BTC-USD"},
      {"BTC-EUR-4h.parquet", "BTC-EUR"},
      {"BTC-2024-01.csv", "BTC"},
      {"ES_20240315_1h.csv", "ES"},
      {"BTCUSDT_240628-1d.csv", "BTCUSDT_240628"},
      {"1INCH-USDT.csv", "1INCH-USDT"},
      {"USDT-1INCH.csv", "USDT-1INCH"},
      {"BRK.B.csv", "BRK.B"},
      {"quotes.csv", "quotes"},
      {"1m.csv", "1m"},
      {"-1m.csv", "-1m"},
  };
  for (const auto& [name, symbol] : kNames) EXPECT_EQ(symbol_of(name), symbol) << name;
}

TEST_F(BarReaderFiles, InfersTheMostFrequentInterval) {
  std::string text = rows(1, 20);
  text.erase(text.find('\n') + 1, text.find('\n', text.find('\n') + 1) - text.find('\n'));  // the second row
  BarReader reader(write("x.csv", text), {.policy = DataPolicy::skip});
  EXPECT_EQ(reader.interval(), kMinute);
  EXPECT_EQ(read_all(reader).size(), 19u);
  EXPECT_EQ(reader.findings().count(FindingKind::gap), 1u);
}

TEST_F(BarReaderFiles, SaysThatTheNewestBarComesFirst) {
  const std::string newest_first = "1700000160,1,1,1,1,1\n1700000100,1,1,1,1,1\n1700000040,1,1,1,1,1\n";
  BarReader reader(write("x.csv", newest_first));
  EXPECT_EQ(reader.interval(), kMinute);
  EXPECT_MENTIONS(refusal([&] { read_all(reader); }), "x.csv:2: x 2023-11-14 22:15:00 UTC: out_of_order");
}

// ---- Parquet of every kind of column

std::filesystem::path write_bars(const std::filesystem::path& path, ColumnType time, std::int64_t count) {
  const std::vector<TableColumn> columns{{"open", ColumnType::float32},   {"high", ColumnType::float64},
                                         {"low", ColumnType::int64},      {"close", ColumnType::text},
                                         {"volume", ColumnType::float64}, {"timestamp", time}};
  std::int64_t written = 0;
  write_table(path, columns, [&](RowBatch& batch) {
    std::size_t row = 0;
    for (; row < batch.capacity() && written < count; ++row, ++written) {
      const double k = static_cast<double>(written);
      const std::int64_t open_s = kStartS + 60 * written;
      batch.float32(0)[row] = static_cast<float>(100 + k);
      batch.float64(1)[row] = 102 + k;
      batch.int64(2)[row] = 99 + written;
      batch.set_text(3, row, fmt::format("{}", 101 + k));
      batch.float64(4)[row] = 10 + k;
      batch.int64(5)[row] = time == ColumnType::timestamp_ns ? open_s * kSecond.value : open_s * 1000;
    }
    return row;
  });
  return path;
}

TEST_F(BarReaderFiles, ReadsParquetOfAnyNumberTypeAcrossChunksAndRowGroups) {
  for (const ColumnType time : {ColumnType::timestamp_ns, ColumnType::int64}) {
    const auto file = write_bars(path("x.parquet"), time, 150'000);
    BarReader reader(file);
    EXPECT_EQ(reader.size_hint(), 150'000u);
    expect_minute_bars(read_all(reader, 1000), 150'000);
  }
}

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kUnderSanitizer = true;
#elif defined(__has_feature)
constexpr bool kUnderSanitizer = __has_feature(address_sanitizer);
#else
constexpr bool kUnderSanitizer = false;
#endif

// What this process holds in memory now.
std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t pages = 0, resident_pages = 0;
  statm >> pages >> resident_pages;
  return resident_pages * 4096;
}

// 3 million bars are 192 MB as events and as much as doubles; neither writing nor reading may hold them.
TEST_F(BarReaderFiles, StreamsMillionsOfBarsInFlatMemory) {
  if (kUnderSanitizer) GTEST_SKIP() << "the address sanitizer keeps freed memory";
  constexpr std::int64_t kBars = 3'000'000;
  constexpr std::size_t kGrowthMax = 96u << 20;
  { BarReader warm_up(write("x.csv", rows(1, 3))); }
  const std::size_t before = resident_bytes();
  const auto file = write_bars(path("x.parquet"), ColumnType::timestamp_ns, kBars);
  EXPECT_LT(resident_bytes(), before + kGrowthMax);
  BarReader reader(file);
  std::vector<Event> batch(256);
  std::int64_t count = 0;
  std::size_t most = 0;
  for (std::int64_t reads = 0; const std::size_t given = reader.read(batch); ++reads) {
    count += static_cast<std::int64_t>(given);
    if (reads % 1000 == 0) most = std::max(most, resident_bytes());
  }
  EXPECT_EQ(count, kBars);
  EXPECT_LT(most, before + kGrowthMax);
}

// ---- bad files

TEST_F(BarReaderFiles, RefusesAMissingFile) {
  EXPECT_MENTIONS(refusal([&] { BarReader reader(path("none.parquet")); }), "none.parquet: got no such file");
}

TEST_F(BarReaderFiles, RefusesADirectory) {
  EXPECT_MENTIONS(refusal([&] { BarReader reader(path("")); }), "got a directory");
}

TEST_F(BarReaderFiles, RefusesAPipe) {
  ASSERT_EQ(mkfifo(path("pipe.csv").c_str(), 0600), 0);
  EXPECT_MENTIONS(refusal([&] { BarReader reader(path("pipe.csv")); }),
                  "pipe.csv: got not a regular file (a pipe");
  EXPECT_MENTIONS(refusal([] { BarReader reader("/dev/null"); }), "/dev/null: got not a regular file");
}

TEST_F(BarReaderFiles, FindsANegativeNumberOfTradesButNotOneThatIsAbsent) {
  const auto file = write("x.csv", "time,open,high,low,close,volume,trades\n" + rows(1, 2, ",7") +
                                       "1700000160,1,1,1,1,1,-3\n1700000220,1,1,1,1,1,\n");
  BarReader rejecting(file), skipping(file, {.policy = DataPolicy::skip}),
      repairing(file, {.policy = DataPolicy::repair});
  EXPECT_MENTIONS(refusal([&] { read_all(rejecting); }),
                  "x.csv:4: x 2023-11-14 22:16:00 UTC: negative_trades: got trades -3");
  EXPECT_EQ(read_all(skipping).size(), 3u);
  EXPECT_EQ(skipping.findings().count(FindingKind::negative_trades), 1u);
  const std::vector<Event> repaired = read_all(repairing);
  ASSERT_EQ(repaired.size(), 4u);
  EXPECT_EQ(repaired[1].trades, 7u);
  EXPECT_EQ(repaired[2].flags, kNoTradeCount | kRepaired);
  EXPECT_EQ(repaired[2].trades, 0u);
  EXPECT_EQ(repaired[3].flags, kNoTradeCount);
}

TEST_F(BarReaderFiles, RefusesAnEmptyFile) {
  EXPECT_MENTIONS(refusal([&] { BarReader reader(write("e.csv", "")); }), "e.csv: got an empty file");
  EXPECT_MENTIONS(refusal([&] { BarReader reader(write("e.parquet", "")); }), "got an empty file");
  EXPECT_MENTIONS(refusal([&] { BarReader reader(write("n.csv", "\n\n")); }), "a file without a line");
  EXPECT_MENTIONS(refusal([&] { BarReader reader(write("h.csv", "time,open,high,low,close,volume\n")); }),
                  "a file without a bar");
}

TEST_F(BarReaderFiles, RefusesWhatIsNoParquet) {
  EXPECT_MENTIONS(refusal([&] { BarReader reader(write("x.parquet", rows(1, 5))); }), "PAR1");
  EXPECT_MENTIONS(refusal([&] { BarReader reader(write("y.parquet", "PAR1 and then something else")); }),
                  "not a readable Parquet file");
}

TEST_F(BarReaderFiles, RefusesATornParquet) {
  const auto file = write_bars(path("x.parquet"), ColumnType::timestamp_ns, 5'000);
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  EXPECT_MENTIONS(refusal([&] { BarReader reader(file); }), "x.parquet: not a readable Parquet file");
}

TEST_F(BarReaderFiles, NamesTheMissingColumnTheNearestAndThosePresent) {
  write_table(path("x.parquet"),
              {{"timestamp", ColumnType::int64},
               {"open", ColumnType::float64},
               {"high", ColumnType::float64},
               {"low", ColumnType::float64},
               {"closes", ColumnType::float64},
               {"volume", ColumnType::float64}},
              [](RowBatch&) { return 0; });
  const std::string message = refusal([&] { BarReader reader(path("x.parquet")); });
  EXPECT_MENTIONS(message, "x.parquet: got no column 'close' (did you mean closes");
  EXPECT_MENTIONS(message, "the file has: timestamp, open, high, low, closes, volume");
}

TEST_F(BarReaderFiles, RefusesAHeaderlessFileOfUnknownLayout) {
  EXPECT_MENTIONS(refusal([&] { BarReader reader(write("x.csv", "1,2,3\n4,5,6\n")); }),
                  "3 columns without a header");
}

TEST_F(BarReaderFiles, NamesLineAndColumnOfTextInANumberColumn) {
  std::string text = "time,open,high,low,close,volume\n" + rows(1, 3'000);
  const std::size_t close = text.find(",2602,2599,2601,");  // row 2500
  ASSERT_NE(close, std::string::npos);
  text.replace(close, 16, ",2602,2599,abc,");
  const auto file = write("x.csv", text);
  BarReader reader(file);
  const std::string message = refusal([&] { read_all(reader); });
  EXPECT_MENTIONS(message, "x.csv:2502: column 'close': got 'abc', expected a number");
}

TEST_F(BarReaderFiles, ShowsACellCutBetweenCharactersAndWithoutBytesThatAreNoText) {
  const std::string header = "time,open,high,low,close,volume\n";
  const std::string long_cell = std::string(79, 'x') + "\u00E9tail";  // its two bytes are the 80th and 81st
  EXPECT_MENTIONS(
      refusal([&] { BarReader reader(write("x.csv", header + "1700000040,1,1,1,1," + long_cell)); }),
      "got '" + std::string(79, 'x') + "...', expected a number");
  EXPECT_MENTIONS(refusal([&] { BarReader reader(write("y.csv", "pr\xE9nom,open\n")); }), "pr\\xE9nom, open");
}

TEST_F(BarReaderFiles, CountsBlankLinesInTheLineNumber) {
  const auto file =
      write("x.csv", "time,open,high,low,close,volume\n\n" + rows(1, 2) + "\n1700000160,1,1,1,1,x\n");
  const std::string message = refusal([&] { BarReader reader(file); });
  EXPECT_MENTIONS(message, "x.csv:6: column 'volume': got 'x'");
}

TEST_F(BarReaderFiles, ReadsAHeaderBehindBlankLines) {
  BarReader reader(write("x.csv", "\n \n\ntime,open,high,low,close,volume\n" + rows(1, 5)));
  expect_minute_bars(read_all(reader), 5);
  BarReader headerless(write("y.csv", "\n\n" + rows(1, 5)));
  expect_minute_bars(read_all(headerless), 5);
  EXPECT_MENTIONS(refusal([&] { BarReader other(write("z.csv", "\r\n" + rows(1, 5))); }),
                  "z.csv: got blank lines that end in CR LF");
}

TEST_F(BarReaderFiles, TakesAHeaderWithANumberInItForOne) {
  BarReader reader(write("x.csv", "time,open,high,low,close,volume,1\n" + rows(1, 5, ",7")));
  expect_minute_bars(read_all(reader), 5);
}

TEST_F(BarReaderFiles, CountsTheNewlinesInQuotedCellsInTheLineNumber) {
  const std::string text = "time,open,high,low,close,volume,note\n" + rows(1, 3, ",\"two\n\"\"lines\"\"\"");
  const auto file = write("x.csv", text + "1700000220,1,1,1,x,1,\"a\n\nb\"\n");
  EXPECT_MENTIONS(refusal([&] { BarReader reader(file); }), "x.csv:8: column 'close': got 'x'");
}

TEST_F(BarReaderFiles, SaysThatAFileIsUtf16) {
  const auto utf16 = [](std::string_view text, bool big_endian) {
    std::string wide;
    for (const char c : text) wide += big_endian ? std::string{'\0', c} : std::string{c, '\0'};
    return wide;
  };
  const std::string text = "time,open,high,low,close,volume\n" + rows(1, 5);
  for (const std::string& bytes : {"\xFF\xFE" + utf16(text, false), "\xFE\xFF" + utf16(text, true),
                                   utf16(text, true), utf16(text, false)}) {
    EXPECT_MENTIONS(refusal([&] { BarReader reader(write("x.csv", bytes)); }), "x.csv: got UTF-16 text");
  }
  EXPECT_MENTIONS(refusal([&] { BarReader reader(write("x.csv", std::string("time,o\0pen", 11))); }),
                  "x.csv: got bytes that are no text");
}

TEST_F(BarReaderFiles, RefusesTwoColumnsOfOneName) {
  EXPECT_MENTIONS(
      refusal([&] {
        BarReader reader(write("x.csv", "time,open,high,low,close,volume,Close\n" + rows(1, 5, ",7")));
      }),
      "x.csv: got the columns 'close' and 'Close', expected one of them");
}

TEST_F(BarReaderFiles, NamesRowAndColumnOfTextInParquet) {
  std::size_t given = 0;
  write_table(path("x.parquet"),
              {{"time", ColumnType::int64},
               {"open", ColumnType::text},
               {"high", ColumnType::float64},
               {"low", ColumnType::float64},
               {"close", ColumnType::float64},
               {"volume", ColumnType::float64}},
              [&](RowBatch& batch) -> std::size_t {
                if (given++ > 0) return 0;
                for (std::size_t i = 0; i < 3; ++i) {
                  batch.int64(0)[i] = kStartS + 60 * static_cast<std::int64_t>(i);
                  batch.set_text(1, i, i == 2 ? "?" : "1");
                  for (std::size_t c = 2; c < 6; ++c) batch.float64(c)[i] = 1;
                }
                return 3;
              });
  EXPECT_MENTIONS(refusal([&] { BarReader reader(path("x.parquet")); }),
                  "x.parquet row 3: column 'open': got '?', expected a number");
}

TEST_F(BarReaderFiles, RefusesALineWithTooFewCells) {
  const auto file = write("x.csv", "time,open,high,low,close,volume\n" + rows(1, 3) + "1700000220,1,1\n");
  const std::string message = refusal([&] { BarReader reader(file); });
  EXPECT_MENTIONS(message, "x.csv: ");
  EXPECT_MENTIONS(message, "Line: 5; Original Line: 1700000220,1,1; Expected Number of Columns: 6 Found: 3");
  EXPECT_EQ(message.find("strict_mode"), std::string::npos) << message;
}

TEST_F(BarReaderFiles, RefusesAnIntervalThatIsNone) {
  const auto file = write("x.csv", rows(1, 3));
  EXPECT_MENTIONS(refusal([&] { BarReader reader(file, {.interval = "1x"}); }), "data.interval: got '1x'");
}

TEST_F(BarReaderFiles, AsksForTheIntervalWhereOneBarCannotTellIt) {
  EXPECT_MENTIONS(refusal([&] { BarReader reader(write("x.csv", rows(1, 1))); }), "--set data.interval=1m");
}

TEST_F(BarReaderFiles, TreatsAnAbsentPriceAsAFinding) {
  const auto file =
      write("x.csv", "time,open,high,low,close,volume\n" + rows(1, 2) + "1700000160,1,2,1,,1\n");
  BarReader reader(file);
  EXPECT_MENTIONS(refusal([&] { read_all(reader); }), "x.csv:4: x 2023-11-14 22:16:00 UTC: non_finite");
}

}  // namespace
}  // namespace hftsim
