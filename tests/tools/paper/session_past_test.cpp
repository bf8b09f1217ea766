#include "tools/paper/session_past.h"

#include <gtest/gtest.h>

#include "replay/journal_file.h"
#include "tests/replay/temporary_folder.h"

namespace hftsim {
namespace {

Event bar(std::int64_t minute, InstrumentId instrument) {
  return make_bar(Timestamp(minute * kMinute.value), instrument, {1, 1, 1, 1, 1}, 1);
}

Event trade(std::uint64_t id, InstrumentId instrument) {
  Event event{};
  event.kind = EventKind::trade;
  event.instrument = instrument;
  event.trade.seq = id;
  event.recv_ns = static_cast<std::int64_t>(id);
  return event;
}

TEST(StreamEnd, KnowsTheLastBarAndTradeOfEachInstrument) {
  StreamEnd end(3);
  end.follow(std::vector{bar(5, 0), bar(6, 0), bar(5, 1), trade(9, 0), trade(7, 0), trade(11, 1)});
  EXPECT_EQ(end.start().last_bar_close[0], Timestamp(6 * kMinute.value));
  EXPECT_EQ(end.start().last_bar_close[1], Timestamp(5 * kMinute.value));
  EXPECT_EQ(end.start().last_bar_close[2], std::nullopt);
  EXPECT_EQ(end.start().last_trade_id[0], 9u);
  EXPECT_EQ(end.start().last_trade_id[1], 11u);
  EXPECT_EQ(end.start().last_trade_id[2], std::nullopt);
  EXPECT_EQ(end.start().last_recv_ns, 11);
}

TEST(History, OfSeveralInstrumentsComesInTheOrderOfItsTimes) {
  const auto all = in_one_order({{bar(1, 0), bar(2, 0), bar(4, 0)}, {bar(2, 1), bar(3, 1)}}, 77);
  std::vector<std::pair<std::int64_t, InstrumentId>> order;
  for (const Event& event : all) {
    order.emplace_back(event.ts_ns / kMinute.value, event.instrument);
    EXPECT_EQ(event.recv_ns, 77);
  }
  EXPECT_EQ(order,
            (std::vector<std::pair<std::int64_t, InstrumentId>>{{1, 0}, {2, 0}, {2, 1}, {3, 1}, {4, 0}}));
  EXPECT_EQ(first_live_close(all, kMinute), Timestamp(5 * kMinute.value));
  EXPECT_EQ(first_live_close({}, kMinute), std::nullopt);
}

class Journals : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, std::size_t records, std::size_t odd = SIZE_MAX) {
    JournalFile file(folder_.path() / name);
    for (std::size_t i = 0; i < records; ++i) {
      JournalRecord record{};
      record.ts_ns = static_cast<std::int64_t>(i);
      record.kind = JournalKind::signal;
      record.value = i == odd ? 1 : 0;
      file.write(std::span(&record, 1));
      if (i % 100 == 0) file.flush();
    }
    return folder_.path() / name;
  }
  TemporaryFolder folder_;
};

TEST_F(Journals, AgreeAsFarAsTheShorterOneGoes) {
  const JournalComparison compared = compare_journals(write("old", 250), write("new", 700));
  EXPECT_EQ(compared.records, 250u);
  EXPECT_FALSE(compared.differs);
}

TEST_F(Journals, TellTheFirstRecordThatDiffers) {
  const JournalComparison compared = compare_journals(write("old", 250), write("new", 250, 123));
  EXPECT_EQ(compared.differs, 123u);
}

}  // namespace
}  // namespace hftsim
