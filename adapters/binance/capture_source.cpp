#include "adapters/binance/capture_source.h"

#include <algorithm>

#include "engine/core/errors.h"

namespace hftsim::binance {
namespace {

constexpr int kLinesAtOnce = 64;
constexpr std::size_t kUnknownNamesMax = 64;

BookRules rules_of(Market market) {
  return market == Market::usdm ? BookRules::usdm : BookRules::spot;
}

}  // namespace

CaptureSource::CaptureSource(std::span<const std::filesystem::path> paths, const CaptureSurvey& survey,
                             CaptureOptions options)
    : files_(paths),
      options_(options),
      symbols_(survey.instruments),
      parser_(symbols_, survey.market),
      waiting_snapshots_(survey.instruments.size()),
      buffer_(options.order, options.order == EventOrder::exchange ? options.window_ns : 0) {
  parser_.set_latest_ns(survey.first_ns);
  const BookRules rules = rules_of(survey.market.value_or(Market::spot));
  for (std::size_t id = 0; id < survey.instruments.size(); ++id)
    trackers_.emplace_back(rules, static_cast<InstrumentId>(id));
}

std::size_t CaptureSource::read(std::span<Event> out) {
  for (;;) {
    const std::size_t count = buffer_.pop(out);
    if (count > 0 || at_end_) return count;
    for (int i = 0; i < kLinesAtOnce && !at_end_; ++i) at_end_ = !take_line();
    if (at_end_) end();
  }
}

bool CaptureSource::take_line() {
  const auto line = files_.next();
  if (!line) return false;
  message_.clear();
  try {
    take(line->symbol.empty() ? parser_.parse(line->json, line->recv_ns, message_)
                              : parser_.parse_snapshot(line->json, line->symbol, line->recv_ns, message_));
  } catch (const OutsideTable& error) {
    throw OutsideTable(files_.place() + ": " + error.what());
  } catch (const BadInput& error) {
    throw BadInput(files_.place() + ": " + error.what());
  }
  return true;
}

void CaptureSource::take(const ParsedMessage& parsed) {
  count(parsed);
  if (message_.empty()) return;
  for (Event& event : message_) event.recv_ns += options_.recv_correction_ns;
  if (parsed.kind == MessageKind::depth) return take_diff(parsed.instrument);
  if (parsed.kind == MessageKind::snapshot) return take_snapshot(parsed.instrument);
  push(message_);
}

void CaptureSource::count(const ParsedMessage& parsed) {
  ++counts_.messages[static_cast<std::size_t>(parsed.kind)];
  if (parsed.kind == MessageKind::unknown) {
    const auto known = counts_.unknown.find(parsed.name);
    if (known != counts_.unknown.end()) {
      ++known->second;
    } else {
      const bool has_room = counts_.unknown.size() < kUnknownNamesMax;
      ++counts_.unknown[has_room ? std::string(parsed.name) : "others"];
    }
  }
  if (const auto latency_ns = latency_of(message_)) counts_.latency.add(*latency_ns);
  if (message_.empty()) return;
  const Event& first = message_.front();
  if (first.kind == EventKind::book_change && !first.has(kNoLevels)) counts_.levels += message_.size();
  counts_.off_book_trades += first.kind == EventKind::trade && first.has(kOffBook);
  counts_.estimated_times += first.has(kTimeEstimated);
}

void CaptureSource::take_diff(InstrumentId id) {
  const Event& first = message_.front();
  if (auto mark = trackers_[id].on_diff(first)) push_mark(*mark);
  const auto& snapshot = waiting_snapshots_[id];
  if (!snapshot.empty() && first.book.seq > snapshot.front().book.seq) give_waiting_snapshot(id, first.ts_ns);
  push(message_);
}

void CaptureSource::take_snapshot(InstrumentId id) {
  if (auto mark = trackers_[id].on_snapshot(message_.front())) push_mark(*mark);
  if (!message_.front().has(kTimeEstimated) || options_.order == EventOrder::receive) return push(message_);
  give_waiting_snapshot(id, parser_.latest_ns());  // another one before it was still there
  waiting_snapshots_[id] = message_;
  if (const auto ts_ns = trackers_[id].time_beyond(message_.front().book.seq))
    give_waiting_snapshot(id, *ts_ns);
}

void CaptureSource::give_waiting_snapshot(InstrumentId id, std::int64_t ts_ns) {
  std::vector<Event>& snapshot = waiting_snapshots_[id];
  for (Event& event : snapshot) event.ts_ns = ts_ns;
  push(snapshot);
  snapshot.clear();
}

void CaptureSource::push(std::span<const Event> message) {
  if (buffer_.push(message)) return;
  const std::int64_t behind_ns = buffer_.floor_ns() - ordering_ns(message.front(), options_.order);
  const std::string behind = std::to_string(behind_ns / 1'000'000) + " ms";
  if (options_.order == EventOrder::receive)
    throw BadInput("receive time", "a clock that goes back by " + behind,
                   "--clock exchange for such a capture");
  throw BadInput("message", "a time " + behind + " before what was written already",
                 "one within the window, or a larger --window");
}

void CaptureSource::push_mark(Event& mark) {
  // What was written cannot be marked any more: then the gap stands where the next events will.
  std::int64_t& ns = options_.order == EventOrder::exchange ? mark.ts_ns : mark.recv_ns;
  ns = std::max(ns, buffer_.floor_ns());
  push({&mark, 1});
}

void CaptureSource::end() {
  for (std::size_t id = 0; id < trackers_.size(); ++id)
    give_waiting_snapshot(static_cast<InstrumentId>(id), parser_.latest_ns());
  buffer_.finish();
}

}  // namespace hftsim::binance
