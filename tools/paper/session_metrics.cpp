#include "tools/paper/session_metrics.h"

#include <initializer_list>
#include <string>
#include <utility>

#include "adapters/dashboard/metric_family.h"

namespace hftsim {
namespace {

using dashboard::add_value;
using dashboard::counter;
using dashboard::counter_family;
using dashboard::gauge;
using dashboard::gauge_family;
using prometheus::MetricFamily;
using Families = std::vector<MetricFamily>;

using Parts = std::initializer_list<std::pair<const char*, std::uint64_t>>;

// A family of counters, one for each value of a label.
MetricFamily counters(const char* name, const char* help, const char* label, Parts parts) {
  MetricFamily family = counter_family(name, help);
  for (const auto& [value, count] : parts) add_value(family, static_cast<double>(count), {{label, value}});
  return family;
}

void add_feed(Families& families, const live::FeedHealth& feed, std::int64_t now_ns) {
  families.push_back(gauge("hftsim_feed_connected", "1 while the exchange is connected.", feed.connected));
  families.push_back(gauge_family("hftsim_feed_message_age_seconds", "Since the last message."));
  if (feed.last_message_ns > 0)
    add_value(families.back(), static_cast<double>(now_ns - feed.last_message_ns) * 1e-9);
  families.push_back(counter("hftsim_feed_messages_total", "Messages received.", feed.messages));
  families.push_back(counter("hftsim_feed_events_total", "Events handed on.", feed.events));
  families.push_back(
      counter("hftsim_feed_reconnects_total", "Connections behind the first.", feed.reconnects));
  families.push_back(
      counter("hftsim_feed_failed_attempts_total", "Connections that did not open.", feed.failed_attempts));
  families.push_back(counter("hftsim_feed_stalls_total", "Connections given up for silence.", feed.stalls));
  families.push_back(counter("hftsim_feed_gaps_total", "Holes that will not be filled.", feed.gaps));
  families.push_back(counter("hftsim_feed_repair_failures_total", "Repairs that got no answer of use.",
                             feed.repair_failures));
  families.push_back(counters("hftsim_feed_repaired_total", "What came by REST instead.", "what",
                              {{"bar", feed.repaired_bars}, {"trade", feed.repaired_trades}}));
  families.push_back(counters("hftsim_feed_left_out_total", "Messages and events left out, by cause.",
                              "cause",
                              {{"duplicate", feed.duplicates},
                               {"malformed", feed.malformed},
                               {"oversized", feed.oversized},
                               {"implausible", feed.implausible},
                               {"unknown", feed.unknown}}));
}

void add_trading(Families& families, const LiveStatus& status) {
  families.push_back(counters("hftsim_events_total", "Events of the stream, by kind.", "kind",
                              {{"bar", status.bars},
                               {"trade", status.trades},
                               {"quote", status.quotes},
                               {"book_change", status.book_changes}}));
  families.push_back(counter("hftsim_late_events_total", "Events that came late.", status.late));
  families.push_back(counter("hftsim_signals_total", "Signals of the strategy.", status.signals));
  families.push_back(counter("hftsim_orders_total", "Orders sent to the paper venue.", status.orders));
  families.push_back(counter("hftsim_fills_total", "Fills.", status.fills));
  families.push_back(
      counter("hftsim_refusals_total", "Orders that risk or account refused.", status.refusals));
  families.push_back(gauge_family("hftsim_equity", "Equity at the last mark."));
  if (status.equity != 0) add_value(families.back(), status.equity);
  families.push_back(gauge_family("hftsim_trading_state", "1 for what was last commanded."));
  for (const auto& [name, mark] :
       {std::pair("running", SessionMark::resume), std::pair("paused", SessionMark::pause),
        std::pair("flattened", SessionMark::flatten)}) {
    add_value(families.back(), status.state == mark, {{"state", name}});
  }
}

void add_latency(Families& families, const std::vector<LatencyLine>& lines) {
  MetricFamily blocks = counter_family("hftsim_latency_blocks_total", "Blocks that were measured, by stage.");
  MetricFamily latency =
      gauge_family("hftsim_latency_seconds",
                   "From socket to decision since the start, by stage; quantile 1: the greatest.");
  for (const LatencyLine& line : lines) {
    const std::string stage(line.stage);
    add_value(blocks, static_cast<double>(line.count), {{"stage", stage}});
    for (const auto& [quantile, us] : {std::pair("0.5", line.p50_us), std::pair("0.99", line.p99_us),
                                       std::pair("0.999", line.p999_us), std::pair("1", line.max_us)}) {
      add_value(latency, us * 1e-6, {{"stage", stage}, {"quantile", quantile}});
    }
  }
  families.push_back(std::move(blocks));
  families.push_back(std::move(latency));
}

void add_recording(Families& families, const LiveStatus& status) {
  const RecordingStatus& recording = status.recording;
  families.push_back(gauge("hftsim_recording_ok", "1 while everything is recorded.", recording.is_ok()));
  families.push_back(
      gauge("hftsim_recording_bytes", "Size of the recording.", static_cast<double>(recording.bytes)));
  families.push_back(gauge("hftsim_recording_held_events", "Events that wait for the disk.",
                           static_cast<double>(recording.held)));
  families.push_back(counters("hftsim_recording_dropped_total", "What is missing on the disk.", "what",
                              {{"event", recording.dropped}, {"journal_record", recording.journal_dropped}}));
  families.push_back(
      counter("hftsim_recording_failures_total", "Times that it began to fail.", recording.failures));
  families.push_back(counters("hftsim_waits_total", "Waits of a thread for the next one.", "thread",
                              {{"network", status.line_waits}, {"trading", status.journal_waits}}));
}

}  // namespace

std::vector<MetricFamily> session_metrics(const LiveStatus& status, const live::FeedHealth& feed,
                                          std::int64_t monotonic_now_ns) {
  Families families;
  add_feed(families, feed, monotonic_now_ns);
  add_trading(families, status);
  add_latency(families, status.latency);
  add_recording(families, status);
  return families;
}

}  // namespace hftsim
