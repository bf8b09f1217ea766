#include "adapters/exchange/market_pump.h"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "adapters/net/pause.h"
#include "engine/core/clock.h"

namespace hftsim::exchange {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kPacedBatch = 1'024;  // then sockets have their turn
constexpr std::size_t kUnpacedBatch = 32;   // so that a backlog is noticed before it is long
constexpr Duration kLookAgain{20'000'000};  // streams that are sent every so often have their times too
constexpr Duration kForever = 3'600 * kSecond;

}  // namespace

MarketPump::MarketPump(asio::io_context& io, ServerContext& context, bool waits)
    : context_(context), timer_(io), waits_(waits) {
  context_.wake_pump = [this] {
    timer_.cancel();
  };
}

asio::awaitable<void> MarketPump::wait(Duration most) {
  boost::system::error_code woken;
  timer_.expires_after(std::chrono::nanoseconds(most.value));
  co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

asio::awaitable<void> MarketPump::run() {
  while (waits_ && !context_.has_subscribers()) co_await wait(kForever);
  context_.clock.start(monotonic_ns());
  if (context_.clock.is_paced()) {
    co_await run_paced();
  } else {
    co_await run_unpaced();
  }
}

// Behind the last event the clock goes on; nothing happens any more.
asio::awaitable<void> MarketPump::run_paced() {
  for (;;) {
    if (context_.feed.advance(context_.now_ns(), kPacedBatch) == kPacedBatch) {
      co_await asio::post(asio::use_awaitable);
      continue;
    }
    const std::optional<std::int64_t> next_ns = context_.feed.next_ns();
    if (!next_ns) co_return;
    const std::int64_t left_ns = context_.clock.real_ns_until(*next_ns, monotonic_ns());
    co_await wait(Duration(std::min(left_ns, kLookAgain.value)));
  }
}

asio::awaitable<void> MarketPump::run_unpaced() {
  while (context_.feed.next_ns()) {
    while (!context_.has_subscribers() || context_.is_backlogged()) co_await wait(kForever);
    for (std::size_t i = 0; i < kUnpacedBatch; ++i) {
      const std::optional<std::int64_t> next_ns = context_.feed.next_ns();
      if (!next_ns) break;
      context_.feed.advance(*next_ns, 1);
      context_.clock.see(*next_ns);
    }
    co_await asio::post(asio::use_awaitable);
  }
}

}  // namespace hftsim::exchange
