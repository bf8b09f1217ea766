// Whom the client believes: header adapters/net/tls_context.h.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "adapters/net/http_client.h"
#include "adapters/net/net_errors.h"
#include "tests/adapters/net/certificates.h"
#include "tests/adapters/net/scripted_server.h"
#include "tests/replay/temporary_folder.h"

namespace hftsim::net {
namespace {

using test::CertificateOptions;
using test::http_reply;
using test::ScriptedServer;
using ::testing::HasSubstr;

class Tls : public ::testing::Test {
 protected:
  std::string body_from(const ScriptedServer& server, TlsContext& tls, const std::string& host) {
    return HttpClient(parse_url(server.url(host), "test"), tls, stop_).get("/").body;
  }

  // The refusal of a server with such a certificate.
  std::string refusal(const CertificateOptions& options, const std::string& host = "localhost") {
    ScriptedServer server(script_, certificates_.make("server.pem", options));
    TlsContext tls(certificates_.authority());
    try {
      body_from(server, tls, host);
    } catch (const BadInput& error) {
      return error.what();
    }
    ADD_FAILURE() << "was believed";
    return "";
  }

  TemporaryFolder folder_;
  test::Certificates certificates_{folder_.path()};
  StopSignal stop_;
  test::Script script_ = [](const std::string&) {
    return http_reply(200, "secret");
  };
};

TEST_F(Tls, BelievesACertificateOfItsAuthorityForTheHost) {
  ScriptedServer named(script_, certificates_.make("name.pem", {}));
  ScriptedServer numbered(script_, certificates_.make("address.pem", {.name = "127.0.0.1"}));
  TlsContext tls(certificates_.authority());
  EXPECT_EQ(body_from(named, tls, "localhost"), "secret");
  EXPECT_EQ(body_from(numbered, tls, "127.0.0.1"), "secret");
}

TEST_F(Tls, RefusesAnotherHostsCertificate) {
  EXPECT_THAT(refusal({.name = "api.binance.com"}), HasSubstr("ostname mismatch"));
  EXPECT_THAT(refusal({.name = "localhost"}, "127.0.0.1"), HasSubstr("IP address mismatch"));
}

TEST_F(Tls, RefusesExpiredAndFutureCertificates) {
  EXPECT_THAT(refusal({.from_s = -7200, .to_s = -3600}), HasSubstr("expired"));
  EXPECT_THAT(refusal({.from_s = 3600, .to_s = 7200}), HasSubstr("not yet valid"));
}

TEST_F(Tls, RefusesCertificatesThatNobodyKnownSigned) {
  EXPECT_THAT(refusal({.self_signed = true}), HasSubstr("self-signed"));
  ScriptedServer server(script_, certificates_.make("server.pem", {}));
  TlsContext without_our_authority;
  EXPECT_THROW(body_from(server, without_our_authority, "localhost"), BadInput);
}

TEST_F(Tls, RefusesAServerThatSpeaksPlainHttp) {
  ScriptedServer server([](const std::string&) { return http_reply(200, "x"); });
  TlsContext tls;
  HttpClient client(parse_url("https://127.0.0.1:" + std::to_string(server.port()), "test"), tls, stop_,
                    {.handshake = std::chrono::milliseconds(300)});
  EXPECT_THROW(client.get("/"), ConnectionBroken);
}

TEST_F(Tls, RefusesAnAuthorityFileWithoutCertificates) {
  EXPECT_THROW(TlsContext(folder_.path() / "absent.pem"), BadInput);
  std::ofstream(folder_.path() / "empty.pem") << "nothing\n";
  EXPECT_THROW(TlsContext(folder_.path() / "empty.pem"), BadInput);
}

}  // namespace
}  // namespace hftsim::net
