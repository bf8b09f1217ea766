#include "adapters/binance/capture_writer.h"

#include <fmt/format.h>
#include <zlib.h>

#include <memory>
#include <vector>

#include "adapters/bar_time.h"
#include "adapters/lower_case.h"
#include "engine/core/errors.h"
#include "replay/part_file.h"
#include "replay/reorder_buffer.h"

namespace hftsim::binance {
namespace {

constexpr std::int64_t kNsPerMs = 1'000'000;

template <class... Values>
void add(std::string& text, fmt::format_string<Values...> format, Values&&... values) {
  fmt::format_to(std::back_inserter(text), format, std::forward<Values>(values)...);
}

std::int64_t time_ms(const Event& event) {
  return event.ts_ns / kNsPerMs;
}
std::int64_t sent_ms(const Event& event) {
  return (event.ts_ns + std::int64_t{event.send_delay_us} * 1000) / kNsPerMs;
}

// A number as text of the instrument's decimals.
struct Texts {
  const Instrument& instrument;
  std::string price(std::int64_t ticks) const { return format_steps(ticks, instrument.price_step); }
  std::string quantity(std::int64_t lots) const { return format_steps(lots, instrument.quantity_step); }
  std::string price(double value) const {
    return fmt::format("{:.{}f}", value, instrument.price_step.decimals);
  }
  std::string quantity(double value) const {
    return fmt::format("{:.{}f}", value, instrument.quantity_step.decimals);
  }
};

void add_levels(std::string& text, const char* name, std::span<const Event> events, bool bids,
                const Texts& texts) {
  add(text, R"(,"{}":[)", name);
  bool is_first = true;
  for (const Event& event : events) {
    if (event.has(kNoLevels) || event.has(kBidSide) != bids) continue;
    add(text, R"({}["{}","{}"])", is_first ? "" : ",", texts.price(event.book.price_ticks),
        texts.quantity(event.book.quantity_lots));
    is_first = false;
  }
  text += ']';
}

void add_snapshot(std::string& text, std::span<const Event> events, const Texts& texts) {
  const Event& first = events.front();
  add(text, R"({{"lastUpdateId":{})", first.book.seq);
  if (!first.has(kTimeEstimated)) add(text, R"(,"E":{},"T":{})", sent_ms(first), time_ms(first));
  add_levels(text, "bids", events, true, texts);
  add_levels(text, "asks", events, false, texts);
  text += '}';
}

void add_depth(std::string& text, std::span<const Event> events, const Texts& texts, bool is_usdm) {
  const Event& first = events.front();
  add(text, R"({{"e":"depthUpdate","E":{})", sent_ms(first));
  if (is_usdm) add(text, R"(,"T":{})", time_ms(first));
  add(text, R"(,"s":"{}","U":{},"u":{})", texts.instrument.symbol, first.book.seq_first, first.book.seq);
  if (is_usdm) add(text, R"(,"pu":{})", first.book.seq_previous);
  add_levels(text, "b", events, true, texts);
  add_levels(text, "a", events, false, texts);
  text += '}';
}

void add_quote(std::string& text, const Event& event, const Texts& texts) {
  const bool has_time = !event.has(kTimeEstimated);
  add(text, R"({{{}"u":{},"s":"{}","b":"{}","B":"{}","a":"{}","A":"{}")",
      has_time ? R"("e":"bookTicker",)" : "", event.quote.seq, texts.instrument.symbol,
      texts.price(event.quote.bid_ticks), texts.quantity(event.quote.bid_lots),
      texts.price(event.quote.ask_ticks), texts.quantity(event.quote.ask_lots));
  if (has_time) add(text, R"(,"T":{},"E":{})", time_ms(event), sent_ms(event));
  text += '}';
}

void add_trade(std::string& text, const Event& event, const Texts& texts, bool is_usdm) {
  const TradeBody& trade = event.trade;
  const bool maker = event.has(kBuyerIsMaker);
  const std::string price = texts.price(trade.price_ticks), quantity = texts.quantity(trade.quantity_lots);
  const std::string& symbol = texts.instrument.symbol;
  if (event.has(kAggregate)) {
    add(text, R"({{"e":"aggTrade","E":{},"a":{},"s":"{}","p":"{}","q":"{}","f":{},"l":{},"T":{},"m":{}{}}})",
        sent_ms(event), trade.seq, symbol, price, quantity, trade.id_first, trade.id_last, time_ms(event),
        maker, is_usdm ? "" : R"(,"M":true)");
  } else if (is_usdm) {
    add(text, R"({{"e":"trade","E":{},"T":{},"s":"{}","t":{},"p":"{}","q":"{}","X":"{}","m":{}}})",
        sent_ms(event), time_ms(event), symbol, trade.seq, price, quantity,
        event.has(kOffBook) ? "NA" : "MARKET", maker);
  } else {
    add(text, R"({{"e":"trade","E":{},"s":"{}","t":{},"p":"{}","q":"{}","T":{},"m":{},"M":true}})",
        sent_ms(event), symbol, trade.seq, price, quantity, time_ms(event), maker);
  }
}

void add_bar(std::string& text, const Event& event, const Texts& texts) {
  const Instrument& instrument = texts.instrument;
  const std::int64_t close_ms = event.ts_ns / kNsPerMs;
  add(text,
      R"({{"e":"kline","E":{},"s":"{}","k":{{"t":{},"T":{},"s":"{}","i":"{}","o":"{}","c":"{}","h":"{}","l":"{}","v":"{}","n":{},"x":true}}}})",
      close_ms, instrument.symbol, close_ms - instrument.bar_interval.value / kNsPerMs, close_ms - 1,
      instrument.symbol, format_interval(instrument.bar_interval), texts.price(event.bar.open),
      texts.price(event.bar.close), texts.price(event.bar.high), texts.price(event.bar.low),
      texts.quantity(event.bar.volume), event.trades);
}

const char* stream_of(const Event& event) {
  switch (event.kind) {
    case EventKind::book_change:
      return "depth";
    case EventKind::quote:
      return "bookTicker";
    case EventKind::trade:
      return event.has(kAggregate) ? "aggTrade" : "trade";
    default:
      return "kline";
  }
}

// Lines to a file, compressed or not.
class LineFile {
 public:
  LineFile(const std::filesystem::path& path, bool compress)
      : path_(path), file_(gzopen(path.c_str(), compress ? "wb6" : "wbT")) {
    if (!file_) fail();
  }
  void write(const std::string& text) {
    if (text.empty()) return;
    if (gzwrite(file_.get(), text.data(), static_cast<unsigned>(text.size())) !=
        static_cast<int>(text.size()))
      fail();
  }
  void close() {
    if (gzclose(file_.release()) != Z_OK) fail();
  }

