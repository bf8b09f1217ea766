// What a live feed makes of the messages it receives, without knowing the network: texts and answers of REST go in, the
// events of an unbroken session come out, and it says what has to be asked for. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/binance/message_parser.h"
#include "adapters/binance/symbol_table.h"
#include "adapters/live/bar_sequencer.h"
#include "adapters/live/depth_sequencer.h"
#include "adapters/live/feed_clock.h"
#include "adapters/live/feed_options.h"
#include "adapters/live/quote_filter.h"
#include "adapters/live/repair_request.h"
#include "adapters/live/repair_timer.h"
#include "adapters/live/trade_sequencer.h"
#include "engine/core/rng.h"
#include "engine/runtime/feed_sink.h"

namespace hftsim::live {

class MarketStream {
 public:
  // `sink` outlives this. Clocks: at the beginning. All later times are monotonic.
  MarketStream(const FeedOptions& options, const FeedStart& start, FeedSink& sink, AskRest ask, FeedLog log,
               std::int64_t wall_ns, std::int64_t monotonic_ns);

  void connected(std::int64_t now_ns);
  void disconnected(std::int64_t now_ns);
  // One websocket message, whose last byte was there at that time.
  void message(std::string_view text, std::int64_t read_ns);
  void answer(const RepairAnswer& answer, std::int64_t now_ns);
  // Every 50 ms or so: asks for what is missing.
  void poll(std::int64_t now_ns);

  bool is_connected() const { return is_connected_; }
  // Adds what is counted here.
  void add_to(FeedHealth& health) const;

 private:
  // One instrument's streams.
  struct Streams {
    BarSequencer bars;
    TradeSequencer trades;
    DepthSequencer book;
    QuoteFilter quotes;
    RepairTimer bars_timer, trades_timer, book_timer;
    bool asks_for_bars = false;  // those of the time without a connection, which nothing shows yet
    int denials = 0;             // answers in a row without the bar that is due
  };

  void dispatch(const binance::ParsedMessage& parsed);
  void rehearse(std::int64_t now_ns);
  bool is_plausible(std::int64_t before_ns, std::int64_t now_ns);
  void take_bar(Streams& streams);
  void take_quote(Streams& streams);
  void hand_out(std::int64_t read_ns, std::int64_t parsed_ns);
  void mark_all(SessionMark mark, std::int64_t now_ns);
  void refuse(std::string_view text, const char* why, std::int64_t now_ns);
  void poll(Streams& streams, InstrumentId id, std::int64_t now_ns);
  void send(const RepairRequest& request);
  void take_bars(Streams& streams, const RepairAnswer& answer, std::int64_t now_ns);
  void take_trades(Streams& streams, const RepairAnswer& answer, std::int64_t now_ns);
  void take_book(Streams& streams, const RepairAnswer& answer, std::int64_t now_ns);
  void give_up_trades(Streams& streams, InstrumentId id);

  FeedTimes times_;
  binance::MessageKind trade_kind_;
  std::vector<Instrument> instruments_;
  FeedSink& sink_;
  AskRest ask_;
  FeedLog log_;
  binance::SymbolTable symbols_;
  binance::MessageParser parser_;
  RandomStream random_;
  ReceiveClock clock_;
  TimeGuard guard_;
  std::vector<Streams> streams_;
  std::vector<Event> message_, out_;
  std::string bar_text_;  // the last closed bar's
  bool is_connected_ = false;
  bool owes_marks_ = false;  // connected, and no time of the exchange's is known to date it by
  bool asks_for_time_ = false;
  std::int64_t time_asked_ns_ = 0, logged_ns_ = 0;
  std::uint64_t unlogged_ = 0;  // refused messages
  FeedHealth counts_;
};

}  // namespace hftsim::live
