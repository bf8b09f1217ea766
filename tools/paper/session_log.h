// A session's log: DIR/log, which is cut into pieces of 10 MiB of which five are kept; warnings and errors also go to
// stderr. Any thread.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "adapters/live/feed_options.h"

namespace spdlog {
class logger;
}

namespace hftsim {

using LogLine = live::LogLevel;  // the feed's lines are most of it

class SessionLog {
 public:
  // Told of every line, too; may be null.
  using Listener = std::function<void(LogLine level, const std::string& text)>;

  // Throws IoFailure where the file cannot be made.
  explicit SessionLog(const std::filesystem::path& file, Listener listener = {});
  ~SessionLog();

  void write(LogLine level, const std::string& text);
  void info(const std::string& text) { write(LogLine::info, text); }
  void warning(const std::string& text) { write(LogLine::warning, text); }
  void error(const std::string& text) { write(LogLine::error, text); }

 private:
  std::shared_ptr<spdlog::logger> logger_;
  Listener listener_;
};

std::string_view name_of(LogLine level);

}  // namespace hftsim
