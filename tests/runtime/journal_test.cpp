#include "engine/runtime/journal.h"

#include <gtest/gtest.h>

#include <cstring>

#include "engine/core/rng.h"

namespace hftsim {
namespace {

std::vector<JournalRecord> some_records(std::size_t count) {
  RandomStream random(1, "records");
  std::vector<JournalRecord> records(count);
  for (std::size_t i = 0; i < count; ++i) {
    records[i].ts_ns = static_cast<std::int64_t>(i);
    records[i].price = random.uniform();
    records[i].kind = JournalKind::order;
  }
  return records;
}

std::vector<EquityMark> some_marks(std::size_t count) {
  RandomStream random(1, "marks");
  std::vector<EquityMark> marks(count);
  for (std::size_t i = 0; i < count; ++i) {
    marks[i] = {static_cast<std::int64_t>(i), random.uniform(), random.uniform(), 0};
  }
  return marks;
}

template <class Item>
void add_in_batches(RunHasher& hasher, const std::vector<Item>& items, std::size_t batch) {
  for (std::size_t i = 0; i < items.size(); i += batch) {
    hasher.add(std::span(items).subspan(i, std::min(batch, items.size() - i)));
  }
}

struct Sink final : JournalSink, EquitySink {
  void write(std::span<const JournalRecord> batch) override {
    records.insert(records.end(), batch.begin(), batch.end());
    ++writes;
  }
  void append(std::span<const EquityMark> batch) override {
    marks.insert(marks.end(), batch.begin(), batch.end());
  }
  std::vector<JournalRecord> records;
  std::vector<EquityMark> marks;
  std::size_t writes = 0;
};

TEST(RunHasher, DoesNotDependOnBatchesNorOnHowTheTwoStreamsInterleave) {
  const auto records = some_records(3000);
  const auto marks = some_marks(5000);
  RunHasher whole;
  whole.add(records);
  whole.add(marks);
  EXPECT_EQ(whole.hex().size(), 32U);
  for (const std::size_t batch : {1UL, 7UL, 512UL, 4096UL}) {
    RunHasher other;
    add_in_batches(other, marks, batch);
    add_in_batches(other, records, batch);
    EXPECT_EQ(other.hex(), whole.hex()) << batch;
  }
}

TEST(RunHasher, OneBitOfARecordOrAMarkGivesAnotherHash) {
  auto records = some_records(100);
  auto marks = some_marks(100);
  const auto hash = [&] {
    RunHasher hasher;
    hasher.add(records);
    hasher.add(marks);
    return hasher.hex();
  };
  const std::string before = hash();
  records[57].flags ^= 1;
  EXPECT_NE(hash(), before);
  records[57].flags ^= 1;
  marks[99].exposure = -0.0;  // equal as a number, other bytes
  EXPECT_NE(hash(), before);
  marks[99].exposure = 0.0;
  EXPECT_EQ(hash(), before);
  marks.pop_back();
  EXPECT_NE(hash(), before);
}

TEST(Journal, HandsOnEverythingInOrderAndHashesIt) {
  const auto records = some_records(1300);
  const auto marks = some_marks(2500);
  Sink sink;
  Journal journal(&sink, &sink);
  for (const JournalRecord& record : records) journal.append(record);
  for (const EquityMark& mark : marks) journal.mark(mark);
  journal.flush();
  ASSERT_EQ(sink.records.size(), records.size());
  ASSERT_EQ(sink.marks.size(), marks.size());
  EXPECT_EQ(std::memcmp(sink.records.data(), records.data(), std::span(records).size_bytes()), 0);
  EXPECT_EQ(std::memcmp(sink.marks.data(), marks.data(), std::span(marks).size_bytes()), 0);
  EXPECT_EQ(journal.record_count(), records.size());
  EXPECT_LT(sink.writes, 10U);  // in batches
  RunHasher hasher;
  hasher.add(records);
  hasher.add(marks);
  EXPECT_EQ(journal.hash_hex(), hasher.hex());
}

TEST(Journal, OfSeveralMarksOfOneInstantTheLastStays) {
  Sink sink;
  Journal journal(nullptr, &sink);
  for (std::int64_t ts = 0; ts < 3000; ++ts) {
    for (const double equity : {1.0, 2.0, 3.0}) journal.mark({ts, equity, 0, 0});
  }
  journal.flush();
  ASSERT_EQ(sink.marks.size(), 3000U);
  for (const EquityMark& mark : sink.marks) EXPECT_EQ(mark.equity, 3.0);
}

TEST(Journal, HandingOnWhatIsSettledChangesNoHashAndHoldsTheLatestMarkBack) {
  const auto records = some_records(40);
  Journal plain, eager;
  Sink sink;
  eager.write_to(&sink, &sink);
  for (std::size_t i = 0; i < records.size(); ++i) {
    const EquityMark mark{static_cast<std::int64_t>(i / 3), static_cast<double>(i), 0, 0};
    for (Journal* journal : {&plain, &eager}) {
      journal->append(records[i]);
      journal->mark(mark);
    }
    eager.hand_on();
    EXPECT_EQ(sink.records.size(), i + 1);
    EXPECT_EQ(sink.marks.size(), i / 3);
  }
  plain.flush();
  eager.flush();
  EXPECT_EQ(eager.hash_hex(), plain.hash_hex());
  ASSERT_EQ(sink.marks.size(), 14u);
  EXPECT_EQ(sink.marks.front().equity, 2) << "the last of its instant";
}

TEST(Journal, HashesWithoutSinks) {
  Sink sink;
  Journal kept(&sink, &sink), dropped(nullptr, nullptr);
  for (const JournalRecord& record : some_records(1000)) {
    kept.append(record);
    dropped.append(record);
  }
  kept.flush();
  dropped.flush();
  EXPECT_EQ(kept.hash_hex(), dropped.hash_hex());
}

TEST(Journal, DescribesARecordForPeople) {
  JournalRecord record{};
  record.ts_ns = 1'767'333'120'000'000'000;
  record.kind = JournalKind::report;
  record.detail = static_cast<std::uint8_t>(ReportKind::filled);
  record.order_id = 12;
  record.quantity = 0.25;
  record.price = 88775.96;
  const std::string text = describe(record);
  for (const char* part : {"2026-01-02 05:52:00", "report", "order 12", "filled", "0.25", "88775.96"}) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace hftsim
