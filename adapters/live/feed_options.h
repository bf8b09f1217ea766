// What a live feed is told: which instruments and streams, from where, from which point on, how patient it is.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/fetch/backoff.h"
#include "adapters/market.h"
#include "engine/core/instrument.h"
#include "engine/core/units.h"

namespace hftsim::live {

struct FeedStreams {
  bool klines = true;
  bool trades = true;          // aggTrade
  bool single_trades = false;  // trade in its place: each by itself; REST has none of them, a hole is a gap
  bool quotes = true;          // bookTicker
  bool depth = false;          // every 100 ms, on a snapshot by REST
};

struct FeedTimes {
  Duration connect = 10 * kSecond;        // resolving the name, then connecting
  Duration handshake = 10 * kSecond;      // of TLS, then of the websocket
  Duration stall = 10 * kSecond;          // without a byte, our ping unanswered: reconnect
  Duration silence = 60 * kSecond;        // without a message though pings are answered: reconnect
  Duration lifetime{85'800'000'000'000};  // 23 h 50 min: the exchange cuts after 24 h, so we do before
  Duration steady = 30 * kSecond;         // a connection that lived so long begins the backoff anew
  Duration patience{100'000'000};         // what is missing may still come by itself; then REST is asked
  Duration overdue = 5 * kSecond;         // the exchange's time beyond a bar's close, then it is missing
  Duration hole_settled = 10 * kMinute;   // a bar that REST lacks, again and again, so long after its close
  Duration ahead_max = 10 * kMinute;      // an event further beyond the exchange's time is refused
  fetch::BackoffOptions reconnect{};      // its attempts_max is not looked at: it goes on for ever
  fetch::BackoffOptions repair{
      .first = kSecond, .most = 30 * kSecond, .attempts_max = 5};  // attempts: of trades
};

struct FeedOptions {
  Market market = Market::spot;
  // "": the exchange's own of that market; a rest_url of "" beside a websocket_url is the same host and port. ws:// and
  // http:// go to this machine alone. Streams are appended: "ws://127.0.0.1:8080".
  std::string websocket_url, rest_url;
  std::filesystem::path ca_file;        // authorities besides the system's
  std::vector<Instrument> instruments;  // symbol, steps, bar_interval; an InstrumentId is a position in it
  FeedStreams streams;
  FeedTimes times;
  std::size_t message_bytes_max = 1024 * 1024;     // a longer one ends the connection
  std::uint64_t trade_hole_max = 100'000;          // a longer hole is not repaired: gap
  std::uint64_t seed = 0;                          // of the jitter
  const std::atomic<bool>* interrupted = nullptr;  // the user's Ctrl-C; may be null, outlives the feed
};

// From where on the streams have to be unbroken, per instrument; none, or an empty vector: from the first that comes.
struct FeedStart {
  std::vector<std::optional<Timestamp>> last_bar_close;
  std::vector<std::optional<std::uint64_t>> last_trade_id;
  std::int64_t last_recv_ns = 0;  // recv_ns begins behind it
};

// What has happened so far.
struct FeedHealth {
  bool connected = false;
  bool has_ended = false;            // by an exception of the sink's: last_trouble says which
  std::int64_t last_message_ns = 0;  // monotonic; 0: none yet
  std::uint64_t messages = 0, events = 0;
  std::uint64_t connections = 0;                   // websockets that opened
  std::uint64_t reconnects = 0;                    // of these, those behind the first
  std::uint64_t failed_attempts = 0;               // connections that did not open
  std::uint64_t stalls = 0, oversized = 0;         // why connections were given up
  std::uint64_t gaps = 0;                          // marks of something that will not come any more
  std::uint64_t repairs = 0, repair_failures = 0;  // requests by REST, and those without an answer of use
  std::uint64_t repaired_bars = 0, repaired_trades = 0;  // came by REST (kLate)
  std::uint64_t late_bars = 0;                           // came in time and waited for those before
  std::uint64_t snapshots = 0;                           // of books
  std::uint64_t duplicates = 0;                          // again, or older than what was there: left out
  std::uint64_t malformed = 0;                           // messages that were none
  std::uint64_t implausible = 0;                         // events of an impossible time or number: left out
  std::uint64_t unknown = 0;                             // messages of other streams
  std::string last_trouble;
};

enum class LogLevel : std::uint8_t { info, warning, error };
// Called on the feed's thread; may not throw.
using FeedLog = std::function<void(LogLevel level, const std::string& text)>;

}  // namespace hftsim::live
