#include "adapters/fetch/verdict.h"

#include <gtest/gtest.h>

namespace hftsim::fetch {
namespace {

net::HttpResponse with(const std::string& name, const std::string& value) {
  return {.status = 200, .fields = {{name, value}}, .body = ""};
}

TEST(Verdict, TellsWhatIsOverTheNextTime) {
  EXPECT_EQ(judge(200), Verdict::good);
  EXPECT_EQ(judge(429), Verdict::too_many);
  EXPECT_EQ(judge(418), Verdict::banned);
  for (const unsigned status : {408u, 500u, 502u, 503u, 504u, 599u})
    EXPECT_EQ(judge(status), Verdict::failing);
  for (const unsigned status : {100u, 201u, 204u, 304u, 400u, 401u, 403u, 404u, 451u, 600u}) {
    EXPECT_EQ(judge(status), Verdict::refused) << status;
  }
}

TEST(Verdict, ReadsSecondsToWaitWhereTheyAreANumber) {
  EXPECT_EQ(retry_after(with("retry-after", "30"))->value, 30 * kSecond.value);
  EXPECT_EQ(retry_after(with("Retry-After", "0"))->value, 0);
  EXPECT_EQ(retry_after(with("Retry-After", "9223372036854775807"))->value, 365 * kDay.value);
  for (const char* text :
       {"", "-1", "soon", "1.5", " 1", "Wed, 21 Oct 2015 07:28:00 GMT", "99999999999999999999"}) {
    EXPECT_FALSE(retry_after(with("Retry-After", text))) << text;
  }
  EXPECT_FALSE(retry_after({}));
}

TEST(Verdict, ReadsTheWeightUsed) {
  EXPECT_EQ(used_weight(with("x-mbx-used-weight-1m", "123")), 123);
  EXPECT_EQ(used_weight(with("X-MBX-USED-WEIGHT-1M", "99999999999")), std::nullopt);
  EXPECT_EQ(used_weight({}), std::nullopt);
}

}  // namespace
}  // namespace hftsim::fetch
