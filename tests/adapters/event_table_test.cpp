// Nothing is lost on the way out: events put together again from their tables are the same, byte by byte.
#include "adapters/event_table.h"

#include <gmock/gmock.h>

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "adapters/binance/capture_writer.h"
#include "adapters/table_reader.h"
#include "engine/core/errors.h"
#include "replay/recording_source.h"
#include "tests/replay/recording_bench.h"

namespace hftsim {
namespace {

using namespace test;

using EventTable = RecordingTest;

// The cells of one row by the names of their columns.
class Cells {
 public:
  Cells(const std::vector<TableColumn>& columns, TableReader& reader, std::size_t row)
      : columns_(columns), reader_(reader), row_(row) {}

  std::int64_t number(std::string_view name) { return reader_.int64(at(name))[row_]; }
  std::uint64_t id(std::string_view name) { return static_cast<std::uint64_t>(number(name)); }
  double real(std::string_view name) { return reader_.float64(at(name))[row_]; }
  std::string text(std::string_view name) { return std::string(reader_.text(at(name), row_)); }

 private:
  std::size_t at(std::string_view name) const {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].name == name) return i;
    }
    throw std::logic_error("no column " + std::string(name));
  }

  const std::vector<TableColumn>& columns_;
  TableReader& reader_;
  std::size_t row_;
};

void read_body(Event& event, Cells cells) {
  switch (event.kind) {
    case EventKind::bar:
      event.bar = {cells.real("open"), cells.real("high"), cells.real("low"), cells.real("close"),
                   cells.real("volume")};
      event.trades = static_cast<std::uint32_t>(cells.number("trades"));
      return;
    case EventKind::trade:
      event.trade = {cells.number("price_ticks"), cells.number("quantity_lots"), cells.id("trade_id"),
                     cells.id("id_first"), cells.id("id_last")};
      EXPECT_EQ(cells.real("price"), static_cast<double>(event.trade.price_ticks) / 100);
      EXPECT_EQ(cells.real("quantity"), static_cast<double>(event.trade.quantity_lots * 5) / 1000);
      EXPECT_EQ(cells.text("side"), event.has(kBuyerIsMaker) ? "sell" : "buy");
      break;
    case EventKind::quote:
      event.quote = {cells.number("bid_ticks"), cells.number("bid_lots"), cells.number("ask_ticks"),
                     cells.number("ask_lots"), cells.id("update_id")};
      EXPECT_EQ(cells.real("ask_price"), static_cast<double>(event.quote.ask_ticks) / 100);
      break;
    case EventKind::book_change:
      event.book = {cells.number("price_ticks"), cells.number("quantity_lots"), cells.id("update_id"),
                    cells.id("update_id_first"), cells.id("update_id_previous")};
      EXPECT_EQ(cells.text("side"), event.has(kBidSide) ? "bid" : "ask");
      break;
    case EventKind::session_mark:
      event.session = {SessionMark::gap,     static_cast<std::uint32_t>(cells.number("stream")),
                       cells.id("expected"), cells.id("found"),
                       cells.id("missing"),  0};
      for (const SessionMark mark : {SessionMark::connected, SessionMark::disconnected}) {
        if (cells.text("mark") == (mark == SessionMark::connected ? "connected" : "disconnected"))
          event.session.mark = mark;
      }
      return;
    case EventKind::timer:
      event.timer = {cells.id("timer_id"), cells.id("timer_seq"), {}};
      return;
  }
  event.send_delay_us = static_cast<std::int32_t>(cells.number("send_delay_us"));
}

std::vector<Event> with_used_fields(std::vector<Event> events) {
  for (Event& event : events) {
    if (event.kind == EventKind::session_mark || event.kind == EventKind::timer) event.trades = 0;
  }
  return events;
}

