// The journal: every decision, order, report and refusal of a run, in order, and a hash over all of it and
// every equity mark. The hash is the run's identity.
#pragma once

#include <xxhash.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "engine/core/event.h"
#include "engine/execution/execution_report.h"
#include "engine/execution/order.h"
#include "engine/portfolio/equity_series.h"
#include "engine/runtime/signal.h"

namespace hftsim {

enum class JournalKind : std::uint8_t {
  signal = 1,   // a buy or sell opinion; holds are counted, not written
  order = 2,    // an order left for the venue
  report = 3,   // the venue's word on an order, when it became known here
  refusal = 4,  // the risk gate or the account said no
  cancel = 5,   // a cancel left for the venue
  end = 6,      // the run ended; a journal without it was cut off
  command = 7,  // whoever watches a live session told it to pause, resume or flatten
};

enum JournalFlag : std::uint8_t {
  kMakerFill = 1,  // report: it made liquidity
  kOrderDone = 2,  // report: nothing of the order works any more
};

// One line of the journal. What `price`, `quantity`, `value` and `detail` hold depends on the kind:
//
//   kind     price        quantity     value                     detail      time_ns
//   signal   target       stop         confidence                SignalSide  -
//   order    limit        quantity     target weight, or 0       OrderType   arrival at the venue
//   report   fill price   quantity     fee                       ReportKind  when it happened
//   refusal  close        limit value  measured value            -           -
//   cancel   -            -            -                         -           arrival at the venue
//   end      -            -            equity                    1: cut off  -
//   command  -            -            -                         SessionMark -
struct JournalRecord {
  std::int64_t ts_ns;  // when it was decided or became known here
  std::int64_t time_ns;
  std::uint64_t order_id;
  std::uint64_t parent_id;
  double price;
  double quantity;
  double value;
  InstrumentId instrument;
  JournalKind kind;
  Side side;
  Reason reason;
  std::uint8_t detail;
  std::uint8_t flags;  // JournalFlag
};
static_assert(sizeof(JournalRecord) == 64 && std::is_trivially_copyable_v<JournalRecord>);

std::string_view name_of(JournalKind kind);

// "pause", "resume" or "flatten".
std::string_view command_name(SessionMark command);

// A report as a line of the journal, and back.
void write_report(const ExecutionReport& report, JournalRecord& record);
ExecutionReport report_of(const JournalRecord& record);

// "2026-01-02 05:52:00 report filled buy 0.2027 @ 88795.1 ..." for people.
std::string describe(const JournalRecord& record);

// Takes records in batches; files live in other rooms.
class JournalSink {
 public:
  virtual ~JournalSink() = default;
  virtual void write(std::span<const JournalRecord> records) = 0;
};

// The hash of a journal's records and its equity marks, whatever the batches they come in: XXH3-128 over
// each stream, then over both digests.
class RunHasher {
 public:
  RunHasher();
  ~RunHasher();
  RunHasher(const RunHasher&) = delete;
  RunHasher& operator=(const RunHasher&) = delete;

  void add(std::span<const JournalRecord> records);
  void add(std::span<const EquityMark> marks);
  std::string hex() const;  // 32 digits

 private:
  XXH3_state_t* records_;
  XXH3_state_t* marks_;
};

// Collects records and marks, hashes them and hands them on batch by batch. Allocates at construction only.
class Journal {
 public:
  explicit Journal(JournalSink* records = nullptr, EquitySink* marks = nullptr);

  // Before the first record. Either sink may be null: hashed, then dropped.
  void write_to(JournalSink* records, EquitySink* marks) {
    record_sink_ = records;
    mark_sink_ = marks;
  }

  // The next record, all zero, to be filled in where it lies: a copy would have to wait for its small fields.
  // The reference holds until the next call.
  JournalRecord& next() {
    if (records_.size() == records_.capacity()) flush_records();
    return records_.emplace_back();
  }
  void append(const JournalRecord& record) { next() = record; }

  // The mark of an instant; a later one of the same instant replaces it.
  void mark(const EquityMark& mark) {
    if (!marks_.empty() && marks_.back().ts_ns == mark.ts_ns) {
      marks_.back() = mark;
      return;
    }
    if (marks_.size() == marks_.capacity()) flush_marks();
    marks_.push_back(mark);
  }

  // Hands on what will not change any more: every record, and every mark but the latest, which may still be replaced.
  // Changes no hash, wherever it is called: a live session does so after every block.
  void hand_on();

  void flush();
  std::string hash_hex() const { return hasher_.hex(); }  // after flush()
  std::uint64_t record_count() const { return record_count_; }

 private:
  void flush_records();
  void flush_marks();

  JournalSink* record_sink_;
  EquitySink* mark_sink_;
  std::vector<JournalRecord> records_;
  std::vector<EquityMark> marks_;
  std::uint64_t record_count_ = 0;
  RunHasher hasher_;
};

}  // namespace hftsim
