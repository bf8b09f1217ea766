// Programs of ours as processes of their own.
#pragma once

#include <filesystem>
#include <string>

#include "tests/tools/running_command.h"

namespace hftsim::test {

// `hftsim ARGUMENTS`.
class RunningProgram : public RunningCommand {
 public:
  explicit RunningProgram(const std::string& arguments, const std::filesystem::path& folder = ".")
      : RunningCommand(std::string("'") + HFTSIM_PROGRAM + "' " + arguments, folder) {}
};

// hftsim exchange, whose first line says where.
class RunningExchange : public RunningProgram {
 public:
  explicit RunningExchange(const std::string& arguments) : RunningProgram("exchange " + arguments, "/tmp") {
    const std::string line = first_line();
    url_ = line.substr(line.rfind(' ') + 1);
  }
  const std::string& url() const { return url_; }  // "http://127.0.0.1:8080"
  std::string websocket_url() const { return "ws" + url_.substr(url_.find(':')); }

 private:
  std::string url_;
};

}  // namespace hftsim::test
