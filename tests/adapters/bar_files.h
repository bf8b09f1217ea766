// Small files of bars for the tests, and what reading them gives.
#pragma once

#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/errors.h"
#include "engine/runtime/event_source.h"
#include "tests/replay/temporary_folder.h"

namespace hftsim {

// A folder of its own per test, gone with it.
class BarFiles : public ::testing::Test {
 protected:
  std::filesystem::path path(std::string_view name) const { return folder_.path() / name; }

  std::filesystem::path write(std::string_view name, std::string_view text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }
  std::filesystem::path write_gzip(std::string_view name, std::string_view text) const {
    gzFile file = gzopen(path(name).c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    return path(name);
  }

 private:
  TemporaryFolder folder_;
};

inline std::vector<Event> read_all(EventSource& source, std::size_t block = 256) {
  std::vector<Event> events, batch(block);
  while (const std::size_t count = source.read(batch)) {
    events.insert(events.end(), batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return events;
}

// The message of the BadInput that `action` throws; "" and a failure where it throws none.
template <class Action>
std::string refusal(const Action& action) {
  try {
    action();
  } catch (const BadInput& error) {
    return error.what();
  }
  ADD_FAILURE() << "no BadInput";
  return "";
}

#define EXPECT_MENTIONS(message, part) EXPECT_NE((message).find(part), std::string::npos) << (message)

}  // namespace hftsim
