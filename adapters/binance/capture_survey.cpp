#include "adapters/binance/capture_survey.h"

#include "adapters/binance/capture_file.h"
#include "engine/core/errors.h"

namespace hftsim::binance {
namespace {

constexpr std::uint64_t kLinesPerProgress = 4096;

void look_at(const CaptureLine& line, MessageParser& parser, CaptureSurvey& survey,
             std::vector<Event>& events) {
  events.clear();
  if (line.symbol.empty()) {
    parser.parse(line.json, line.recv_ns, events);
  } else {
    parser.parse_snapshot(line.json, line.symbol, line.recv_ns, events);
  }
  if (survey.first_ns == 0) survey.first_ns = parser.latest_ns();
  if (const auto latency_ns = latency_of(events)) survey.latency.add(*latency_ns);
}

}  // namespace

std::optional<std::int64_t> latency_of(std::span<const Event> message) {
  if (message.empty()) return std::nullopt;
  const Event& event = message.front();
  const bool is_answer = event.kind == EventKind::book_change && event.has(kSnapshot);
  if (event.kind == EventKind::bar || event.has(kTimeEstimated) || is_answer) return std::nullopt;
  return event.recv_ns - event.ts_ns - std::int64_t{event.send_delay_us} * 1000;
}

CaptureSurvey survey_captures(std::span<const std::filesystem::path> paths, const std::string& symbol,
                              std::uint64_t lines_max, const CaptureProgress& on_progress) {
  CaptureFiles files(paths);
  SymbolTable symbols;
  MessageParser parser(symbols);
  CaptureSurvey survey;
  std::vector<Event> events;
  while (survey.lines < lines_max) {
    const auto line = files.next();
    survey.is_whole = !line.has_value();
    if (!line) break;
    try {
      look_at(*line, parser, survey, events);
    } catch (const BadInput& error) {
      throw BadInput(files.place() + ": " + error.what());
    }
    if (++survey.lines % kLinesPerProgress == 0 && on_progress) on_progress(files.bytes_read());
  }
  symbols.finish(symbol);
  survey.instruments.assign(symbols.instruments().begin(), symbols.instruments().end());
  survey.market = parser.market();
  return survey;
}

}  // namespace hftsim::binance