TEST_F(EventTable, TablesOfAllKindsTogetherAreTheRecording) {
  const auto events = with_used_fields(make_events(20'000));
  write_recording(path_, events);
  std::vector<Event> read(events.size());
  std::size_t rows = 0;
  for (int k = 0; k < 6; ++k) {
    const auto kind = static_cast<EventKind>(k);
    const auto columns = event_columns(kind);
    const auto table = folder_.path() / (std::to_string(k) + ".parquet");
    RecordingSource source(path_);
    rows += write_event_table(table, source, kind);
    TableReader reader(table.string());
    while (reader.next()) {
      for (std::size_t i = 0; i < reader.rows(); ++i) {
        Cells cells(columns, reader, i);
        Event& event = read.at(static_cast<std::size_t>(cells.number("event")));
        event = {};
        event.kind = kind;
        event.instrument = cells.text("symbol") == "SYM1" ? 1 : 0;
        event.flags = static_cast<std::uint8_t>(cells.number("flags"));
        event.ts_ns = cells.number("timestamp") + (kind == EventKind::bar ? 60'000'000'000 : 0);
        event.recv_ns = cells.number("received");
        read_body(event, cells);
      }
    }
  }
  EXPECT_EQ(rows, events.size());
  EXPECT_TRUE(same_bytes(read, events));
}

TEST_F(EventTable, LinesGivePricesExactlyAndBothClocks) {
  auto events = with_used_fields(make_events(2000));
  events[0].kind = EventKind::trade;
  events[0].flags = kBuyerIsMaker;
  events[0].trade = {-6180030, 15, UINT64_MAX, 3, 4};
  auto header = recording_header();
  header.instruments[0].symbol = "A\"\\\nB";
  events[0].instrument = 0;
  write_recording(path_, events, header);
  RecordingSource source(path_);
  const auto lines = folder_.path() / "e.jsonl";
  EXPECT_EQ(write_event_lines(lines, source), events.size());
  std::ifstream in(lines);
  std::string line;
  for (std::size_t i = 0; i < events.size(); ++i) {
    ASSERT_TRUE(std::getline(in, line));
    const auto json = nlohmann::json::parse(line);
    ASSERT_EQ(json["event"], i);
    ASSERT_EQ(json["kind"], name_of(events[i].kind));
    ASSERT_EQ(json["ts_ns"], events[i].ts_ns);
    ASSERT_EQ(json["recv_ns"], events[i].recv_ns);
    if (events[i].kind == EventKind::bar) {
      ASSERT_EQ(std::stod(json["close"].get<std::string>()), events[i].bar.close);
    }
    if (i > 0) continue;
    EXPECT_EQ(json["symbol"], "A\"\\\nB");
    EXPECT_EQ(json["price"], "-61800.30");
    EXPECT_EQ(json["quantity"], "0.075");
    EXPECT_EQ(json["side"], "sell");
    EXPECT_EQ(json["trade_id"], UINT64_MAX);
  }
  EXPECT_FALSE(std::getline(in, line));
}

TEST_F(EventTable, AFailedExportLeavesNothing) {
  write_recording(path_, make_events(5000), recording_header(), {.block_events = 1000});
  Bytes bytes = bytes_of(path_);
  bytes[RecordingReader(path_).blocks()[3].offset + 500] ^= 1;
  write_bytes(path_, bytes);
  for (const char* name : {"t.parquet", "t.csv", "t.jsonl"}) {
    RecordingSource source(path_);
    const auto out = folder_.path() / name;
    const auto write = [&] {
      out.extension() == ".jsonl" ? write_event_lines(out, source)
                                  : write_event_table(out, source, EventKind::trade);
    };
    EXPECT_THAT(message_of(write), ::testing::HasSubstr("events block 3"));
    EXPECT_FALSE(std::filesystem::exists(out));
    EXPECT_FALSE(std::filesystem::exists(out.string() + ".part"));
  }
}

// Does something while its events are written.
class BusySource final : public EventSource {
 public:
  BusySource(EventSource& source, std::function<void()> action)
      : source_(source), action_(std::move(action)) {}
  std::span<const Instrument> instruments() const override { return source_.instruments(); }
  std::size_t read(std::span<Event> out) override {
    action_();
    return source_.read(out);
  }

 private:
  EventSource& source_;
  std::function<void()> action_;
};

TEST_F(EventTable, HasOneWriterAtATime) {
  write_recording(path_, std::vector<Event>{});
  for (const char* name : {"t.parquet", "t.csv.gz", "t.jsonl", "capture.jsonl"}) {
    const auto out = folder_.path() / name;
    const auto write = [&](EventSource& from) {
      if (out.filename() == "capture.jsonl") {
        binance::write_capture(out, from, {});
      } else if (out.extension() == ".jsonl") {
        write_event_lines(out, from);
      } else {
        write_event_table(out, from, EventKind::trade);
      }
    };
    RecordingSource source(path_), other(path_);
    std::string refused;
    BusySource busy(source, [&] { refused = message_of([&] { write(other); }); });
    write(busy);
    EXPECT_THAT(refused, ::testing::HasSubstr("a file that another process writes")) << name;
    EXPECT_TRUE(std::filesystem::exists(out)) << name;
    EXPECT_FALSE(std::filesystem::exists(out.string() + ".part")) << name;
  }
}

TEST(EventKindNames, AreReadBackAndRefusedWithTheNearest) {
  for (int k = 0; k < 6; ++k) {
    EXPECT_EQ(parse_event_kind(name_of(static_cast<EventKind>(k)), "--kind"), static_cast<EventKind>(k));
  }
  EXPECT_THAT(test::message_of([] { parse_event_kind("trades", "--kind"); }),
              ::testing::HasSubstr("did you mean trade"));
}

}  // namespace
}  // namespace hftsim