 private:
  struct Close {
    void operator()(gzFile file) const { gzclose(file); }
  };
  [[noreturn]] void fail() const { throw IoFailure(path_.string() + ": cannot be written"); }

  std::filesystem::path path_;
  std::unique_ptr<gzFile_s, Close> file_;
};

// Puts events in the order of receipt and writes each message that is whole.
class MessageWriter {
 public:
  MessageWriter(LineFile& file, std::span<const Instrument> instruments, const CaptureWriteOptions& options)
      : file_(file),
        instruments_(instruments),
        options_(options),
        order_(EventOrder::receive, options.window_ns),
        open_(instruments.size()),
        sorted_(instruments.size()),
        room_(2048) {}

  void take(const Event& event) {
    if (event.kind == EventKind::session_mark || event.kind == EventKind::timer) {
      ++written_.left_out;
      return;
    }
    if (event.kind != EventKind::book_change) return sort({&event, 1});
    std::vector<Event>& message = open_[event.instrument];
    message.push_back(event);
    if (!event.has(kMessageEnd)) return;
    sort(message);
    message.clear();
  }

  CaptureWritten finish() {
    for (const auto& message : open_) {
      if (!message.empty())
        throw BadInput("book message " + std::to_string(message.front().book.seq), "one without its end",
                       "all of it");
    }
    order_.finish();
    write_sorted();
    return written_;
  }

