#include "tools/paper/session_files.h"

#include <nlohmann/json.hpp>

#include "engine/core/errors.h"

namespace hftsim {

namespace fs = std::filesystem;

std::string FeedAddress::describe() const {
  return std::string(name_of(market)) + " " + (url.empty() ? "Binance" : url);
}

namespace {

constexpr const char* kAddress = "session.json";

// In a folder that holds something else nothing is made before that was said.
std::unique_ptr<const SessionLock> lock_to_begin(const fs::path& folder, bool force) {
  const bool holds_run = fs::exists(folder / "config.toml");
  std::error_code ignored;  // RunDirectory tells it
  fs::create_directories(folder, ignored);
  return std::make_unique<const SessionLock>(folder, holds_run && !force ? LockFile::found : LockFile::made);
}

}  // namespace

SessionFiles::SessionFiles(const fs::path& folder, bool force)
    : lock_(lock_to_begin(folder, force)), run_(folder, force) {}

SessionFiles SessionFiles::open(const fs::path& folder) {
  if (fs::is_directory(folder) && !fs::exists(folder / kAddress)) {
    throw BadInput("--resume", folder.string() + ", which has no session.json",
                   "the folder of a session of hftsim paper");
  }
  auto lock = std::make_unique<const SessionLock>(folder, LockFile::made);
  const fs::path journal = folder / "journal";
  std::error_code none;  // what begin() was killed before
  if (fs::exists(folder / "config.toml") && !fs::exists(journal)) fs::rename(part_of(journal), journal, none);
  return {std::move(lock), RunDirectory::open(folder)};
}

void SessionFiles::begin(const std::string& config, const FeedAddress& address) const {
  fs::rename(part_of(recording(address)), recording(address));
  keep(address);
  write_text_file(run_.config(), config);
  fs::rename(part_of(run_.journal()), run_.journal());
}

void SessionFiles::go_on(const FeedAddress& address) const {
  fs::rename(part_of(recording(address)), recording(address));
  fs::rename(part_of(run_.journal()), run_.journal());
}

fs::path SessionFiles::recording(const FeedAddress& address) const {
  return address.recording.empty() ? path() / "session.hfr" : fs::path(address.recording);
}

void SessionFiles::keep(const FeedAddress& address) const {
  const nlohmann::ordered_json json = {
      {"market", name_of(address.market)}, {"url", address.url},     {"rest_url", address.rest_url},
      {"ca_file", address.ca_file},        {"depth", address.depth}, {"recording", address.recording}};
  write_text_file(this->address(), json.dump(2) + "\n");
}

FeedAddress SessionFiles::read_address() const {
  const std::string place = address().string();
  try {
    const auto json = nlohmann::json::parse(read_text_file(address()));
    FeedAddress found;
    found.market = parse_market(json.at("market").get<std::string>(), place + ": market");
    found.url = json.at("url").get<std::string>();
    found.rest_url = json.at("rest_url").get<std::string>();
    found.ca_file = json.at("ca_file").get<std::string>();
    found.depth = json.at("depth").get<bool>();
    found.recording = json.at("recording").get<std::string>();
    return found;
  } catch (const nlohmann::json::exception& error) {
    throw BadInput(place + " is not what hftsim paper writes: " + error.what());
  }
}

}  // namespace hftsim
