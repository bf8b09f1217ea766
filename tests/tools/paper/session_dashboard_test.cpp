// What the dashboard's server is told of a session. The session itself over that server: tests/web/live_session.test.mjs.
#include "tools/paper/session_dashboard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

#include "engine/core/errors.h"
#include "tools/paper/session_metrics.h"
#include "web/dashboard_page.h"

namespace hftsim {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string refusal(const std::string& listen_at) {
  try {
    dashboard_options(listen_at, {});
  } catch (const BadInput& error) {
    return error.what();
  }
  return "";
}

TEST(SessionDashboard, ListensWhereTheOptionSays) {
  const dashboard::ServerOptions v4 = dashboard_options("127.0.0.1:8080", {"c.pem", "k.pem"});
  EXPECT_EQ(v4.address, "127.0.0.1");
  EXPECT_EQ(v4.port, 8080);
  EXPECT_EQ(v4.tls.certificate, "c.pem");
  EXPECT_EQ(v4.tls.key, "k.pem");
  EXPECT_EQ(v4.page, dashboard_page());
  const dashboard::ServerOptions v6 = dashboard_options("[::1]:0", {});
  EXPECT_EQ(v6.address, "::1");
  EXPECT_EQ(v6.port, 0);
  for (const char* listen_at :
       {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1", "8080"})
    EXPECT_THAT(refusal(listen_at), HasSubstr("--dashboard: got '" + std::string(listen_at) + "'"));
}

std::string metrics(const LiveStatus& status, const live::FeedHealth& feed, std::int64_t now_ns = 0) {
  return prometheus::TextSerializer().Serialize(session_metrics(status, feed, now_ns));
}

TEST(SessionMetrics, TellWhatTheSessionCounts) {
  LiveStatus status;
  status.state = SessionMark::pause;
  status.bars = 3, status.trades = 40, status.quotes = 500, status.book_changes = 6000;
  status.orders = 7, status.fills = 5;
  status.equity = 99'999.5;
  status.recording.dropped = 2;
  status.line_waits = 9;
  status.latency = {{.stage = "total", .count = 11, .p50_us = 2, .p99_us = 4, .p999_us = 8, .max_us = 16}};
  live::FeedHealth feed;
  feed.connected = true;
  feed.last_message_ns = 1'000'000'000;
  feed.reconnects = 1, feed.gaps = 2, feed.malformed = 3;
  const std::string text = metrics(status, feed, 3'500'000'000);
  for (const char* line :
       {"hftsim_events_total{kind=\"bar\"} 3\n", "hftsim_events_total{kind=\"trade\"} 40\n",
        "hftsim_events_total{kind=\"quote\"} 500\n", "hftsim_events_total{kind=\"book_change\"} 6000\n",
        "hftsim_orders_total 7\n", "hftsim_fills_total 5\n", "hftsim_equity 99999.5\n",
        "hftsim_trading_state{state=\"running\"} 0\n", "hftsim_trading_state{state=\"paused\"} 1\n",
        "hftsim_latency_blocks_total{stage=\"total\"} 11\n",
        "hftsim_latency_seconds{stage=\"total\",quantile=\"0.5\"} 2e-06\n", "hftsim_recording_ok 0\n",
        "hftsim_recording_dropped_total{what=\"event\"} 2\n", "hftsim_waits_total{thread=\"network\"} 9\n",
        "hftsim_feed_connected 1\n", "hftsim_feed_message_age_seconds 2.5\n",
        "hftsim_feed_reconnects_total 1\n", "hftsim_feed_gaps_total 2\n",
        "hftsim_feed_left_out_total{cause=\"malformed\"} 3\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(SessionMetrics, SayNothingOfWhatHasNotHappened) {
  const std::string text = metrics({}, {});
  EXPECT_THAT(text, HasSubstr("hftsim_feed_connected 0\n"));
  EXPECT_THAT(text, Not(HasSubstr("\nhftsim_feed_message_age_seconds ")));
  EXPECT_THAT(text, Not(HasSubstr("\nhftsim_equity ")));
}

}  // namespace
}  // namespace hftsim
