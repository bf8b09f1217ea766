#include "adapters/net/url.h"

#include <gtest/gtest.h>

#include "engine/core/errors.h"

namespace hftsim::net {
namespace {

Url parse(std::string_view text) {
  return parse_url(text, "--base-url");
}

TEST(Url, TakesApartSchemeHostPortAndTarget) {
  const Url url = parse("HTTPS://Api.Binance.com:8443/mirror/v3?limit=5&a=%20");
  EXPECT_TRUE(url.tls);
  EXPECT_EQ(url.host, "api.binance.com");
  EXPECT_EQ(url.port, 8443);
  EXPECT_EQ(url.target, "/mirror/v3?limit=5&a=%20");
  EXPECT_EQ(url.origin(), "https://api.binance.com:8443");
}

TEST(Url, KnowsTheSchemesPorts) {
  EXPECT_EQ(parse("https://a.b").port, 443);
  EXPECT_EQ(parse("https://a.b").authority(), "a.b");
  EXPECT_EQ(parse("https://a.b").target, "/");
  EXPECT_EQ(parse("https://a.b?x=1").target, "/?x=1");
  EXPECT_EQ(parse("http://localhost").port, 80);
}

TEST(Url, TakesAddressesOfBothKinds) {
  EXPECT_EQ(parse("https://10.0.0.1:8080/").authority(), "10.0.0.1:8080");
  EXPECT_EQ(parse("http://[::1]:8080/").host, "::1");
  EXPECT_EQ(parse("http://[::1]:8080/").authority(), "[::1]:8080");
}

TEST(Url, SpeaksPlainHttpWithThisMachineAlone) {
  for (const char* text :
       {"http://localhost:1", "http://127.0.0.1:1", "http://127.9.9.9", "http://[::1]:1"}) {
    EXPECT_FALSE(parse(text).tls) << text;
  }
  for (const char* text :
       {"http://api.binance.com", "http://127.0.0.1.evil.com", "http://127.0.0.256", "http://10.0.0.1",
        "http://localhost.evil.com", "http://127.0.0.1.", "http://[::2]"}) {
    EXPECT_THROW(parse(text), BadInput) << text;
  }
}

TEST(Url, RefusesWhatIsNone) {
  for (const char* text : {"",
                           "api.binance.com",
                           "ftp://a.b",
                           "https://",
                           "https:///path",
                           "https://user:pass@a.b",
                           "https://user@a.b",
                           "https://a b",
                           "https://a.b/ c",
                           "https://a.b/#part",
                           "https://a.b/%2",
                           "https://a.b/%zz",
                           "https://a..b",
                           "https://-a.b",
                           "https://a-.b",
                           "https://a.b:0",
                           "https://a.b:65536",
                           "https://a.b:",
                           "https://a.b:80x",
                           "https://a.b:-1",
                           "https://[::1",
                           "https://[zz::]",
                           "https://[::1]x",
                           "https://a.b\r\nX: y",
                           "https://a_b.c",
                           "https://a.b/\x7f",
                           "https://a.b/\xc3\xa4",
                           "https://a.b/<>"}) {
    EXPECT_THROW(parse(text), BadInput) << text;
  }
  EXPECT_THROW(parse("https://a.b/" + std::string(3000, 'x')), BadInput);
  EXPECT_THROW(parse("https://" + std::string(64, 'x') + ".com"), BadInput);
}

TEST(Url, NamesThePlaceAndTheValueItRefuses) {
  try {
    parse("http://api.binance.com");
    FAIL();
  } catch (const BadInput& error) {
    EXPECT_EQ(std::string(error.what()),
              "--base-url: got 'http://api.binance.com', expected https://; plain http:// goes to this "
              "machine alone");
  }
}

}  // namespace
}  // namespace hftsim::net
