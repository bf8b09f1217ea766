#include "tools/recording_output.h"

#include <vector>

#include "adapters/lower_case.h"
#include "adapters/table_target.h"
#include "engine/core/errors.h"
#include "replay/part_file.h"
#include "tools/build_info.h"

namespace hftsim {

bool names_recording(const std::filesystem::path& path) {
  return lower_case(path.extension().string()) == ".hfr";
}

void require_free_recording(const std::filesystem::path& path, bool force,
                            std::span<const std::filesystem::path> inputs) {
  if (!names_recording(path)) throw BadInput("--out", "'" + path.string() + "'", "a name that ends in .hfr");
  if (std::filesystem::is_directory(path)) throw BadInput("--out", path.string() + ", a directory", "a file");
  require_free_file(path, force, inputs);
}

std::uint64_t write_recording(const std::filesystem::path& path, EventSource& source, RecordingHeader header,
                              RecordingOptions options,
                              const std::function<void(std::uint64_t events)>& on_progress) {
  PartFile part(path);
  header.instruments.assign(source.instruments().begin(), source.instruments().end());
  header.created_by = "hftsim " + version();
  RecordingWriter writer(File::create(part.path()), std::move(header), options);
  std::vector<Event> room(4096);
  for (auto events = source.next(room); !events.empty(); events = source.next(room)) {
    writer.append(events);
    if (on_progress) on_progress(writer.event_count());
  }
  writer.close();
  part.finish();
  return writer.event_count();
}

}  // namespace hftsim
