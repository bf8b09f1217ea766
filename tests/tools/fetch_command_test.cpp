// hftsim fetch as a user runs it, against a server of this process.
#include <gtest/gtest.h>

#include <cstring>

#include "adapters/bar_time.h"
#include "adapters/cache/bar_cache.h"
#include "tests/adapters/fetch/fake_exchange.h"
#include "tests/adapters/net/certificates.h"
#include "tests/adapters/net/scripted_server.h"
#include "tests/tools/cli.h"

namespace hftsim::test {
namespace {

const std::int64_t kStart = parse_time("2024-01-01");

// What a server sends of an answer.
Reply reply_of(const net::HttpResponse& response) {
  std::string fields;
  for (const net::HttpField& field : response.fields) fields += field.name + ": " + field.value + "\r\n";
  return http_reply(response.status, response.body, fields);
}

class FetchCommand : public CliTest {
 protected:
  FetchCommand() { exchange_.add_bars(kStart, 4'320); }

  std::string cache() const { return " --cache '" + (folder() / "cache").string() + "'"; }
  static std::string three_days() { return " --from 2024-01-01 --to 2024-01-04"; }
  std::string at(const ScriptedServer& server) const { return " --base-url " + server.url() + cache(); }

  void expect_all_cached() const {
    const BarCache cache(folder() / "cache");
    std::vector<Event> found, batch(1'000);
    const auto reader = cache.open({Market::spot, "BTCUSDT", kMinute}, {.policy = DataPolicy::skip});
    while (const std::size_t count = reader->read(batch)) {
      found.insert(found.end(), batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(count));
    }
    const std::vector<Event> wanted = exchange_.bars();
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      ASSERT_EQ(found[i].ts_ns, wanted[i].ts_ns);
      ASSERT_EQ(std::memcmp(&found[i].bar, &wanted[i].bar, sizeof found[i].bar), 0) << i;
    }
  }

  FakeExchange exchange_{"BTCUSDT", kMinute};
  Script truthful_ = [this](const std::string& target) {
    return reply_of(exchange_.answer(target));
  };
};

TEST_F(FetchCommand, FillsTheCacheAndSaysHow) {
  const ScriptedServer server(truthful_);
  const CliResult first = hftsim("fetch BTCUSDT 1m" + three_days() + at(server));
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_MENTIONS(first.out, "4320 missing, 4320 received, 4320 added");
  EXPECT_MENTIONS(first.out, "requests  7; 0 of them again");
  expect_all_cached();
  const int connections = server.connections();
  const CliResult second = hftsim("fetch BTCUSDT 1m" + three_days() + at(server));
  EXPECT_EQ(second.exit_code, 0) << second.err;
  EXPECT_MENTIONS(second.out, "nothing was asked for");
  EXPECT_EQ(server.connections(), connections);
}

TEST_F(FetchCommand, TakesDaysUpToTheExchangesNow) {
  exchange_.now_ns = kStart + 3 * kDay.value + 30 * kSecond.value;
  const ScriptedServer server(truthful_);
  const CliResult result = hftsim("fetch btcusdt 1m --days 3" + at(server));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_MENTIONS(result.out, "4320 received");
  const CliResult again = hftsim("fetch btcusdt 1m --days 3" + at(server));
  EXPECT_MENTIONS(again.out, "0 missing, 0 received");
}

TEST_F(FetchCommand, ComesThroughConnectionsThatBreakAndRefusals) {
  int nth = 0;
  const ScriptedServer server([&](const std::string& target) {
    ++nth;
    if (nth == 3) return http_reply(429, "{}", "Retry-After: 1\r\n");
    Reply reply = truthful_(target);
    if (nth == 5) reply = {.bytes = reply.bytes.substr(0, reply.bytes.size() / 2), .close = true};
    return reply;
  });
  const CliResult result = hftsim("fetch BTCUSDT 1m" + three_days() + at(server));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_MENTIONS(result.out, "2 of them again: 429 1, 418 0, 5xx 0, connection broken 1");
  expect_all_cached();
}

TEST_F(FetchCommand, GoesOnAfterCtrlCAndAfterKill) {
  for (const std::string signal : {"INT", "KILL"}) {
    const std::string cache_folder = " --cache 'cache-" + signal + "'";
    int nth = 0;
    const ScriptedServer stalling(
        [&](const std::string& target) { return ++nth > 4 ? Reply{""} : truthful_(target); });
    const CliResult cut = hftsim(
        "fetch BTCUSDT 1m --parallel 1" + three_days() + cache_folder + " --base-url " + stalling.url(),
        "timeout --foreground --preserve-status -s " + signal + " 3");
    if (signal == "INT") {
      EXPECT_EQ(cut.exit_code, 1);
      EXPECT_MENTIONS(cut.err, "interrupted; what came before is in the cache");
    }
    const ScriptedServer server(truthful_);
    const CliResult rest =
        hftsim("fetch BTCUSDT 1m" + three_days() + cache_folder + " --base-url " + server.url());
    EXPECT_EQ(rest.exit_code, 0) << rest.err;
    if (signal == "INT") {
      EXPECT_MENTIONS(rest.out, "2320 missing, 2320 received, 2320 added");
    }
    std::filesystem::remove_all(folder() / "cache");
    std::filesystem::rename(folder() / ("cache-" + signal), folder() / "cache");
    expect_all_cached();
  }
}

TEST_F(FetchCommand, RefusesAnUnknownSymbolWithTheNearest) {
  const ScriptedServer server(truthful_);
  const CliResult result = hftsim("fetch BTCUSD 1m" + three_days() + at(server));
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_MENTIONS(result.err, "no symbol 'BTCUSD' (did you mean BTCUSDT");
  EXPECT_FALSE(exists("cache"));
}

TEST_F(FetchCommand, RefusesArgumentsBeforeAnyRequestOrFile) {
  const ScriptedServer server(truthful_);
  for (const std::string arguments :
       {"'../../etc' 1m", "'A/B' 1m", "'A&limit=1' 1m", "BTCUSDT 7m", "BTCUSDT 1M", "BTCUSDT",
        "BTCUSDT 1m --trades", "BTCUSDT 1m --market coinm", "BTCUSDT 1s --market usdm", "BTCUSDT 1m --days 0",
        "BTCUSDT 1m --days -1", "BTCUSDT 1m --from x", "BTCUSDT 1m --from 2024-01-02 --to 2024-01-01",
        "BTCUSDT 1m --days 1 --from 2024-01-01", "BTCUSDT 1m --parallel 0",
        "BTCUSDT 1m --ca-file absent.pem"}) {
    const CliResult result = hftsim("fetch " + arguments + at(server));
    EXPECT_EQ(result.exit_code, 2) << arguments << result.err;
    EXPECT_FALSE(result.err.empty()) << arguments;
  }
  EXPECT_EQ(server.connections(), 0);
  EXPECT_FALSE(exists("cache"));
  EXPECT_EQ(hftsim("fetch BTCUSDT 1m --base-url http://api.binance.com" + cache()).exit_code, 2);
}

TEST_F(FetchCommand, RefusesATimeWithoutAWholeBarOrBefore1970) {
  const ScriptedServer server(truthful_);
  for (const std::string time :
       {"--from 2024-01-01T00:10 --to 2024-01-01T00:20", "--from 1969-12-31 --to 2024-01-01",
        "--to 1960-01-01 --days 36500", "--from 2024-01-01 --to 2200-01-01"}) {
    const CliResult result = hftsim("fetch BTCUSDT 1h " + time + at(server));
    EXPECT_EQ(result.exit_code, 2) << time << result.out;
    EXPECT_MENTIONS(result.err, "--");
  }
  EXPECT_EQ(server.connections(), 0);
  EXPECT_EQ(hftsim("fetch BTCUSDT 1m --to 1970-01-02 --days 36500" + at(server)).exit_code, 0);
}

TEST_F(FetchCommand, RefusesARedirectToAnotherHost) {
  const ScriptedServer server(
      [](const std::string&) { return http_reply(302, "", "Location: https://evil.com/\r\n"); });
  const CliResult result = hftsim("fetch BTCUSDT 1m" + three_days() + at(server));
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_MENTIONS(result.err, "a redirect to https://evil.com");
  EXPECT_FALSE(exists("cache"));
}

TEST_F(FetchCommand, BelievesTheAuthorityItIsGivenAndNoOtherHost) {
  Certificates certificates(folder());
  const std::string authority = " --ca-file '" + certificates.authority().string() + "'";
  const ScriptedServer server(truthful_, certificates.make("localhost.pem", {}));
  const std::string asked = "fetch BTCUSDT 1m" + three_days() + cache();
  const CliResult unknown = hftsim(asked + " --base-url " + server.url("localhost"));
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_MENTIONS(unknown.err, "a certificate that does not hold");
  const CliResult wrong_name = hftsim(asked + authority + " --base-url " + server.url("127.0.0.1"));
  EXPECT_EQ(wrong_name.exit_code, 2);
  EXPECT_FALSE(exists("cache"));
  const CliResult right = hftsim(asked + authority + " --base-url " + server.url("localhost"));
  EXPECT_EQ(right.exit_code, 0) << right.err;
  expect_all_cached();
}

TEST_F(FetchCommand, SaysSoonThatNobodyListens) {
  std::string url;
  {
    const ScriptedServer server(truthful_);
    url = server.url();
  }
  const CliResult result = hftsim("fetch BTCUSDT 1m" + three_days() + cache() + " --base-url " + url);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_MENTIONS(result.err, "gave up after 4 attempts");
}

}  // namespace
}  // namespace hftsim::test
