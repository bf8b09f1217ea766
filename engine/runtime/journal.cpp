#include "engine/runtime/journal.h"

#include <fmt/format.h>
#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>  // the same hash with the widest registers there are
#endif

#include <array>
#include <new>

#include "engine/core/clock.h"
#include "engine/execution/order_names.h"

namespace hftsim {
namespace {

constexpr std::size_t kRecordsPerBatch = 512;
constexpr std::size_t kMarksPerBatch = 1024;

XXH3_state_t* new_state() {
  XXH3_state_t* state = XXH3_createState();
  if (state == nullptr) throw std::bad_alloc();
  XXH3_128bits_reset(state);
  return state;
}

std::string_view side_name(SignalSide side) {
  switch (side) {
    case SignalSide::buy:
      return "buy";
    case SignalSide::sell:
      return "sell";
    case SignalSide::hold:
      break;
  }
  return "hold";
}

}  // namespace

std::string_view command_name(SessionMark command) {
  if (command == SessionMark::pause) return "pause";
  return command == SessionMark::flatten ? "flatten" : "resume";
}

std::string_view name_of(JournalKind kind) {
  switch (kind) {
    case JournalKind::signal:
      return "signal";
    case JournalKind::order:
      return "order";
    case JournalKind::report:
      return "report";
    case JournalKind::refusal:
      return "refusal";
    case JournalKind::cancel:
      return "cancel";
    case JournalKind::end:
      return "end";
    case JournalKind::command:
      return "command";
  }
  return "unknown";
}

void write_report(const ExecutionReport& report, JournalRecord& record) {
  record.ts_ns = report.known_at.value;
  record.time_ns = report.ts.value;
  record.order_id = report.order;
  record.parent_id = report.parent;
  record.price = report.price.value;
  record.quantity = report.quantity.value;
  record.value = report.fee.value;
  record.instrument = report.instrument;
  record.kind = JournalKind::report;
  record.side = report.side;
  record.reason = report.reason;
  record.detail = static_cast<std::uint8_t>(report.kind);
  record.flags = static_cast<std::uint8_t>((report.liquidity == Liquidity::maker ? kMakerFill : 0) |
                                           (report.order_done ? kOrderDone : 0));
}

ExecutionReport report_of(const JournalRecord& record) {
  ExecutionReport report;
  report.order = record.order_id;
  report.parent = record.parent_id;
  report.ts = Timestamp(record.time_ns);
  report.known_at = Timestamp(record.ts_ns);
  report.instrument = record.instrument;
  report.kind = static_cast<ReportKind>(record.detail);
  report.side = record.side;
  report.liquidity = (record.flags & kMakerFill) != 0 ? Liquidity::maker : Liquidity::taker;
  report.reason = record.reason;
  report.order_done = (record.flags & kOrderDone) != 0;
  report.quantity = Quantity(record.quantity);
  report.price = Price(record.price);
  report.fee = Money(record.value);
  return report;
}

std::string describe(const JournalRecord& r) {
  const std::string head =
      fmt::format("{} {} instrument {}", format_utc(Timestamp(r.ts_ns)), name_of(r.kind), r.instrument);
  switch (r.kind) {
    case JournalKind::signal:
      return fmt::format("{} {} confidence {} target {} stop {}", head,
                         side_name(static_cast<SignalSide>(r.detail)), r.value, r.price, r.quantity);
    case JournalKind::order:
      return fmt::format("{} order {} {} {} quantity {} weight {} limit {} cause {}", head, r.order_id,
                         name_of(static_cast<OrderType>(r.detail)), name_of(r.side), r.quantity, r.value,
                         r.price, name_of(r.reason));
    case JournalKind::report:
      return fmt::format("{} order {} {} {} {} @ {} fee {} at {} reason {}", head, r.order_id,
                         name_of(static_cast<ReportKind>(r.detail)), name_of(r.side), r.quantity, r.price,
                         r.value, format_utc(Timestamp(r.time_ns)), name_of(r.reason));
    case JournalKind::refusal:
      return fmt::format("{} {} {} measured {} limit {} close {}", head, name_of(r.side), name_of(r.reason),
                         r.value, r.quantity, r.price);
    case JournalKind::cancel:
      return fmt::format("{} order {}", head, r.order_id);
    case JournalKind::end:
      return fmt::format("{} equity {}{}", head, r.value, r.detail != 0 ? " cut off" : "");
    case JournalKind::command:
      return fmt::format("{} {}", head, command_name(static_cast<SessionMark>(r.detail)));
  }
  return head;
}

RunHasher::RunHasher() : records_(new_state()), marks_(new_state()) {}

RunHasher::~RunHasher() {
  XXH3_freeState(records_);
  XXH3_freeState(marks_);
}

void RunHasher::add(std::span<const JournalRecord> records) {
  XXH3_128bits_update(records_, records.data(), records.size_bytes());
}

void RunHasher::add(std::span<const EquityMark> marks) {
  XXH3_128bits_update(marks_, marks.data(), marks.size_bytes());
}

std::string RunHasher::hex() const {
  std::array<XXH128_canonical_t, 2> digests;
  XXH128_canonicalFromHash(&digests[0], XXH3_128bits_digest(records_));
  XXH128_canonicalFromHash(&digests[1], XXH3_128bits_digest(marks_));
  const XXH128_hash_t both = XXH3_128bits(digests.data(), sizeof digests);
  return fmt::format("{:016x}{:016x}", both.high64, both.low64);
}

Journal::Journal(JournalSink* records, EquitySink* marks) : record_sink_(records), mark_sink_(marks) {
  records_.reserve(kRecordsPerBatch);
  marks_.reserve(kMarksPerBatch);
}

void Journal::flush_records() {
  hasher_.add(records_);
  record_count_ += records_.size();
  if (record_sink_ != nullptr) record_sink_->write(records_);
  records_.clear();
}

void Journal::flush_marks() {
  hasher_.add(marks_);
  if (mark_sink_ != nullptr) mark_sink_->append(marks_);
  marks_.clear();
}

void Journal::hand_on() {
  if (!records_.empty()) flush_records();
  if (marks_.size() < 2) return;
  const EquityMark latest = marks_.back();
  marks_.pop_back();
  flush_marks();
  marks_.push_back(latest);
}

void Journal::flush() {
  flush_records();
  flush_marks();
}

}  // namespace hftsim
