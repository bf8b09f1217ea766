#include "tools/journal_extent.h"

#include <fmt/format.h>

#include "engine/core/clock.h"

namespace hftsim {

std::string JournalExtent::describe() const {
  std::string text = fmt::format("{} records", records);
  if (last) text += fmt::format(" up to {} UTC", format_utc(*last));
  return text + " can be read" + (tail.complete ? "" : ", then it is " + tail.describe());
}

JournalExtent extent_of_journal(const std::filesystem::path& path, RunHasher* hasher) {
  JournalFileReader reader(path);
  JournalExtent extent;
  for (auto records = reader.next(); !records.empty(); records = reader.next()) {
    extent.add(records);
    if (hasher != nullptr) hasher->add(records);
  }
  extent.tail = reader.tail();
  return extent;
}

}  // namespace hftsim
