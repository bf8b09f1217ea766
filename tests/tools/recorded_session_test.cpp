// A session's recording as a run's data: everything in the order in which it was recorded, whatever its times.
#include "tools/recorded_session.h"

#include <gtest/gtest.h>

#include <cstring>

#include "engine/core/errors.h"
#include "replay/recording_writer.h"
#include "tests/replay/temporary_folder.h"
#include "tools/run_data.h"

namespace hftsim {
namespace {

class RecordedSessionFile : public testing::Test {
 protected:
  RecordedSessionFile() {
    std::vector<Event> events;
    for (int minute = 1; minute <= 4; ++minute) {
      add(events, bar(minute, 1));  // of one instant, the second instrument's first
      add(events, quote(minute, 0));
      add(events, bar(minute, 0));
    }
    Event late = bar(2, 0);
    late.flags |= kLate;
    add(events, late);
    add(events, gap(1));
    written_ = events;
    std::vector<Instrument> instruments(2);
    instruments[0].symbol = "AAA";
    instruments[1].symbol = "BBB";
    RecordingWriter writer(path(), {.instruments = instruments, .order = EventOrder::receive});
    writer.append(events);
    writer.close();
  }

  std::string path() const { return (folder_.path() / "session.hfr").string(); }

  RunConfig config(const std::vector<std::string>& settings) const {
    RunConfig config;
    set_key(config, "data.path", std::vector<std::string>{path()}, "--data");
    for (const std::string& setting : settings) apply_setting(config, setting);
    resolve(config);
    return config;
  }
  std::string refusal(const std::vector<std::string>& settings) const {
    try {
      RunData data(config(settings));
    } catch (const BadInput& error) {
      return error.what();
    }
    ADD_FAILURE() << "no BadInput";
    return "";
  }
  static std::vector<Event> read_all(EventSource& source) {
    std::vector<Event> all, some(3);
    while (const std::size_t count = source.read(some))
      all.insert(all.end(), some.begin(), some.begin() + count);
    return all;
  }

  std::vector<Event> written_;

 private:
  static Event bar(int minute, InstrumentId instrument) {
    return make_bar(Timestamp(minute * 60'000'000'000), instrument, {100, 101, 99, 100, 5}, 7);
  }
  static Event quote(int minute, InstrumentId instrument) {
    Event event = bar(minute, instrument);
    event.kind = EventKind::quote;
    event.trades = 0;
    event.quote = {9990, 1000, 10010, 1000, static_cast<std::uint64_t>(minute)};
    return event;
  }
  static Event gap(InstrumentId instrument) {
    Event event = bar(4, instrument);
    event.kind = EventKind::session_mark;
    event.trades = 0;
    event.session = {SessionMark::gap, static_cast<std::uint32_t>(EventKind::trade), 5, 9, 4, 0};
    return event;
  }
  void add(std::vector<Event>& events, Event event) {
    event.recv_ns = 1'000'000 * static_cast<std::int64_t>(events.size() + 1);
    events.push_back(event);
  }

  TemporaryFolder folder_;
};

bool same(const std::vector<Event>& a, const std::vector<Event>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(Event)) == 0;
}

TEST_F(RecordedSessionFile, GivesEverythingAsItWasRecorded) {
  RecordedSession session(path(), "", true);
  EXPECT_TRUE(same(read_all(session), written_));
  EXPECT_EQ(session.findings().counts[static_cast<std::size_t>(FindingKind::recorded_gap)], 1U);
  EXPECT_EQ(session.findings().first[0].symbol, "BBB");
}

TEST_F(RecordedSessionFile, WithoutTicksBarsAndMarksAreLeft) {
  std::vector<Event> wanted = written_;
  std::erase_if(wanted, [](const Event& event) { return event.kind == EventKind::quote; });
  RecordedSession session(path(), "1m", false);
  EXPECT_TRUE(same(read_all(session), wanted));
}

TEST_F(RecordedSessionFile, IsARunsDataWithItsBarsCounted) {
  RunData data(config({"data.order=recorded", "execution.venue=ticks"}));
  data.read_first_bars();
  EXPECT_EQ(read_all(data).size(), written_.size());
  EXPECT_EQ(data.bars(), 9U);
  EXPECT_EQ(data.first_open()->value, 0);
}

TEST_F(RecordedSessionFile, InExchangeOrderTheLateBarIsOneTooMany) {
  RunData data(config({"data.policy=skip"}));
  EXPECT_EQ(read_all(data).size(), 8U);
}

TEST_F(RecordedSessionFile, RefusesWhatDoesNotGoTogether) {
  EXPECT_EQ(refusal({"execution.venue=ticks"}),
            "--set: execution.venue: got ticks, expected bars; or data.order = recorded as well, and a "
            "recording of "
            "ticks");
  EXPECT_EQ(
      refusal({"execution.venue=ticks", "data.order=recorded", "execution.fill=close"}),
      "--set: execution.fill: got close, expected next_open; or execution.venue = bars, which have a close");
  EXPECT_EQ(refusal({"data.order=recorded", "data.trade_bars=1m"}),
            "--set: data.order: got recorded, and bars of trades (1m), expected exchange; or the bars that "
            "are in the "
            "recording");
  EXPECT_EQ(refusal({"data.order=recorded", "data.path=a.hfr,b.hfr"}),
            "--set: data.order: got recorded, and 2 files, expected one recording");
  EXPECT_EQ(refusal({"data.order=recorded", "data.path=generated"}),
            "data.path: got generated, expected a recording (.hfr): data.order is recorded");
  EXPECT_NE(refusal({"data.order=recorded", "data.interval=5m"}).find("data.interval: got 5m"),
            std::string::npos);
  EXPECT_NE(refusal({"execution.fill_on=quote"}).find("quotes"), std::string::npos);
}

}  // namespace
}  // namespace hftsim
