#include "adapters/fetch/retrying_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <functional>

#include "adapters/net/net_errors.h"
#include "tests/adapters/fetch/fake_clock.h"

namespace hftsim::fetch {
namespace {

using ::testing::HasSubstr;

// Gives one prepared answer after the other; the last one for ever.
class PreparedGetter : public net::HttpGetter {
 public:
  std::deque<std::function<net::HttpResponse()>> answers;
  int asked = 0;

  net::HttpResponse get(const std::string&) override {
    ++asked;
    const auto answer = answers.front();
    if (answers.size() > 1) answers.pop_front();
    return answer();
  }
  std::string url(const std::string& target) const override { return "https://x" + target; }
};

std::function<net::HttpResponse()> says(unsigned status, const std::string& body,
                                        const std::string& name = "X", const std::string& value = "") {
  return [=] {
    return net::HttpResponse{.status = status, .fields = {{name, value}}, .body = body};
  };
}

net::HttpResponse breaks() {
  throw net::ConnectionBroken("https://x/t: reading: connection closed");
}

class RetryingClientTest : public ::testing::Test {
 protected:
  std::string get() { return client_.get("/t", 5); }

  net::StopSignal stop_;
  test::FakeClock clock_{stop_};
  RequestGate gate_{100, clock_};
  PreparedGetter getter_;
  RetryingClient client_{getter_, gate_, {}, 1};
};

TEST_F(RetryingClientTest, GivesTheBodyAndCounts) {
  getter_.answers = {says(200, "body", "X-MBX-USED-WEIGHT-1M", "42")};
  EXPECT_EQ(get(), "body");
  EXPECT_EQ(gate_.counts().requests, 1u);
  EXPECT_EQ(gate_.counts().retries, 0u);
  EXPECT_EQ(gate_.counts().weight_used_max, 42);
}

TEST_F(RetryingClientTest, WaitsAsLongAsA429Says) {
  getter_.answers = {says(429, "", "Retry-After", "17"), says(200, "body")};
  EXPECT_EQ(get(), "body");
  EXPECT_EQ(clock_.slept().value, 17 * kSecond.value);
  EXPECT_EQ(gate_.counts().too_many, 1u);
}

TEST_F(RetryingClientTest, WaitsAfterA429ThatSaysNothingToo) {
  getter_.answers = {says(429, ""), says(429, "", "Retry-After", "0"), says(200, "body")};
  EXPECT_EQ(get(), "body");
  EXPECT_GT(clock_.slept().value, kSecond.value / 2);
  EXPECT_LE(clock_.slept().value, 3 * kSecond.value / 2);
}

TEST_F(RetryingClientTest, MakesTheOthersWaitWithIt) {
  getter_.answers = {says(429, "", "Retry-After", "17"), says(200, "body")};
  const std::int64_t before_ns = clock_.now_ns();
  EXPECT_EQ(get(), "body");
  PreparedGetter other;
  other.answers = {says(418, "", "Retry-After", "30"), says(200, "other")};
  RetryingClient second(other, gate_, {}, 2);
  EXPECT_EQ(second.get("/t", 5), "other");
  EXPECT_EQ(clock_.now_ns() - before_ns, 47 * kSecond.value);
}

TEST_F(RetryingClientTest, StaysAwayAsLongAsABanLasts) {
  getter_.answers = {says(418, "", "Retry-After", "300"), says(418, ""), says(200, "body")};
  EXPECT_EQ(get(), "body");
  EXPECT_EQ(clock_.slept().value, (300 + 120) * kSecond.value);
  EXPECT_EQ(gate_.counts().banned, 2u);
}

TEST_F(RetryingClientTest, DoesNotWaitForDays) {
  getter_.answers = {says(418, "", "Retry-After", "259200")};
  try {
    get();
    FAIL();
  } catch (const IoFailure& error) {
    EXPECT_THAT(error.what(), HasSubstr("come back in 259200 s"));
  }
  EXPECT_EQ(getter_.asked, 1);
}

TEST_F(RetryingClientTest, TriesAgainAfterTheExchangesTroublesAndBrokenConnections) {
  getter_.answers = {says(503, ""), breaks, says(500, "<html>"), breaks, says(200, "body")};
  EXPECT_EQ(get(), "body");
  EXPECT_EQ(gate_.counts().requests, 5u);
  EXPECT_EQ(gate_.counts().failing, 2u);
  EXPECT_EQ(gate_.counts().broken, 2u);
}

TEST_F(RetryingClientTest, GivesUpWhereItDoesNotEnd) {
  getter_.answers = {breaks};
  try {
    get();
    FAIL();
  } catch (const IoFailure& error) {
    EXPECT_THAT(error.what(), HasSubstr("gave up after 8 attempts; https://x/t: reading: connection closed"));
  }
  EXPECT_EQ(getter_.asked, 8);
  EXPECT_EQ(gate_.counts().retries, 7u);
}

TEST_F(RetryingClientTest, SaysAtOnceWhatWillNotChange) {
  getter_.answers = {says(400, R"({"code":-1121,"msg":"Invalid symbol."})")};
  try {
    get();
    FAIL();
  } catch (const Refused& error) {
    EXPECT_EQ(error.code(), binance::kInvalidSymbol);
    EXPECT_EQ(std::string(error.what()),
              "https://x/t: got status 400, code -1121, Invalid symbol., expected status 200");
  }
  getter_.answers = {says(403, "<html>\x1b[2J")};
  EXPECT_THROW(get(), Refused);
  EXPECT_EQ(getter_.asked, 2);
}

TEST_F(RetryingClientTest, WaitsForTheNextMinuteWhereTheWeightIsUsedUp) {
  getter_.answers = {says(200, "body", "X-MBX-USED-WEIGHT-1M", "80")};
  get();
  const std::int64_t minute_ns = clock_.now_ns() / kMinute.value;
  get();
  EXPECT_EQ(clock_.now_ns(), (minute_ns + 1) * kMinute.value);
  EXPECT_EQ(gate_.counts().waits, 1u);
}

TEST_F(RetryingClientTest, StopsWhenToldTo) {
  getter_.answers = {[this] {
    stop_.request();
    return net::HttpResponse{.status = 503, .fields = {}, .body = ""};
  }};
  EXPECT_THROW(get(), net::Interrupted);
  EXPECT_EQ(getter_.asked, 1);
}

}  // namespace
}  // namespace hftsim::fetch
