// Bars made of the trades of a recording, of all its instruments. What is wrong with the trades meets the run's policy
// like what is wrong with bars of a file:
//
//   finding         what it is                                               skip       repair
//   bad_trade       a price or quantity that is not positive                 left out   left out
//   repeated_trade  the same trade twice, or aggregates beside single ones   left out   left out
//   gap             time bars missing: the stream was cut off, or silent     kept       flat bars where it was cut off
//   still_open      a bar that closes after now                              dropped    dropped
//   recorded_gap    a mark of the recording says that a stream broke         kept, under `reject` too
//   off_book_trade  not traded in the book (insurance fund, deleveraging)    left out, under `reject` too
//   partial_bar     began before the recording did, or open at its end       left out, under `reject` too
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "replay/trade_bar_source.h"
#include "tools/recorded_bars.h"

namespace hftsim {

class RecordedTradeBars final : public BarSource {
 public:
  // Throws BadInput where the recording has no trades.
  RecordedTradeBars(const std::filesystem::path& path, const BarSpec& spec, RecordedBarsOptions options);
  // Of trades from elsewhere (the cache); `name` stands for them in messages.
  RecordedTradeBars(std::unique_ptr<EventSource> trades, const std::string& name, const BarSpec& spec,
                    RecordedBarsOptions options);

  std::span<const Instrument> instruments() const override { return source_->instruments(); }
  // Throws BadInput where the recording is damaged, or for what the policy rejects.
  std::size_t read(std::span<Event> out) override;
  const DataFindings& findings() const override { return findings_; }

 private:
  void start(std::unique_ptr<EventSource> trades, const BarSpec& spec);
  bool refill();
  void note_tail();
  bool is_refused(const Event& event) const;
  bool is_kept(const Event& event);
  std::int64_t missing_before(const Event& bar) const;
  void judge_gap(const Event& bar);
  void judge_fault(const Event& trade, TradeFault fault);
  Duration interval_of(const Event& bar) const { return instruments()[bar.instrument].bar_interval; }
  // Throws under `reject`.
  template <class Text>
  void rejectable(FindingKind kind, InstrumentId id, std::int64_t ts_ns, const char* action,
                  const char* expectation, const Text& text);
  template <class Text>
  void found(FindingKind kind, InstrumentId id, std::int64_t ts_ns, const char* action, const Text& text);

  std::string path_;
  RecordedBarsOptions options_;
  std::unique_ptr<TradeBarSource> source_;
  const RecordingReader* reader_ = nullptr;  // of what it reads
  bool at_end_ = false;
  std::vector<Event> events_;  // as read: bars and session marks
  std::size_t next_ = 0, end_ = 0;
  std::vector<std::int64_t> closed_ns_;  // of every instrument's last bar; kNoBar before the first
  DataFindings findings_;
};

}  // namespace hftsim
