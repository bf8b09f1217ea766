#include "tools/paper/paper_summary.h"

#include <fmt/format.h>

#include "tools/run_model.h"

namespace hftsim {
namespace {

Json time_or_null(std::int64_t ns) {
  if (ns == 0) return nullptr;
  return iso_utc(Timestamp(ns));
}

Json data_json(const RunConfig& config, std::span<const Instrument> instruments, const PaperEnd& end) {
  Json listed = Json::array();
  for (const Instrument& instrument : instruments) {
    listed.push_back({{"symbol", instrument.symbol},
                      {"bar_interval_ns", instrument.bar_interval.value},
                      {"lot_size", instrument.lot_size}});
  }
  return {{"path", end.recording.string()},
          {"first", config.run.start.empty() ? Json(nullptr) : Json(config.run.start)},
          {"last", time_or_null(end.status.now_ns)},
          {"instruments", listed},
          {"findings", Json::array()}};
}

Json feed_json(const live::FeedHealth& feed) {
  return {{"messages", feed.messages},
          {"events", feed.events},
          {"connections", feed.connections},
          {"reconnects", feed.reconnects},
          {"failed_attempts", feed.failed_attempts},
          {"stalls", feed.stalls},
          {"gaps", feed.gaps},
          {"repaired_bars", feed.repaired_bars},
          {"repaired_trades", feed.repaired_trades},
          {"late_bars", feed.late_bars},
          {"repair_failures", feed.repair_failures},
          {"snapshots", feed.snapshots},
          {"duplicates", feed.duplicates},
          {"malformed", feed.malformed},
          {"oversized", feed.oversized},
          {"implausible", feed.implausible},
          {"unknown", feed.unknown},
          {"last_trouble", feed.last_trouble}};
}

Json recording_json(const RecordingStatus& recording) {
  return {{"file", recording.file},
          {"events", recording.events},
          {"bytes", recording.bytes},
          {"whole", recording.is_whole()},
          {"dropped", recording.dropped},
          {"journal_dropped", recording.journal_dropped},
          {"failures", recording.failures},
          {"trouble", recording.trouble},
          {"journal_trouble", recording.journal_trouble}};
}

Json latency_json(const std::vector<LatencyLine>& lines) {
  Json all = Json::array();
  for (const LatencyLine& line : lines) {
    all.push_back({{"stage", line.stage},
                   {"count", line.count},
                   {"p50_us", line.p50_us},
                   {"p99_us", line.p99_us},
                   {"p999_us", line.p999_us},
                   {"max_us", line.max_us}});
  }
  return all;
}

std::string row(const std::string& name, const std::string& value) {
  return fmt::format("  {:<22}{}\n", name, value);
}

std::string feed_rows(const Json& feed) {
  const auto n = [&feed](const char* key) {
    return feed[key].get<std::uint64_t>();
  };
  std::string text = row("feed", fmt::format("{} messages, {} events, {} reconnects, {} gaps", n("messages"),
                                             n("events"), n("reconnects"), n("gaps"))) +
                     row("repaired", fmt::format("{} bars, {} trades; {} bars waited for one before",
                                                 n("repaired_bars"), n("repaired_trades"), n("late_bars")));
  const std::uint64_t odd =
      n("duplicates") + n("malformed") + n("oversized") + n("implausible") + n("unknown");
  if (odd > 0) {
    text += row("left out",
                fmt::format("{} duplicates, {} malformed, {} oversized, {} implausible, {} unknown",
                            n("duplicates"), n("malformed"), n("oversized"), n("implausible"), n("unknown")));
  }
  return text;
}

std::string in_brackets(const std::string& text) {
  return text.empty() ? "" : " (" + text + ")";
}

std::string recording_rows(const Json& recording) {
  std::string text =
      row("recording",
          fmt::format("{}: {} events, {:.1f} MB", recording["file"].get<std::string>(),
                      recording["events"].get<std::uint64_t>(), recording["bytes"].get<double>() * 1e-6));
  const auto dropped = recording["dropped"].get<std::uint64_t>();
  const auto trouble = recording["trouble"].get<std::string>();
  if (dropped > 0) {
    text +=
        row("NOT WHOLE", fmt::format("{} events are missing in it: it does not replay to these decisions{}",
                                     dropped, in_brackets(trouble)));
  } else if (!trouble.empty()) {
    text += row("NOT WHOLE", "all events are in it, its end is not" + in_brackets(trouble));
  }
  const auto records = recording["journal_dropped"].get<std::uint64_t>();
  const auto journal_trouble = recording["journal_trouble"].get<std::string>();
  if (records == 0 && journal_trouble.empty()) return text;
  return text + row("JOURNAL NOT WHOLE", fmt::format("{} records are missing in its file{}", records,
                                                     in_brackets(journal_trouble)));
}

std::string latency_rows(const Json& lines) {
  std::string text;
  for (const Json& line : lines) {
    text += row(
        "latency " + line["stage"].get<std::string>(),
        fmt::format("p50 {:.1f} us, p99 {:.1f}, p99.9 {:.1f}, max {:.1f}  ({} blocks)",
                    line["p50_us"].get<double>(), line["p99_us"].get<double>(), line["p999_us"].get<double>(),
                    line["max_us"].get<double>(), line["count"].get<std::uint64_t>()));
  }
  return text;
}

}  // namespace

Json make_paper_summary(const RunConfig& config, std::span<const Instrument> instruments,
                        const RunModel& model, const RunResult& result, const Metrics& metrics,
                        EquitySeries& equity, const PaperEnd& end) {
  Json summary = make_summary(config, data_json(config, instruments, end), model, result, metrics, equity);
  const LiveStatus& status = end.status;
  summary["session"] = {{"events", status.events},
                        {"trades", status.trades},
                        {"quotes", status.quotes},
                        {"book_changes", status.book_changes},
                        {"late", status.late},
                        {"resumed_events", end.resumed_events},
                        {"resume_note", end.resume_note},
                        {"waits_for_a_block", status.line_waits},
                        {"waits_for_the_recorder", status.journal_waits}};
  summary["feed"] = feed_json(end.feed);
  summary["recording"] = recording_json(status.recording);
  summary["latency"] = latency_json(status.latency);
  summary["replay"] = "hftsim backtest " + end.config.string() + " --data " + end.recording.string();
  summary["report"] = "hftsim report " + end.config.parent_path().string();
  return summary;
}

std::string paper_table(const Json& s) {
  const Json& session = s["session"];
  std::string text =
      row("stream",
          fmt::format("{} events: {} trades, {} quotes, {} book changes; {} came late",
                      session["events"].get<std::uint64_t>(), session["trades"].get<std::uint64_t>(),
                      session["quotes"].get<std::uint64_t>(), session["book_changes"].get<std::uint64_t>(),
                      session["late"].get<std::uint64_t>()));
  if (session["resumed_events"].get<std::uint64_t>() > 0) {
    text += row("resumed",
                fmt::format("behind {} recorded events; {}", session["resumed_events"].get<std::uint64_t>(),
                            session["resume_note"].get<std::string>()));
  }
  return text + feed_rows(s["feed"]) + recording_rows(s["recording"]) + latency_rows(s["latency"]) +
         row("replay", s["replay"].get<std::string>()) + row("report", s["report"].get<std::string>());
}

}  // namespace hftsim
