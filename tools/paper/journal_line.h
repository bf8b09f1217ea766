// Carries what was decided from the trading thread to the recorder thread: journal records and equity marks. Rings of
// fixed size; where one is full the trading thread waits, which is counted and does not happen while the recorder
// keeps up.
#pragma once

#include <array>
#include <atomic>
#include <boost/lockfree/spsc_queue.hpp>
#include <cstdint>
#include <span>

#include "engine/bus/idle.h"
#include "engine/portfolio/equity_series.h"
#include "engine/runtime/journal.h"

namespace hftsim {

class JournalLine final : public JournalSink, public EquitySink {
 public:
  // Touches all of its memory, so that the trading thread does not meet a page for the first time.
  JournalLine() {
    touch(records_);
    touch(marks_);
  }

  // Trading thread.
  void write(std::span<const JournalRecord> records) override { put(records_, records); }
  void append(std::span<const EquityMark> marks) override { put(marks_, marks); }

  // Recorder thread: hands everything there is to `on_records(span)` and `on_marks(span)`.
  template <class OnRecords, class OnMarks>
  void drain(OnRecords on_records, OnMarks on_marks) {
    take(records_, record_batch_, on_records);
    take(marks_, mark_batch_, on_marks);
  }

  // Recorder thread, where it fails: what comes from now on goes nowhere.
  void abandon() { abandoned_.store(true, std::memory_order_release); }  // pairs with put()

  std::uint64_t waits() const { return waits_.load(std::memory_order_relaxed); }

 private:
  template <class T>
  using Ring = boost::lockfree::spsc_queue<T, boost::lockfree::capacity<8192>>;

  template <class T>
  static void touch(Ring<T>& ring) {
    while (ring.push(T{})) {
    }
    ring.reset();
  }

  template <class T>
  void put(Ring<T>& ring, std::span<const T> values) {
    Idle idle(IdleStrategy::park);
    while (!abandoned_.load(std::memory_order_acquire)) {  // pairs with abandon()
      values = values.subspan(ring.push(values.data(), values.size()));
      if (values.empty()) return;
      waits_.fetch_add(idle.waits() == 0 ? 1 : 0, std::memory_order_relaxed);
      idle.idle();
    }
  }

  template <class T, std::size_t n, class Use>
  static void take(Ring<T>& ring, std::array<T, n>& batch, Use use) {
    while (const std::size_t count = ring.pop(batch.data(), n)) use(std::span<const T>(batch.data(), count));
  }

  Ring<JournalRecord> records_;
  Ring<EquityMark> marks_;
  std::array<JournalRecord, 256> record_batch_;
  std::array<EquityMark, 256> mark_batch_;
  std::atomic<bool> abandoned_{false};
  std::atomic<std::uint64_t> waits_{0};
};

}  // namespace hftsim
