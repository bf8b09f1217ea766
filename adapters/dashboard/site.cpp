#include "adapters/dashboard/site.h"

#include <fmt/format.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <boost/beast/core/string.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <iterator>
#include <nlohmann/json.hpp>

#include "adapters/dashboard/page_policy.h"

namespace hftsim::dashboard {
namespace {

namespace http = boost::beast::http;
using http::field;
using nlohmann::json;

constexpr const char* kJson = "application/json";

struct Route {
  std::string_view target;
  http::verb method;
  bool is_open;      // to anyone, beyond loopback, too
  bool needs_token;  // on loopback, too
  bool is_browser;   // alone asks for it
};

constexpr std::array kRoutes{
    Route{"/", http::verb::get, true, false, false},
    Route{"/live", http::verb::get, false, false, true},
    Route{"/api/session", http::verb::get, false, false, false},
    Route{"/api/command", http::verb::post, false, true, false},
    Route{"/metrics", http::verb::get, false, false, false},
    Route{"/healthz", http::verb::get, false, false, false},
};

const Route* find_route(const Request& request) {
  const std::string_view target{request.target().data(), request.target().size()};
  const auto found = std::ranges::find(kRoutes, target, &Route::target);
  return found == kRoutes.end() ? nullptr : &*found;
}

bool says_json(const Request& request) {
  const std::string_view type = field_of(request, field::content_type);
  const std::string_view media = type.substr(0, std::min(type.find_first_of("; \t"), type.size()));
  return boost::beast::iequals({media.data(), media.size()}, kJson);
}

// {"command":"pause"} and nothing else.
std::optional<Command> parse_command(const std::string& body) {
  const json message = json::parse(body, nullptr, false);
  if (!message.is_object() || message.size() != 1 || !message.contains("command")) return std::nullopt;
  const json& name = message["command"];
  if (name == "pause") return Command::pause;
  if (name == "resume") return Command::resume;
  if (name == "flatten") return Command::flatten;
  if (name == "stop") return Command::stop;
  return std::nullopt;
}

}  // namespace

Site::Site(Content& content, Access& access, const ServerOptions& options, bool is_guarded)
    : hub(content, counts),
      content_(content),
      access_(access),
      options_(options),
      is_guarded_(is_guarded),
      policy_(content_security_policy(options.page)) {}

std::optional<Refusal> Site::check(const Request& request, const boost::asio::ip::address& reached) {
  if (const auto refusal = access_.check_host(request, reached)) return refusal;
  const Route* const route = find_route(request);
  if (route == nullptr) return Refusal::target;
  if (request.method() != route->method) return Refusal::method;
  if (is_live(request) && !boost::beast::websocket::is_upgrade(request)) return Refusal::upgrade;
  if (const auto refusal = access_.check_origin(request, route->is_browser)) return refusal;
  if (!route->needs_token && (!is_guarded_ || route->is_open)) return std::nullopt;
  return access_.check_token(is_live(request) ? offered_token(request) : bearer_token(request));
}

Response Site::respond(unsigned status, const char* type, std::string body) const {
  Response response(static_cast<http::status>(status), 11);
  response.set(field::server, "hftsim");
  response.set("Content-Security-Policy", policy_);
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Referrer-Policy", "no-referrer");
  response.set(field::cache_control, "no-store");
  if (!body.empty()) response.set(field::content_type, type);
  response.body() = std::move(body);
  response.keep_alive(false);  // a connection is for one request: none is ever taken for another's
  response.prepare_payload();
  return response;
}

Response Site::refuse(Refusal refusal) {
  counts.refuse(refusal);
  const RefusalText& text = text_of(refusal);
  Response response = respond(text.status, "text/plain; charset=utf-8", std::string(text.reason) + "\n");
  if (text.status == 401) response.set(field::www_authenticate, "Bearer");
  if (text.status == 405) response.set(field::allow, "GET, and POST of /api/command");
  if (text.status == 426) response.set(field::upgrade, "websocket");
  if (text.status == 429) response.set(field::retry_after, "60");
  return response;
}

Response Site::answer(const Request& request) {
  const std::string_view target = find_route(request)->target;
  if (target == "/") return respond(200, "text/html; charset=utf-8", options_.page);
  if (target == "/api/session") return respond(200, kJson, *hub.snapshot());
  if (target == "/api/command") return command(request);
  if (target == "/metrics") return metrics();
  return health();
}

Response Site::command(const Request& request) {
  if (!says_json(request)) return refuse(Refusal::content_type);
  const std::optional<Command> command = parse_command(request.body());
  if (!command) return refuse(Refusal::command);
  if (!content_.command(*command)) return refuse(Refusal::busy);
  ++counts.commands;
  return respond(204, kJson, "");
}

Response Site::metrics() const {
  std::vector<prometheus::MetricFamily> families = content_.metrics();
  std::ranges::move(counts.metrics(), std::back_inserter(families));
  return respond(200, "text/plain; version=0.0.4; charset=utf-8",
                 prometheus::TextSerializer().Serialize(families));
}

Response Site::health() const {
  const Health health = content_.health();
  const bool is_well = health.is_connected && health.is_recording;
  const json body = {
      {"ok", is_well},
      {"connected", health.is_connected},
      {"recording", health.is_recording},
      {"message_age_ms", health.message_age_ms ? json(*health.message_age_ms) : json(nullptr)}};
  return respond(is_well ? 200 : 503, kJson, body.dump() + "\n");
}

}  // namespace hftsim::dashboard