  void write_sorted() {
    while (const std::size_t count = order_.pop(room_)) {
      for (const Event& event : std::span(room_).first(count)) add_sorted(event);
      file_.write(text_);
      text_.clear();
    }
  }

 private:
  void sort(std::span<const Event> message) {
    if (!order_.push(message))
      throw BadInput("receive time", std::to_string(message.front().recv_ns),
                     "one within " + std::to_string(options_.window_ns / 1'000'000'000) + " s of the newest");
  }

  void add_sorted(const Event& event) {
    if (event.kind != EventKind::book_change) return add_line({&event, 1});
    std::vector<Event>& message = sorted_[event.instrument];
    message.push_back(event);
    if (!event.has(kMessageEnd)) return;
    add_line(message);
    message.clear();
  }

  void add_line(std::span<const Event> message) {
    const Event& first = message.front();
    const Instrument& instrument = instruments_[first.instrument];
    const std::int64_t recv_ns = first.recv_ns - options_.recv_correction_ns;
    const bool is_body = first.kind == EventKind::book_change && first.has(kSnapshot);
    if (is_body && instruments_.size() > 1) {
      add(text_, "{}{} -> {}: ", depth_url(), instrument.symbol, format_steps(recv_ns, {1, 9}));
    } else {
      add(text_, "{} ", recv_ns);
    }
    if (!is_body) {
      add(text_, R"({{"stream":"{}@{}","data":)", lower_case(instrument.symbol), stream_of(first));
    }
    append_message(text_, message, instrument, options_.market);
    text_ += is_body ? "\n" : "}\n";
    ++written_.messages;
  }

  // A body does not name its symbol: among several its URL does.
  const char* depth_url() const {
    return options_.market == Market::usdm ? "https://fapi.binance.com/fapi/v1/depth?symbol="
                                           : "https://api.binance.com/api/v3/depth?symbol=";
  }

  LineFile& file_;
  std::span<const Instrument> instruments_;
  const CaptureWriteOptions& options_;
  ReorderBuffer order_;
  std::vector<std::vector<Event>> open_;    // of each instrument, the book message that is not whole yet
  std::vector<std::vector<Event>> sorted_;  // the same behind the sorting
  std::vector<Event> room_;
  std::string text_;
  CaptureWritten written_;
};

CaptureWritten write_file(const std::filesystem::path& path, bool compress, EventSource& source,
                          const CaptureWriteOptions& options,
                          const std::function<void(std::uint64_t)>& on_progress) {
  LineFile file(path, compress);
  MessageWriter writer(file, source.instruments(), options);
  std::vector<Event> room(2048);
  std::uint64_t count = 0;
  for (auto events = source.next(room); !events.empty(); events = source.next(room)) {
    for (const Event& event : events) writer.take(event);
    writer.write_sorted();
    count += events.size();
    if (on_progress) on_progress(count);
  }
  const CaptureWritten written = writer.finish();
  file.close();
  return written;
}

}  // namespace

void append_message(std::string& text, std::span<const Event> events, const Instrument& instrument,
                    Market market) {
  const Event& first = events.front();
  const Texts texts{instrument};
  const bool is_usdm = market == Market::usdm;
  switch (first.kind) {
    case EventKind::book_change:
      return first.has(kSnapshot) ? add_snapshot(text, events, texts)
                                  : add_depth(text, events, texts, is_usdm);
    case EventKind::quote:
      return add_quote(text, first, texts);
    case EventKind::trade:
      return add_trade(text, first, texts, is_usdm);
    case EventKind::bar:
      return add_bar(text, first, texts);
    case EventKind::timer:
    case EventKind::session_mark:
      return;
  }
}

CaptureWritten write_capture(const std::filesystem::path& path, EventSource& source,
                             const CaptureWriteOptions& options,
                             const std::function<void(std::uint64_t events)>& on_progress) {
  PartFile part(path);
  const bool compress = lower_case(path.extension().string()) == ".gz";
  const CaptureWritten written = write_file(part.path(), compress, source, options, on_progress);
  part.finish();
  return written;
}

}  // namespace hftsim::binance
