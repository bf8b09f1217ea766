#include "tools/paper/session_log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "engine/core/errors.h"

namespace hftsim {
namespace {

constexpr std::size_t kFileBytes = std::size_t{10} << 20, kFiles = 5;

spdlog::level::level_enum level_of(LogLine level) {
  return level == LogLine::info      ? spdlog::level::info
         : level == LogLine::warning ? spdlog::level::warn
                                     : spdlog::level::err;
}

}  // namespace

std::string_view name_of(LogLine level) {
  return level == LogLine::info ? "info" : level == LogLine::warning ? "warning" : "error";
}

SessionLog::SessionLog(const std::filesystem::path& file, Listener listener)
    : listener_(std::move(listener)) {
  try {
    auto rotating =
        std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file.string(), kFileBytes, kFiles - 1);
    auto terminal = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    terminal->set_level(spdlog::level::warn);
    terminal->set_pattern("hftsim: %v");
    rotating->set_formatter(std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %l %v",
                                                                        spdlog::pattern_time_type::utc));
    logger_ = std::make_shared<spdlog::logger>("session", spdlog::sinks_init_list{rotating, terminal});
  } catch (const spdlog::spdlog_ex& error) {
    throw IoFailure(file.string() + " cannot be made: " + error.what());
  }
  logger_->flush_on(spdlog::level::info);
  logger_->set_error_handler([](const std::string&) {});  // a full disk ends no session
}

SessionLog::~SessionLog() = default;

void SessionLog::write(LogLine level, const std::string& text) {
  logger_->log(level_of(level), "{}", text);
  if (listener_) listener_(level, text);
}

}  // namespace hftsim
