#include "adapters/event_table.h"

#include <array>
#include <string>

#include "engine/core/errors.h"
#include "engine/core/nearest_name.h"

namespace hftsim {
namespace {

constexpr std::array<std::string_view, 6> kKindNames{"timer", "book_change", "quote",
                                                     "trade", "bar",         "session_mark"};
constexpr std::array<std::string_view, 6> kMarkNames{"connected", "disconnected", "gap",
                                                     "pause",     "resume",       "flatten"};

// One row of a table, cell by cell from the left.
class Row {
 public:
  Row(RowBatch& batch, std::size_t row) : batch_(batch), row_(row) {}

  Row& number(std::int64_t value) { return batch_.int64(column_++)[row_] = value, *this; }
  Row& number(std::uint64_t value) { return number(static_cast<std::int64_t>(value)); }
  Row& real(double value) { return batch_.float64(column_++)[row_] = value, *this; }
  Row& text(std::string_view value) { return batch_.set_text(column_++, row_, value), *this; }

 private:
  RowBatch& batch_;
  std::size_t row_;
  std::size_t column_ = 0;
};

void put_level(Row& row, const Instrument& instrument, std::int64_t price, std::int64_t quantity) {
  row.real(instrument.price_step.value(price)).real(instrument.quantity_step.value(quantity));
}

void put_body(Row& row, const Event& event, const Instrument& instrument) {
  switch (event.kind) {
    case EventKind::bar:
      row.real(event.bar.open)
          .real(event.bar.high)
          .real(event.bar.low)
          .real(event.bar.close)
          .real(event.bar.volume);
      row.number(std::int64_t{event.trades});
      return;
    case EventKind::trade:
      put_level(row, instrument, event.trade.price_ticks, event.trade.quantity_lots);
      row.text(event.has(kBuyerIsMaker) ? "sell" : "buy");
      row.number(event.trade.seq).number(event.trade.id_first).number(event.trade.id_last);
      row.number(event.trade.price_ticks)
          .number(event.trade.quantity_lots)
          .number(std::int64_t{event.send_delay_us});
      return;
    case EventKind::quote:
      put_level(row, instrument, event.quote.bid_ticks, event.quote.bid_lots);
      put_level(row, instrument, event.quote.ask_ticks, event.quote.ask_lots);
      row.number(event.quote.seq).number(event.quote.bid_ticks).number(event.quote.bid_lots);
      row.number(event.quote.ask_ticks)
          .number(event.quote.ask_lots)
          .number(std::int64_t{event.send_delay_us});
      return;
    case EventKind::book_change:
      row.text(event.has(kBidSide) ? "bid" : "ask");
      put_level(row, instrument, event.book.price_ticks, event.book.quantity_lots);
      row.number(event.book.seq).number(event.book.seq_first).number(event.book.seq_previous);
      row.number(std::int64_t{event.has(kMessageEnd)}).number(std::int64_t{event.has(kSnapshot)});
      row.number(event.book.price_ticks)
          .number(event.book.quantity_lots)
          .number(std::int64_t{event.send_delay_us});
      return;
    case EventKind::session_mark:
      row.text(static_cast<std::size_t>(event.session.mark) < kMarkNames.size()
                   ? kMarkNames[static_cast<std::size_t>(event.session.mark)]
                   : "unknown");
      row.number(std::int64_t{event.session.stream}).number(event.session.seq_expected);
      row.number(event.session.seq_found).number(event.session.missing);
      return;
    case EventKind::timer:
      row.number(event.timer.id).number(event.timer.seq);
  }
}

void add(std::vector<TableColumn>& columns, ColumnType type, std::initializer_list<const char*> names) {
  for (const char* name : names) columns.push_back({name, type});
}

void put(RowBatch& batch, std::size_t at, const Event& event, const Instrument& instrument,
         std::uint64_t number) {
  const bool is_bar = event.kind == EventKind::bar;
  Row row(batch, at);
  row.number(is_bar ? event.ts_ns - instrument.bar_interval.value : event.ts_ns).number(event.recv_ns);
  row.text(instrument.symbol);
  put_body(row, event, instrument);
  row.number(std::int64_t{event.flags}).number(number);
}

// A source's events one after the other, counted.
class NumberedEvents {
 public:
  explicit NumberedEvents(EventSource& source) : source_(source), room_(2048) {}

  // Null at the end.
  const Event* next() {
    if (at_ == events_.size()) {
      events_ = source_.next(room_);
      at_ = 0;
      if (events_.empty()) return nullptr;
    }
    ++count_;
    return &events_[at_++];
  }
  std::uint64_t number() const { return count_ - 1; }  // of the event given last, from 0
  std::uint64_t count() const { return count_; }

 private:
  EventSource& source_;
  std::vector<Event> room_;
  std::span<const Event> events_;
  std::size_t at_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace

std::string_view name_of(EventKind kind) {
  return kKindNames[static_cast<std::size_t>(kind)];
}

EventKind parse_event_kind(std::string_view name, const std::string& place) {
  for (std::size_t k = 0; k < kKindNames.size(); ++k) {
    if (name == kKindNames[k]) return static_cast<EventKind>(k);
  }
  const std::vector<std::string> known(kKindNames.begin(), kKindNames.end());
  throw BadInput(place, "'" + std::string(name) + "'" + did_you_mean(name, known),
                 "bar, trade, quote, book_change, session_mark or timer");
}

std::vector<TableColumn> event_columns(EventKind kind) {
  using enum ColumnType;
  std::vector<TableColumn> columns{{"timestamp", timestamp_ns}, {"received", timestamp_ns}, {"symbol", text}};
  switch (kind) {
    case EventKind::bar:
      add(columns, float64, {"open", "high", "low", "close", "volume"});
      add(columns, int64, {"trades"});
      break;
    case EventKind::trade:
      add(columns, float64, {"price", "quantity"});
      add(columns, text, {"side"});
      add(columns, int64,
          {"trade_id", "id_first", "id_last", "price_ticks", "quantity_lots", "send_delay_us"});
      break;
    case EventKind::quote:
      add(columns, float64, {"bid_price", "bid_quantity", "ask_price", "ask_quantity"});
      add(columns, int64, {"update_id", "bid_ticks", "bid_lots", "ask_ticks", "ask_lots", "send_delay_us"});
      break;
    case EventKind::book_change:
      add(columns, text, {"side"});
      add(columns, float64, {"price", "quantity"});
      add(columns, int64,
          {"update_id", "update_id_first", "update_id_previous", "message_end", "snapshot", "price_ticks",
           "quantity_lots", "send_delay_us"});
      break;
    case EventKind::session_mark:
      add(columns, text, {"mark"});
      add(columns, int64, {"stream", "expected", "found", "missing"});
      break;
    case EventKind::timer:
      add(columns, int64, {"timer_id", "timer_seq"});
  }
  add(columns, int64, {"flags", "event"});
  return columns;
}

std::uint64_t write_event_table(const std::filesystem::path& path, EventSource& source, EventKind kind,
                                const EventProgress& on_progress) {
  NumberedEvents events(source);
  return write_table(path, event_columns(kind), [&](RowBatch& batch) {
    std::size_t rows = 0;
    while (rows < batch.capacity()) {
      const Event* event = events.next();
      if (event == nullptr) break;
      if (event->kind == kind)
        put(batch, rows++, *event, source.instruments()[event->instrument], events.number());
      if (on_progress && events.count() % 65'536 == 0) on_progress(events.count());
    }
    return rows;
  });
}

}  // namespace hftsim
