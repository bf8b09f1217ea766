#include "engine/features/row_layout.h"

#include <algorithm>
#include <tuple>

namespace hftsim::features {
namespace {

constexpr std::uint32_t kUnplaced = UINT32_MAX;
constexpr std::uint32_t kSpill = 3;  // what a run of rungs may write beyond its last (node.h)

class Placer {
 public:
  explicit Placer(std::size_t series_count) { layout_.slot_of.assign(series_count, kUnplaced); }

  void place(Series x) {
    if (layout_.slot_of[x] == kUnplaced) layout_.slot_of[x] = layout_.width++;
  }
  void leave_room(std::uint32_t slots) { layout_.width += slots; }
  std::uint32_t slot(Series x) const { return layout_.slot_of[x]; }

  RowLayout finish() {
    for (Series x = 0; x < layout_.slot_of.size(); ++x) place(x);
    layout_.width = (layout_.width + kSpill + 7) / 8 * 8;
    return std::move(layout_);
  }

 private:
  RowLayout layout_;
};

void place_ladder(Placer& placer, std::vector<EntrySpec>& entries) {
  std::vector<Series> bases;
  for (const EntrySpec& entry : entries) {
    if (entry.window <= 3) bases.push_back(entry.in[0]);  // the shortest rungs stand on the series itself
  }
  std::sort(bases.begin(), bases.end());
  for (const Series base : bases) placer.place(base);

  std::stable_sort(entries.begin(), entries.end(),
                   [](const EntrySpec& a, const EntrySpec& b) { return a.window < b.window; });
  for (auto first = entries.begin(); first != entries.end();) {
    const auto past = std::find_if(first, entries.end(),
                                   [&](const EntrySpec& entry) { return entry.window != first->window; });
    std::sort(first, past, [&placer](const EntrySpec& a, const EntrySpec& b) {
      return placer.slot(a.in[0]) < placer.slot(b.in[0]);
    });
    for (auto entry = first; entry != past; ++entry) placer.place(entry->made[0]);
    placer.leave_room(kSpill);
    first = past;
  }
}

}  // namespace

RowLayout lay_out_rows(std::span<const SeriesSpec> series, std::vector<NodeSpec>& nodes) {
  Placer placer(series.size());
  for (NodeSpec& node : nodes) {
    if (is_ladder(node.op)) place_ladder(placer, node.entries);
  }
  return placer.finish();
}

}  // namespace hftsim::features
