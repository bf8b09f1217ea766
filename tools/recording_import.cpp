#include "tools/recording_import.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/errors.h"
#include "tools/recording_output.h"

namespace hftsim {
namespace {

using binance::CaptureSource;
using binance::CaptureSurvey;
using binance::MessageKind;

// Nearly always enough to see every symbol and its decimals; where it was not, everything is looked at.
constexpr std::uint64_t kFirstLook = 2000;

std::int64_t correction_of(const CaptureSurvey& survey, ImportClock clock) {
  if (clock != ImportClock::corrected || survey.latency.count() == 0) return 0;
  return std::max<std::int64_t>(0, -survey.latency.least());
}

std::string source_text(const CaptureSurvey& survey, std::span<const std::filesystem::path> paths) {
  std::string text = fmt::format("Binance {} capture", name_of(survey.market.value_or(Market::spot)));
  for (const std::filesystem::path& path : paths)
    text += (&path == paths.data() ? ": " : ", ") + path.filename().string();
  return text;
}

ImportSummary summary_of(const CaptureSource& source, const CaptureSurvey& survey) {
  ImportSummary summary;
  summary.market = survey.market.value_or(Market::spot);
  summary.lines = source.line_counts();
  summary.counts = source.counts();
  for (std::size_t id = 0; id < source.instruments().size(); ++id)
    summary.depth.push_back(
        {source.instruments()[id].symbol, source.depth_counts(static_cast<InstrumentId>(id))});
  return summary;
}

ImportSummary write(std::span<const std::filesystem::path> paths, const std::filesystem::path& out,
                    const CaptureSurvey& survey, const ImportOptions& options,
                    const ImportProgress& on_progress) {
  const bool by_receipt = options.clock != ImportClock::exchange;
  const std::int64_t correction_ns = correction_of(survey, options.clock);
  CaptureSource source(paths, survey,
                       {.order = by_receipt ? EventOrder::receive : EventOrder::exchange,
                        .recv_correction_ns = correction_ns,
                        .window_ns = options.window_ns});
  RecordingHeader header;
  header.order = by_receipt ? EventOrder::receive : EventOrder::exchange;
  header.recv_correction_ns = correction_ns;
  header.source = source_text(survey, paths);
  const std::uint64_t events = write_recording(out, source, header, options.recording, [&](std::uint64_t) {
    if (on_progress) on_progress(source.bytes_read(), source.bytes_total());
  });
  ImportSummary summary = summary_of(source, survey);
  summary.events = events;
  summary.recv_correction_ns = correction_ns;
  return summary;
}

std::string milliseconds(std::int64_t ns) {
  return fmt::format("{:.3f} ms", static_cast<double>(ns) / 1e6);
}

void add_messages(std::string& text, const ImportSummary& summary) {
  const binance::CaptureCounts& counts = summary.counts;
  const auto add = [&](std::string_view name, const auto& what) {
    text += fmt::format("{:<20} {}\n", name, what);
  };
  add("lines", summary.lines.lines);
  if (summary.lines.headers > 0) add("  naming streams", summary.lines.headers);
  if (summary.lines.blank > 0) add("  blank", summary.lines.blank);
  for (std::size_t kind = 0; kind < counts.messages.size(); ++kind) {
    if (counts.messages[kind] > 0)
      add(binance::name_of(static_cast<MessageKind>(kind)), counts.messages[kind]);
  }
  for (const auto& [name, count] : counts.unknown) add("  " + name, fmt::format("{}, left out", count));
  if (counts.messages[static_cast<std::size_t>(MessageKind::kline_open)] > 0)
    add("", "open klines are left out: their bars are not over");
  if (counts.levels > 0) add("book levels", counts.levels);
  if (counts.off_book_trades > 0) add("not from the book", fmt::format("{} trades", counts.off_book_trades));
  if (counts.estimated_times > 0) add("times estimated", counts.estimated_times);
}

void add_depth(std::string& text, const ImportSummary& summary) {
  for (const auto& [symbol, depth] : summary.depth) {
    if (depth.snapshots + depth.stale + depth.applied + depth.early == 0) continue;
    text += fmt::format("{:<20} {} snapshots; depth messages: {} applied, {} older than the snapshot", symbol,
                        depth.snapshots, depth.applied, depth.stale);
    if (depth.early > 0) text += fmt::format(", {} without a snapshot", depth.early);
    text += fmt::format("; {} gaps\n", depth.gaps);
  }
}

void add_latency(std::string& text, const ImportSummary& summary) {
  const DurationHistogram& latency = summary.counts.latency;
  if (latency.count() == 0) return;
  text +=
      fmt::format("{:<20} least {}, median {}, most {}\n", "receive - sent", milliseconds(latency.least()),
                  milliseconds(latency.quantile(0.5)), milliseconds(latency.greatest()));
  if (latency.negative() == 0) return;
  text += fmt::format("{:<20} {} of {} messages: a clock is off; ", "received early", latency.negative(),
                      latency.count());
  text += summary.recv_correction_ns == 0 ? "--clock corrected moves the receive times\n"
                                          : fmt::format("{} were added to every receive time\n",
                                                        milliseconds(summary.recv_correction_ns));
}

}  // namespace

ImportSummary import_captures(std::span<const std::filesystem::path> paths, const std::filesystem::path& out,
                              const ImportOptions& options, const ImportProgress& on_progress) {
  const auto look = [&](std::uint64_t lines) {
    return binance::survey_captures(paths, options.symbol, lines, [&](std::uint64_t bytes) {
      if (on_progress) on_progress(bytes, 0);
    });
  };
  CaptureSurvey survey = look(options.clock == ImportClock::corrected ? UINT64_MAX : kFirstLook);
  if (!survey.is_whole && survey.instruments.empty()) survey = look(UINT64_MAX);
  if (!survey.is_whole) {
    try {
      return write(paths, out, survey, options, on_progress);
    } catch (const binance::OutsideTable&) {
      survey = look(UINT64_MAX);
    }
  }
  if (survey.instruments.empty())
    throw BadInput(paths.front().string(), std::to_string(survey.lines) + " messages without market data",
                   "a capture of depth, bookTicker, trade, aggTrade or kline streams");
  return write(paths, out, survey, options, on_progress);
}

std::string describe(const ImportSummary& summary) {
  std::string text = fmt::format("{:<20} {}\n", "market", name_of(summary.market));
  add_messages(text, summary);
  add_depth(text, summary);
  add_latency(text, summary);
  return text;
}

}  // namespace hftsim
