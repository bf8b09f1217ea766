// Browsers that watch: those that read, and those that do not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <deque>

#include "adapters/dashboard/send_queue.h"
#include "tests/adapters/dashboard/dashboard_bench.h"

namespace hftsim::dashboard {
namespace {

using namespace test;
using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::StartsWith;

std::uint64_t number_of(const std::string& message) {
  return std::stoull(message.substr(message.find(' ') + 1));
}

TEST(Live, ABrowserSeesASnapshotAndThenEveryUpdate) {
  DashboardBench bench({.update = 5ms});
  Browser browser(bench);
  const std::string first = browser.next();
  ASSERT_THAT(first, StartsWith("snapshot "));
  for (std::uint64_t i = 1; i <= 20; ++i)
    EXPECT_EQ(browser.next(), "update " + std::to_string(number_of(first) + i));
}

TEST(Live, SpeaksTheSubprotocolThatThePageOffers) {
  DashboardBench bench;
  const std::string upgrade =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: hftsim, token.x\r\nOrigin: " +
      bench.origin() + "\r\n";
  auto socket = bench.connected();
  boost::asio::write(
      socket, boost::asio::buffer("GET /live HTTP/1.1\r\nHost: " + bench.host() + "\r\n" + upgrade + "\r\n"));
  std::string answer;
  boost::asio::read_until(socket, boost::asio::dynamic_buffer(answer), "\r\n\r\n");
  EXPECT_EQ(status_of(answer), 101);
  EXPECT_EQ(field_of(answer, "Sec-WebSocket-Protocol"), "hftsim");
}

TEST(Live, ABrowserThatSaysSomethingIsNoneOfOurs) {
  DashboardBench bench({.update = 5ms});
  Browser browser(bench);
  browser.next();
  browser.socket().write(boost::asio::buffer(std::string(R"({"command":"stop"})")));
  while (!browser.next().empty()) {
  }
  EXPECT_THAT(bench.session.commands(), IsEmpty());
  while (bench.metric("hftsim_dashboard_browsers") > 0) {
  }
}

// The updates are large enough to fill what the system buffers for the one that does not read.
TEST(Live, OneOfTenThatDoesNotReadIsGivenUpAndTheOthersMissNothing) {
  DashboardBench bench({.updates_waiting = 200, .slow = 2s, .update = 50ms});
  bench.session.set_padding(64 * 1024);
  Browser stuck(bench, 4096);
  std::deque<Browser> readers;
  std::vector<std::uint64_t> seen;
  for (int i = 0; i < 9; ++i) {
    const std::string first = readers.emplace_back(bench).next();
    ASSERT_THAT(first, StartsWith("snapshot "));
    seen.push_back(number_of(first));
  }
  while (bench.metric("hftsim_dashboard_slow_browsers_total") == 0) {
    for (std::size_t i = 0; i < readers.size(); ++i)
      ASSERT_EQ(readers[i].next(), "update " + std::to_string(++seen[i]));
  }
  EXPECT_EQ(bench.metric("hftsim_dashboard_browsers"), 9);
}

TEST(Live, ABrowserThatFellBehindIsShownTheNewestSnapshot) {
  DashboardBench bench({.updates_waiting = 4, .slow = 1h, .update = 10ms});
  bench.session.set_padding(64 * 1024);
  Browser browser(bench);
  ASSERT_THAT(browser.next(), StartsWith("snapshot "));
  while (bench.metric("hftsim_dashboard_skipped_updates_total") < 50) {
  }
  std::uint64_t before = 0;
  std::string message = browser.next();
  for (; message.starts_with("update "); message = browser.next()) before = number_of(message);
  ASSERT_THAT(message, StartsWith("snapshot "));
  EXPECT_GT(number_of(message), before + 40);
  EXPECT_EQ(browser.next(), "update " + std::to_string(number_of(message) + 1));
}

TEST(Live, NothingIsMadeWhereNobodyWatches) {
  DashboardBench bench({.update = 1ms});
  {
    Browser browser(bench);
    while (browser.next() != "update 10") {
    }
  }
  while (bench.metric("hftsim_dashboard_browsers") > 0) {
  }
  const double updates = bench.metric("hftsim_dashboard_updates_total");
  for (int i = 0; i < 20; ++i) bench.get("/healthz");
  EXPECT_EQ(bench.metric("hftsim_dashboard_updates_total"), updates);
}

TEST(Live, ServerStopsWhileABrowserDoesNotRead) {
  DashboardBench bench({.updates_waiting = 4, .slow = 1h, .update = 5ms});
  bench.session.set_padding(64 * 1024);
  Browser stuck(bench, 4096);
  while (bench.metric("hftsim_dashboard_skipped_updates_total") == 0) {
  }
  bench.server().stop();
}

TEST(SendQueue, DropsWhatWaitsAndAsksForASnapshot) {
  CountedSession session;
  ServerCounts counts;
  LiveHub hub(session, counts);
  SendQueue queue(2);
  EXPECT_EQ(queue.add(std::make_shared<const std::string>("too early")), 1);
  EXPECT_THAT(*queue.take(hub), ::testing::HasSubstr("snapshot"));
  EXPECT_EQ(queue.take(hub), nullptr);
  const auto text = std::make_shared<const std::string>("update");
  EXPECT_EQ(queue.add(text), 0);
  EXPECT_EQ(queue.take(hub), text);
  EXPECT_EQ(queue.add(text) + queue.add(text), 0);
  EXPECT_EQ(queue.add(text), 3);
  EXPECT_EQ(queue.add(text), 1);
  EXPECT_THAT(*queue.take(hub), ::testing::HasSubstr("snapshot"));
  EXPECT_EQ(queue.take(hub), nullptr);
}

}  // namespace
}  // namespace hftsim::dashboard
