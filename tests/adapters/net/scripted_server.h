// A server in the test's process that does to its clients what a script says: answers, lies about lengths, drips,
// closes in the middle. On 127.0.0.1, a thread per connection.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace hftsim::test {

struct Reply {
  std::string bytes;     // everything, status line included
  bool close = false;    // after the bytes
  bool drip = false;     // byte by byte, 5 ms apart, as long as the client listens
  bool endless = false;  // the bytes again and again, as long as the client listens
};

// "HTTP/1.1 200 OK" with Content-Length; `fields` end in "\r\n" each.
Reply http_reply(unsigned status, const std::string& body, const std::string& fields = "");

// The target of a request ("/api/v3/time") to what is done; called by several threads, one at a time.
using Script = std::function<Reply(const std::string& target)>;

class ScriptedServer {
 public:
  // `certificate`: PEM of certificate and key, with which it speaks TLS; else plain HTTP.
  explicit ScriptedServer(Script script, const std::filesystem::path& certificate = {});
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  int port() const;
  // "http://127.0.0.1:PORT", or https with that host name.
  std::string url(const std::string& host = "127.0.0.1") const;
  int connections() const;  // accepted so far

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hftsim::test
