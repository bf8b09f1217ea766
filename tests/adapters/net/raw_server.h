// A server in the test's process whose connections are in the test's hands, byte by byte. On 127.0.0.1, a thread per
// connection.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hftsim::test {

// The client's end of one connection. What fails says so by its result; after a failure the conversation is over.
class Peer {
 public:
  virtual ~Peer() = default;

  // TLS from now on, where the server has a certificate; else nothing.
  virtual bool shake_hands() = 0;
  virtual bool send(std::string_view bytes) = 0;
  virtual std::optional<std::string> read(std::size_t bytes) = 0;
  // Up to and with `end`.
  virtual std::optional<std::string> read_until(const std::string& end) = 0;
  // Says and hears nothing until the server ends.
  virtual void hold() = 0;
  // The connection ends with a reset instead of a farewell.
  virtual void reset() = 0;
  virtual bool server_ends() const = 0;
};

// Talks to one client; `nth` connection, from 1. The connection is closed when it returns.
using Conversation = std::function<void(Peer& peer, int nth)>;

class RawServer {
 public:
  // `certificate`: PEM of certificate and key.
  explicit RawServer(Conversation conversation, const std::filesystem::path& certificate = {});
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  int port() const;
  int connections() const;  // accepted so far

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hftsim::test
