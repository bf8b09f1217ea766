// hftsim recording info, verify: what is in a recording and whether it is whole.
#include <fmt/format.h>

#include <map>
#include <optional>

#include "adapters/bar_time.h"
#include "adapters/event_table.h"
#include "engine/core/clock.h"
#include "engine/core/errors.h"
#include "replay/recording_reader.h"
#include "tools/commands/commands.h"
#include "tools/commands/interrupt.h"
#include "tools/commands/recording_command.h"
#include "tools/progress_bar.h"
#include "tools/recording_survey.h"

namespace hftsim {
namespace {

std::string step_text(DecimalStep step) {
  return format_steps(1, step);
}

std::string range_text(std::int64_t first_ns, std::int64_t last_ns) {
  return fmt::format("{} to {} UTC", format_utc(Timestamp(first_ns)), format_utc(Timestamp(last_ns)));
}

std::string milliseconds(std::int64_t ns) {
  return fmt::format("{:.3f}", static_cast<double>(ns) / 1e6);
}

void print_counts(std::string_view name, const RecordingSurvey::KindCounts& counts) {
  std::string text;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (counts[k] == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", counts[k], name_of(static_cast<EventKind>(k)));
  }
  fmt::print("{:<20} {}\n", name, text.empty() ? "no events" : text);
}

void print_instruments(const RecordingReader& reader, const RecordingSurvey& survey) {
  for (std::size_t id = 0; id < reader.header().instruments.size(); ++id) {
    const Instrument& instrument = reader.header().instruments[id];
    print_counts(instrument.symbol, survey.by_instrument[id]);
    fmt::print("{:<20} price step {}, quantity step {}, tick {}, lot {}, bars {}\n", "",
               step_text(instrument.price_step), step_text(instrument.quantity_step), instrument.tick_size,
               instrument.lot_size,
               instrument.bar_interval.value > 0 ? format_interval(instrument.bar_interval) : "irregular");
  }
}

void print_clocks(const RecordingReader& reader, const RecordingSurvey& survey) {
  fmt::print("{:<20} {}\n", "exchange time", range_text(survey.exchange.first_ns, survey.exchange.last_ns));
  fmt::print("{:<20} {}\n", "receive time", range_text(survey.receive.first_ns, survey.receive.last_ns));
  if (reader.header().recv_correction_ns != 0) {
    fmt::print("{:<20} {} ms were added to every receive time\n", "correction",
               milliseconds(reader.header().recv_correction_ns));
  }
  const DurationHistogram& latency = survey.latency;
  if (latency.count() == 0) return;
  fmt::print("{:<20} ms: least {}, p1 {}, p50 {}, p99 {}, p99.9 {}, most {}\n", "receive - exchange",
             milliseconds(latency.least()), milliseconds(latency.quantile(0.01)),
             milliseconds(latency.quantile(0.5)), milliseconds(latency.quantile(0.99)),
             milliseconds(latency.quantile(0.999)), milliseconds(latency.greatest()));
  if (latency.negative() == 0) return;
  fmt::print("{:<20} {} events ({:.2f} %): one of the clocks is off\n", "received early", latency.negative(),
             100.0 * static_cast<double>(latency.negative()) / static_cast<double>(latency.count()));
}

void print_gaps(const RecordingReader& reader, const RecordingSurvey& survey) {
  if (survey.disconnects > 0) fmt::print("{:<20} {}\n", "disconnected", survey.disconnects);
  if (survey.gaps == 0) return;
  fmt::print("{:<20} {}\n", "gaps", survey.gaps);
  for (const Event& gap : survey.first_gaps) {
    fmt::print("  {}  {}  {}\n", format_utc(Timestamp(gap.ts_ns)),
               reader.header().instruments[gap.instrument].symbol, describe_mark(gap));
  }
  if (survey.gaps > survey.first_gaps.size())
    fmt::print("  ... {} more\n", survey.gaps - survey.first_gaps.size());
}

void print_blocks(const RecordingReader& reader) {
  std::uint64_t packed = 0, stored = 0, raw = 0;
  for (std::size_t b = 0; b < reader.blocks().size(); ++b) {
    const RecordingBlockHeader header = reader.block_header(b);
    packed += header.codec == RecordingCodec::zstd ? 1 : 0;
    stored += header.stored_bytes;
    raw += header.raw_bytes;
  }
  fmt::print("{:<20} {} of events, {} bytes in the file", "blocks", reader.blocks().size(),
             reader.file_bytes());
  if (packed > 0) {
    fmt::print("; {} zstd, {:.2f} times smaller", packed,
               static_cast<double>(raw) / static_cast<double>(stored));
  }
  fmt::print("\n");
}

// Up to the end, or to what is damaged: which is returned.
std::optional<std::string> survey_of(RecordingReader& reader, RecordingSurvey& survey, const char* what) {
  ProgressBar bar(what, "events", reader.event_count());
  try {
    for (auto events = reader.next(); !events.empty(); events = reader.next()) {
      survey.add(events);
      bar.update(survey.events);
      stop_if_interrupted(reader.name());
    }
  } catch (const BadInput& damage) {
    return damage.what();
  }
  return std::nullopt;
}

void info(const std::string& path) {
  catch_interrupts();
  RecordingReader reader(path);
  RecordingSurvey survey(reader.header().instruments.size());
  const std::optional<std::string> damage = survey_of(reader, survey, "info");
  fmt::print("{}\n", path);
  fmt::print("{:<20} {}\n", "source", reader.header().source);
  fmt::print("{:<20} {}\n", "created by", reader.header().created_by);
  fmt::print("{:<20} {}\n", "in order of",
             reader.order() == EventOrder::exchange ? "exchange time"
                                                    : "receive time, which a run takes as its clock");
  fmt::print("{:<20} {}\n", "events", survey.events);
  print_counts("of all instruments", survey.by_kind());
  print_instruments(reader, survey);
  if (survey.events > 0) print_clocks(reader, survey);
  print_gaps(reader, survey);
  if (!damage) print_blocks(reader);
  fmt::print("{:<20} {}\n", "ended", damage ? "damaged" : reader.tail().describe());
  if (damage) throw BadInput(*damage);
}

void verify(const std::string& path) {
  catch_interrupts();
  RecordingReader reader(path);
  RecordingSurvey survey(reader.header().instruments.size());
  if (const auto damage = survey_of(reader, survey, "verify")) {
    fmt::print("{}: the {} events before the damage are whole\n", path, survey.events);
    throw BadInput(*damage);
  }
  if (const auto counts = reader.kind_counts(); counts && *counts != survey.by_kind()) {
    throw BadInput(path, "an index that counts other kinds than there are", "the kinds of its events");
  }
  if (!reader.tail().complete) {
    fmt::print("{}: {}; {} events can be read\n", path, reader.tail().describe(), survey.events);
    throw CommandFailed();
  }
  fmt::print("{}: whole: {} events in {} blocks\n", path, survey.events, reader.blocks().size());
}

CLI::App* add_file_command(CLI::App& recording, const char* name, const char* help,
                           void (*run)(const std::string&)) {
  CLI::App* command = recording.add_subcommand(name, help);
  auto path = std::make_shared<std::string>();
  command->add_option("file", *path, "Recording (.hfr)")->required();
  command->callback([path, run] { run(*path); });
  return command;
}

}  // namespace

void add_recording_info(CLI::App& recording) {
  add_file_command(recording, "info", "Instruments, counts, both clocks, gaps, blocks, how it ended", info)
      ->footer("Example:\n  hftsim recording info btcusdt.hfr");
}

void add_recording_verify(CLI::App& recording) {
  add_file_command(recording, "verify", "Check every checksum and the order of all events", verify)
      ->footer(
          "Exit code 0: whole; 1: cut off, what is there is whole; 2: damaged, with block and byte\n"
          "Example:\n  hftsim recording verify btcusdt.hfr");
}

}  // namespace hftsim
