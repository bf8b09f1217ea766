// hftsim recording import, and export of what it made.
#include <gtest/gtest.h>

#include "replay/recording_reader.h"
#include "tests/tools/cli.h"

namespace hftsim {
namespace {

using test::CliResult;

class ImportCommand : public test::CliTest {
 protected:
  // Received 2 ms before the exchange says that it was sent; the third is not from the book.
  std::string capture() const {
    return write("a.jsonl", "1700000000001000000 " + trade(1700000000003, 1, "9.50", "MARKET") +
                                "\n1700000000002000000 " + trade(1700000000004, 2, "9.55", "MARKET") +
                                "\n1700000000003000000 " + trade(1700000000004, 3, "9.60", "ADL") +
                                "\n1700000000004000000 {\"e\":\"markPriceUpdate\",\"E\":1}\n");
  }
  static std::string trade(long long ms, int id, const char* price, const char* from) {
    const std::string time = std::to_string(ms);
    return R"({"e":"trade","E":)" + time + R"(,"T":)" + time + R"(,"s":"BTCUSDT","t":)" + std::to_string(id) +
           R"(,"p":")" + price + R"(","q":"1.000","X":")" + from + R"(","m":true})";
  }
  void expect_exit(int code, const std::string& arguments, const std::string& part) const {
    const CliResult result = hftsim(arguments);
    EXPECT_EQ(result.exit_code, code) << arguments << "\n" << result.err;
    EXPECT_MENTIONS(result.out + result.err, part);
  }
  RecordingHeader header_of(const char* name) const { return RecordingReader(folder() / name).header(); }
};

TEST_F(ImportCommand, SaysWhatItTookAndWhatItLeftOut) {
  const CliResult result = hftsim("recording import " + capture() + " -o a.hfr");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  for (const char* part :
       {"3 events of 1 instruments", "market               usdm", "lines                4",
        "trade                3", "markPriceUpdate", "1, left out", "not from the book    1 trades",
        "received early       3 of 3 messages", "--clock corrected"}) {
    EXPECT_MENTIONS(result.out, part);
  }
  const RecordingHeader header = header_of("a.hfr");
  EXPECT_EQ(header.instruments[0].price_step, (DecimalStep{1, 2}));
  EXPECT_EQ(header.source, "Binance usdm capture: a.jsonl");
  EXPECT_EQ(header.order, EventOrder::exchange);
}

TEST_F(ImportCommand, CorrectsTheReceiveTimesAndAnExportGivesThemBack) {
  ASSERT_EQ(hftsim("recording import " + capture() + " --clock corrected -o a.hfr").exit_code, 0);
  EXPECT_EQ(header_of("a.hfr").recv_correction_ns, 2'000'000);
  EXPECT_EQ(header_of("a.hfr").order, EventOrder::receive);
  expect_exit(0, "recording export a.hfr --format capture --out back.jsonl", "3 messages");
  EXPECT_MENTIONS(read("back.jsonl"), "1700000000002000000 {\"stream\":\"btcusdt@trade\",\"data\":" +
                                          trade(1700000000004, 2, "9.55", "MARKET") + "}\n");
  ASSERT_EQ(hftsim("recording import back.jsonl -o b.hfr").exit_code, 0);
  ASSERT_EQ(hftsim("recording import a.jsonl -o c.hfr").exit_code, 0);
  EXPECT_EQ(RecordingReader(folder() / "b.hfr").event_count(),
            RecordingReader(folder() / "c.hfr").event_count());
}

TEST_F(ImportCommand, RefusesBadInputByFileAndLineAndLeavesNothing) {
  const std::string good = read(capture());
  write("bad.jsonl", good + "1700000000005000000 {\"e\":\"trade\",\"E\":true}\n");
  expect_exit(2, "recording import bad.jsonl -o x.hfr", "bad.jsonl:5: E: got");
  write("cut.jsonl", good + "1700000000005000000 {\"e\":\"tra");
  expect_exit(2, "recording import cut.jsonl -o x.hfr", "cut.jsonl:5");
  write("none.jsonl", "1700000000005000000 {\"result\":null,\"id\":1}\n");
  expect_exit(2, "recording import none.jsonl -o x.hfr", "1 messages without market data");
  write("empty.jsonl", "");
  expect_exit(2, "recording import empty.jsonl -o x.hfr", "0 messages without market data");
  expect_exit(2, "recording import absent.jsonl -o x.hfr", "No such file");
  expect_exit(2, "recording import a.jsonl -o x.parquet", ".hfr");
  EXPECT_NE(hftsim("recording import a.jsonl --clock sun -o x.hfr").exit_code, 0);
  EXPECT_FALSE(exists("x.hfr") || exists("x.hfr.part"));
}

TEST_F(ImportCommand, ExportsACaptureOnlyWhereTheMarketIsKnown) {
  ASSERT_EQ(hftsim("generate --bars 10 --out bars.hfr").exit_code, 0);
  expect_exit(2, "recording export bars.hfr --format capture --out x.jsonl", "--market spot or usdm");
  expect_exit(2, "recording export bars.hfr --format capture --out x.csv", ".jsonl.gz");
  expect_exit(0, "recording export bars.hfr --format capture --market spot --out x.jsonl.gz", "10 messages");
  ASSERT_EQ(hftsim("recording import x.jsonl.gz -o y.hfr").exit_code, 0);
  EXPECT_EQ(RecordingReader(folder() / "y.hfr").event_count(), 10u);
}

}  // namespace
}  // namespace hftsim
