// A server that ends, stalls, refuses and lies at every stage of a connection: the feed says what happened, counts it,
// comes back, and goes on once the server is well.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "engine/core/errors.h"
#include "tests/adapters/live/feed_bench.h"
#include "tests/adapters/live/websocket_peer.h"
#include "tests/adapters/net/certificates.h"
#include "tests/replay/temporary_folder.h"

namespace hftsim::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Shake = std::function<void(WebsocketPeer& websocket, Peer& peer)>;

constexpr Duration kShort{300'000'000};

struct Fault {
  const char* name;
  Shake happens;
  const char* says;
  bool opens = false, is_stalled = false, is_oversized = false;
};

void serve_well(WebsocketPeer& websocket, std::uint64_t first_id) {
  if (!websocket.accept()) return;
  for (std::uint64_t id = first_id; id < first_id + 3; ++id) websocket.send_text(trade_text(id));
  websocket.attend();
}

std::string refusal(int status, const std::string& fields, const std::string& body) {
  return http_reply(static_cast<unsigned>(status), body, fields).bytes;
}

Shake refuses(int status, const std::string& fields = "", const std::string& body = "{}") {
  return [=](WebsocketPeer& websocket, Peer& peer) {
    websocket.hear_request();
    peer.send(refusal(status, fields, body));
    websocket.hear_request();
  };
}

// After the upgrade, those bytes; then it listens.
Shake sends(const std::string& bytes) {
  return [=](WebsocketPeer& websocket, Peer& peer) {
    websocket.accept();
    peer.send(bytes);
    websocket.attend();
  };
}

std::string frame(Opcode opcode, const std::string& payload, unsigned char reserved = 0) {
  return Frame{.opcode = opcode, .payload = payload, .reserved = reserved}.bytes();
}

void part_of_the_answer(WebsocketPeer& websocket, Peer& peer) {
  const std::string answer = websocket.hear_request().value_or("");
  peer.send(answer.substr(0, answer.size() / 2));
}

void PrintTo(const Fault& fault, std::ostream* out) {
  *out << fault.name;
}

class ConnectionFault : public ::testing::TestWithParam<Fault> {};

TEST_P(ConnectionFault, IsSaidCountedAndOvercome) {
  const Fault& fault = GetParam();
  RawServer server([&](Peer& peer, int nth) {
    WebsocketPeer websocket(peer);
    if (nth == 1) return fault.happens(websocket, peer);
    serve_well(websocket, 100);
  });
  FeedBench bench(server.port());
  bench.options.message_bytes_max = 2'000;
  if (fault.is_stalled) bench.options.times.stall = 3 * kShort;
  if (std::string_view(fault.says) == "took too long") bench.options.times.handshake = 3 * kShort;
  bench.run();
  ASSERT_TRUE(bench.comes_to([](const live::FeedHealth& health) {
    return health.messages >= 3 && health.connected;
  })) << bench.log();
  bench.feed->stop();
  const live::FeedHealth health = bench.feed->health();
  EXPECT_THAT(bench.log(), HasSubstr(fault.says));
  EXPECT_THAT(bench.log(), HasSubstr("; again in "));
  EXPECT_THAT(health.last_trouble, HasSubstr(fault.says));
  EXPECT_EQ(health.failed_attempts, fault.opens ? 0u : 1u);
  EXPECT_EQ(health.reconnects, fault.opens ? 1u : 0u);
  EXPECT_EQ(health.connections, fault.opens ? 2u : 1u);
  EXPECT_EQ(health.stalls, fault.is_stalled ? 1u : 0u);
  EXPECT_EQ(health.oversized, fault.is_oversized ? 1u : 0u);
  EXPECT_THAT(bench.trade_ids(), ElementsAre(100, 101, 102));
}

