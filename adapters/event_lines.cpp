// Market events as lines of JSON (event_table.h).
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "adapters/event_table.h"
#include "engine/core/errors.h"
#include "replay/part_file.h"

namespace hftsim {
namespace {

using Line = fmt::memory_buffer;

template <class... Values>
void add(Line& line, fmt::format_string<Values...> format, Values&&... values) {
  fmt::format_to(std::back_inserter(line), format, std::forward<Values>(values)...);
}

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

// Every step of a price or quantity as the exchange writes it.
struct Decimals {
  const Instrument& instrument;
  std::string price(std::int64_t ticks) const { return format_steps(ticks, instrument.price_step); }
  std::string quantity(std::int64_t lots) const { return format_steps(lots, instrument.quantity_step); }
};

void add_bar(Line& line, const Event& event) {
  const BarBody& bar =
      event.bar;  // as text: shortest digits that read back the same, and nan where it is none
  add(line, R"(,"open":"{}","high":"{}","low":"{}","close":"{}","volume":"{}","trades":{})", bar.open,
      bar.high, bar.low, bar.close, bar.volume, event.trades);
}

void add_body(Line& line, const Event& event, const Decimals& text) {
  switch (event.kind) {
    case EventKind::bar:
      return add_bar(line, event);
    case EventKind::trade:
      add(line, R"(,"price":"{}","quantity":"{}","side":"{}","trade_id":{},"id_first":{},"id_last":{})",
          text.price(event.trade.price_ticks), text.quantity(event.trade.quantity_lots),
          event.has(kBuyerIsMaker) ? "sell" : "buy", event.trade.seq, event.trade.id_first,
          event.trade.id_last);
      break;
    case EventKind::quote:
      add(line, R"(,"bid":["{}","{}"],"ask":["{}","{}"],"update_id":{})", text.price(event.quote.bid_ticks),
          text.quantity(event.quote.bid_lots), text.price(event.quote.ask_ticks),
          text.quantity(event.quote.ask_lots), event.quote.seq);
      break;
    case EventKind::book_change:
      add(line,
          R"(,"side":"{}","price":"{}","quantity":"{}","update_id":{},"update_id_first":{},"update_id_previous":{})",
          event.has(kBidSide) ? "bid" : "ask", text.price(event.book.price_ticks),
          text.quantity(event.book.quantity_lots), event.book.seq, event.book.seq_first,
          event.book.seq_previous);
      break;
    case EventKind::session_mark:
      add(line, R"(,"mark":{},"stream":{},"expected":{},"found":{},"missing":{})",
          static_cast<std::uint32_t>(event.session.mark), event.session.stream, event.session.seq_expected,
          event.session.seq_found, event.session.missing);
      return;
    case EventKind::timer:
      add(line, R"(,"timer_id":{},"timer_seq":{})", event.timer.id, event.timer.seq);
      return;
  }
  add(line, R"(,"send_delay_us":{})", event.send_delay_us);
}

void add_line(Line& line, const Event& event, const Instrument& instrument, std::uint64_t number) {
  add(line, R"({{"event":{},"kind":"{}","ts_ns":{},"recv_ns":{},"symbol":{},"flags":{})", number,
      name_of(event.kind), event.ts_ns, event.recv_ns, json_text(instrument.symbol), event.flags);
  add_body(line, event, {instrument});
  add(line, "}}\n");
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

[[noreturn]] void fail(const std::filesystem::path& path) {
  throw IoFailure(path.string() + ": cannot be written: " + std::strerror(errno));
}

std::uint64_t write_lines(const std::filesystem::path& path, EventSource& source,
                          const EventProgress& on_progress) {
  std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "wb"));
  if (!file) fail(path);
  std::vector<Event> room(2048);
  Line lines;
  std::uint64_t count = 0;
  for (auto events = source.next(room); !events.empty(); events = source.next(room)) {
    lines.clear();
    for (const Event& event : events) add_line(lines, event, source.instruments()[event.instrument], count++);
    if (std::fwrite(lines.data(), 1, lines.size(), file.get()) != lines.size()) fail(path);
    if (on_progress) on_progress(count);
  }
  if (std::fclose(file.release()) != 0) fail(path);
  return count;
}

}  // namespace

std::uint64_t write_event_lines(const std::filesystem::path& path, EventSource& source,
                                const EventProgress& on_progress) {
  PartFile part(path);
  const std::uint64_t count = write_lines(part.path(), source, on_progress);
  part.finish();
  return count;
}

}  // namespace hftsim
