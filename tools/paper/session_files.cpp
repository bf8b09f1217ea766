#include "tools/paper/session_files.h"

#include <nlohmann/json.hpp>

#include "engine/core/errors.h"

namespace hftsim {

namespace fs = std::filesystem;

std::string FeedAddress::describe() const {
  return std::string(name_of(market)) + " " + (url.empty() ? "Binance" : url);
}

SessionFiles SessionFiles::open(const fs::path& folder) {
  SessionFiles files(RunDirectory::open(folder));
  if (!fs::exists(files.address())) {
    throw BadInput("--resume", folder.string() + ", which has no session.json",
                   "the folder of a session of hftsim paper");
  }
  return files;
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