INSTANTIATE_TEST_SUITE_P(
    All, ConnectionFault,
    ::testing::Values(
        Fault{"EndsAfterAccept", [](WebsocketPeer&, Peer&) {}, "websocket handshake: "},
        Fault{"ResetsAfterAccept", [](WebsocketPeer&, Peer& peer) { peer.reset(); }, "reset by peer"},
        Fault{"EndsAfterTheRequest", [](WebsocketPeer& websocket, Peer&) { websocket.hear_request(); },
              "websocket handshake: "},
        Fault{"EndsInTheAnswer", part_of_the_answer, "websocket handshake: "},
        Fault{"StallsInTheAnswer",
              [](WebsocketPeer& websocket, Peer& peer) {
                part_of_the_answer(websocket, peer);
                peer.hold();
              },
              "took too long"},
        Fault{"NeverAnswers", [](WebsocketPeer&, Peer& peer) { peer.hold(); }, "took too long"},
        Fault{"Refuses403", refuses(403, "", std::string(20'000, '<')), "got status 403, expected a websocket"},
        Fault{"Refuses429", refuses(429, "Retry-After: 1\r\n"), "got status 429, expected a websocket"},
        Fault{"Refuses418", refuses(418, "Retry-After: soon\r\n"), "got status 418, expected a websocket"},
        Fault{"Refuses500", refuses(500), "got status 500, expected a websocket"},
        Fault{"RedirectsElsewhere", refuses(302, "Location: https://example.com/\r\n"), "got status 302"},
        Fault{"IsAWebsite", refuses(200, "", "<html>"), "got status 200, expected a websocket"},
        Fault{"AcceptsWithAnotherKey",
              [](WebsocketPeer& websocket, Peer& peer) {
                std::string answer = websocket.hear_request().value_or("");
                answer[answer.find("Accept: ") + 9] ^= 1;
                peer.send(answer);
                peer.hold();
              },
              "websocket handshake: "},
        Fault{"SpeaksNoHttp",
              [](WebsocketPeer& websocket, Peer& peer) {
                websocket.hear_request();
                peer.send(std::string(5'000, '\x16'));
              },
              "websocket handshake: "},
        Fault{"AnswersWithoutEnd",
              [](WebsocketPeer& websocket, Peer& peer) {
                websocket.hear_request();
                peer.send("HTTP/1.1 101 Switching Protocols\r\n");
                while (peer.send("X-Field: " + std::string(1'000, 'x') + "\r\n")) {
                }
              },
              "websocket handshake: "},
        Fault{"EndsAfterTheUpgrade", [](WebsocketPeer& websocket, Peer&) { websocket.accept(); },
              "the connection ended without a farewell", true},
        Fault{"ResetsAfterTheUpgrade",
              [](WebsocketPeer& websocket, Peer& peer) {
                websocket.accept();
                peer.reset();
              },
              "onnection reset by peer", true},
        Fault{"EndsInAFrame",
              [](WebsocketPeer& websocket, Peer& peer) {
                websocket.accept();
                const std::string bytes = Frame{.payload = trade_text(1)}.bytes();
                peer.send(bytes.substr(0, bytes.size() / 2));
              },
              "the connection ended without a farewell", true},
        Fault{"EndsBetweenFragments",
              [](WebsocketPeer& websocket, Peer&) {
                websocket.accept();
                websocket.send({.payload = "{", .is_last = false});
              },
              "the connection ended without a farewell", true},
        Fault{"IsHalfOpen",
              [](WebsocketPeer& websocket, Peer& peer) {
                websocket.accept();
                peer.hold();
              },
              "no sign of life", true, true},
        Fault{"StallsInAFrame",
              [](WebsocketPeer& websocket, Peer& peer) {
                websocket.accept();
                peer.send(frame(Opcode::text, trade_text(1)).substr(0, 50));
                peer.hold();
              },
              "no sign of life", true, true},
        Fault{"SendsReservedBits", sends(frame(Opcode::text, "{}", 3)), "reserved", true},
        Fault{"SendsCompressedFrames", sends(frame(Opcode::text, "\xaa\x56\x2a\x01", 4)), "reserved", true},
        Fault{"SendsAnUnknownOpcode", sends(frame(static_cast<Opcode>(3), "{}")), "opcode", true},
        Fault{"SendsMaskedFrames", sends(std::string("\x81\x82\x01\x02\x03\x04zz", 8)), "mask", true},
        Fault{"SendsAContinuationOfNothing", sends(frame(Opcode::continuation, "{}")), "continuation", true},
        Fault{"SendsALongPing", sends(frame(Opcode::ping, std::string(200, 'p'))), "size", true},
        Fault{"SendsGarbage", sends(std::string(100, '\xff')), "opcode", true},
        Fault{"SendsTextThatIsNone", sends(frame(Opcode::text, "{\"\xc3\x28\"}")), "payload", true},
        Fault{"SendsTooMuch", sends(frame(Opcode::text, std::string(2'001, ' '))), "a message of more than 2000 bytes", true, false, true},
        Fault{"AnnouncesTooMuch", sends(std::string("\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10)), "a message of more than 2000 bytes", true, false, true},
        Fault{"SendsTooMuchInPieces",
              [](WebsocketPeer& websocket, Peer&) {
                websocket.accept();
                const std::string piece(900, ' ');
                websocket.send({.payload = piece, .is_last = false});
                for (int i = 0; i < 3; ++i)
                  websocket.send({.opcode = Opcode::continuation, .payload = piece, .is_last = false});
                websocket.attend();
              },
              "a message of more than 2000 bytes", true, false, true},
        Fault{"Closes", sends(frame(Opcode::close, std::string("\x03\xf0policy\n", 9))), "closed by the server: 1008 policy", true},
        Fault{"ClosesWithoutACode", sends(frame(Opcode::close, "")), "closed by the server", true},
        Fault{"ClosesWithABadCode", sends(frame(Opcode::close, std::string("\x00\x01", 2))), "close", true}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(ConnectionFaults, AServerThatSaysWhenToComeBackIsLeftAloneUntilThen) {
  RawServer server([&](Peer& peer, int nth) {
    WebsocketPeer websocket(peer);
    if (nth == 1) return refuses(429, "Retry-After: 1\r\n")(websocket, peer);
    serve_well(websocket, 100);
  });
  FeedBench bench(server.port());
  bench.run();
  EXPECT_TRUE(bench.has_messages(3));
  EXPECT_THAT(bench.log(), HasSubstr("got status 429, expected a websocket; again in 1.0 s"));
}

// Conversations that are well formed, if unusual.
class Feed : public ::testing::Test {
 protected:
  // The bench with a server that talks so, once; afterwards it serves well.
  void run(const Shake& talk) {
    server_ = std::make_unique<RawServer>([talk](Peer& peer, int nth) {
      WebsocketPeer websocket(peer);
      if (nth > 1) return serve_well(websocket, 200);
      if (websocket.accept()) talk(websocket, peer);
    });
    bench_ = std::make_unique<FeedBench>(server_->port());
    bench_->run();
  }
  // The client's next frame of that kind.
  static std::string heard(WebsocketPeer& websocket, Opcode opcode) {
    while (const auto frame = websocket.hear()) {
      if (frame->opcode == opcode) return frame->payload;
    }
    return "(nothing)";
  }

  std::unique_ptr<RawServer> server_;
  std::unique_ptr<FeedBench> bench_;
};

TEST_F(Feed, JoinsFragmentsAndAnswersAPingBetweenThem) {
  std::promise<std::string> pong;
  run([&](WebsocketPeer& websocket, Peer&) {
    const std::string text = trade_text(1);
    websocket.send({.payload = text.substr(0, 10), .is_last = false});
    websocket.send({.opcode = Opcode::ping, .payload = "are you there?"});
    websocket.send({.opcode = Opcode::continuation, .payload = "", .is_last = false});
    websocket.send({.opcode = Opcode::continuation, .payload = text.substr(10)});
    pong.set_value(heard(websocket, Opcode::pong));
    websocket.attend();
  });
  EXPECT_TRUE(bench_->has_messages(1));
  EXPECT_EQ(pong.get_future().get(), "are you there?");
  bench_->feed->stop();
  EXPECT_THAT(bench_->trade_ids(), ElementsAre(1));
  EXPECT_EQ(bench_->feed->health().malformed, 0u);
}

TEST_F(Feed, TakesAFrameByteByByte) {
  run([](WebsocketPeer& websocket, Peer& peer) {
    for (const char byte : frame(Opcode::text, trade_text(1))) peer.send(std::string(1, byte));
    websocket.attend();
  });
  EXPECT_TRUE(bench_->has_messages(1));
  bench_->feed->stop();
  EXPECT_THAT(bench_->trade_ids(), ElementsAre(1));
}

TEST_F(Feed, CountsWhatIsNoMessageAndKeepsTheConnection) {
  run([](WebsocketPeer& websocket, Peer&) {
    websocket.send_text(trade_text(1));
    websocket.send({.opcode = Opcode::binary, .payload = std::string("\x00\xff\xfe{", 4)});
    websocket.send_text("");
    websocket.send_text("not JSON");
    websocket.send_text(trade_text(2).substr(0, 60));
    websocket.send({.opcode = Opcode::pong, .payload = "unasked"});
    websocket.send_text(trade_text(2));
    websocket.attend();
  });
  EXPECT_TRUE(bench_->has_messages(6));
  bench_->feed->stop();
  const live::FeedHealth health = bench_->feed->health();
  EXPECT_THAT(bench_->trade_ids(), ElementsAre(1, 2));
  EXPECT_EQ(health.malformed, 4u);
  EXPECT_EQ(health.connections, 1u);
}

TEST_F(Feed, GivesUpAConnectionThatIsAliveAndSilent) {
  server_ = std::make_unique<RawServer>([](Peer& peer, int nth) {
    WebsocketPeer websocket(peer);
    serve_well(websocket, 10 * static_cast<std::uint64_t>(nth));
  });
  bench_ = std::make_unique<FeedBench>(server_->port());
  bench_->options.times.silence = kShort;
  bench_->run();
  EXPECT_TRUE(bench_->has_messages(6));
  bench_->feed->stop();
  EXPECT_GE(bench_->feed->health().stalls, 1u);
  EXPECT_THAT(bench_->log(), HasSubstr("no message for too long"));
  EXPECT_GE(bench_->marks(SessionMark::disconnected), 1u);
}

TEST_F(Feed, ComesBackBeforeTheExchangeCutsIt) {
  server_ = std::make_unique<RawServer>([](Peer& peer, int nth) {
    WebsocketPeer websocket(peer);
    serve_well(websocket, 10 + 3 * static_cast<std::uint64_t>(nth));
  });
  bench_ = std::make_unique<FeedBench>(server_->port());
  bench_->options.times.lifetime = kShort;
  bench_->run();
  EXPECT_TRUE(bench_->has_messages(6));
  bench_->feed->stop();
  const live::FeedHealth health = bench_->feed->health();
  EXPECT_GE(health.reconnects, 1u);
  EXPECT_EQ(health.failed_attempts, 0u);
  EXPECT_EQ(health.stalls, 0u);
  EXPECT_THAT(bench_->log(), HasSubstr("before the exchange's 24 hours are over"));
  EXPECT_EQ(bench_->trade_ids()[3], 16u);
}

TEST_F(Feed, SaysFarewellWhenItStops) {
  std::promise<std::string> farewell;
  run([&](WebsocketPeer& websocket, Peer&) {
    websocket.send_text(trade_text(1));
    farewell.set_value(heard(websocket, Opcode::close));
  });
  EXPECT_TRUE(bench_->has_messages(1));
  bench_->feed->stop();
  EXPECT_EQ(farewell.get_future().get(), std::string("\x03\xe8", 2));  // 1000
}

TEST(FeedAddresses, AskForTheStreamsOfEverySymbol) {
  std::promise<std::string> target;
  RawServer server([&](Peer& peer, int) {
    WebsocketPeer websocket(peer);
    if (websocket.accept()) target.set_value(websocket.target());
    websocket.attend();
  });
  FeedBench bench(server.port());
  bench.options.instruments.push_back(live_instrument("ETHUSDT"));
  bench.options.streams.depth = true;
  bench.options.streams.quotes = false;
  bench.run();
  EXPECT_EQ(target.get_future().get(),
            "/stream?streams=btcusdt@kline_1m/btcusdt@aggTrade/btcusdt@depth@100ms/"
            "ethusdt@kline_1m/ethusdt@aggTrade/ethusdt@depth@100ms");
}

// An address at which nobody is.
TEST(FeedAddresses, AreTriedAgainWhereNobodyAnswers) {
  int port = 0;
  {
    RawServer gone([](Peer&, int) {});
    port = gone.port();
  }
  FeedBench bench(port);
  bench.run();
  EXPECT_TRUE(bench.comes_to([](const live::FeedHealth& health) { return health.failed_attempts >= 3; }));
  EXPECT_THAT(bench.log(), HasSubstr("connecting: Connection refused; again in "));
}

TEST(FeedAddresses, AreRefusedWhereTheServerHasNothingThere) {
  RawServer server([](Peer& peer, int) {
    WebsocketPeer websocket(peer);
    refuses(404)(websocket, peer);
  });
  FeedBench bench(server.port());
  EXPECT_THROW(
      try { bench.run(); } catch (const BadInput& error) {
        EXPECT_THAT(error.what(), HasSubstr("got status 404, expected a websocket"));
        throw;
      },
      BadInput);
}

class FeedTls : public ::testing::Test {
 protected:
  // How a server with such a certificate is refused at the first connection.
  std::string complaint(const CertificateOptions& certificate, const std::filesystem::path& authority) {
    RawServer server(
        [](Peer& peer, int) {
          WebsocketPeer websocket(peer);
          if (peer.shake_hands()) serve_well(websocket, 1);
        },
        certificates_.make("server.pem", certificate));
    FeedBench bench(server.port());
    bench.options.websocket_url = "wss://localhost:" + std::to_string(server.port());
    bench.options.ca_file = authority;
    try {
      bench.run();
    } catch (const BadInput& error) {
      EXPECT_EQ(bench.feed->health().failed_attempts, 1u);
      return error.what();
    }
    return "believed";
  }

  TemporaryFolder folder_;
  Certificates certificates_{folder_.path()};
};

TEST_F(FeedTls, BelievesACertificateOfItsAuthority) {
  EXPECT_EQ(complaint({}, certificates_.authority()), "believed");
}

TEST_F(FeedTls, RefusesCertificatesThatDoNotHoldAndSaysWhy) {
  const std::filesystem::path authority = certificates_.authority();
  EXPECT_THAT(complaint({.from_s = -7200, .to_s = -3600}, authority), HasSubstr("expired"));
  EXPECT_THAT(complaint({.from_s = 3600, .to_s = 7200}, authority), HasSubstr("not yet valid"));
  EXPECT_THAT(complaint({.name = "stream.binance.com"}, authority), HasSubstr("ostname mismatch"));
  EXPECT_THAT(complaint({.self_signed = true}, authority), HasSubstr("self-signed"));
  EXPECT_THAT(complaint({}, ""), HasSubstr("got a certificate that does not hold"));
}

// What holds at first may not later: it is tried again until it does.
TEST_F(FeedTls, GoesOnThroughFailuresOfTheHandshake) {
  const std::filesystem::path certificate = certificates_.make("server.pem", {});
  RawServer server(
      [](Peer& peer, int nth) {
        WebsocketPeer websocket(peer);
        if (nth == 1) return;  // ends before
        if (nth == 2) {        // ends within
          peer.read(20);
          return;
        }
        if (nth == 3) {  // speaks no TLS
          peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
          return peer.hold();
        }
        if (peer.shake_hands() && nth > 4) serve_well(websocket, 1);  // 4: ends behind it
      },
      certificate);
  FeedBench bench(server.port());
  bench.options.websocket_url = "wss://localhost:" + std::to_string(server.port());
  bench.options.ca_file = certificates_.authority();
  bench.run();
  EXPECT_TRUE(bench.has_messages(3)) << bench.log();
  bench.feed->stop();
  EXPECT_EQ(bench.feed->health().failed_attempts, 4u);
  EXPECT_THAT(bench.log(), HasSubstr("TLS handshake: "));
  EXPECT_THAT(bench.trade_ids(), ElementsAre(1, 2, 3));
}

}  // namespace
}  // namespace hftsim::test
