// How a message says what a user can set: the key of a run's config, or the option of a command.
#pragma once

#include <string>

namespace hftsim {

// "--set data.policy=skip" for a key of the config, "--policy skip" for an option.
inline std::string setting(const std::string& key, const std::string& value) {
  return key.starts_with("--") ? key + " " + value : "--set " + key + "=" + value;
}

}  // namespace hftsim
