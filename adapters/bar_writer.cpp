#include "adapters/bar_writer.h"

#include <vector>

#include "adapters/parquet_writer.h"

namespace hftsim {
namespace {

std::vector<TableColumn> bar_columns() {
  return {{"timestamp", ColumnType::timestamp_ns},
          {"open", ColumnType::float64},
          {"high", ColumnType::float64},
          {"low", ColumnType::float64},
          {"close", ColumnType::float64},
          {"volume", ColumnType::float64},
          {"trades", ColumnType::int64}};
}

void put(RowBatch& batch, std::size_t row, const Event& bar, Duration interval) {
  batch.int64(0)[row] = (bar.ts() - interval).value;
  batch.float64(1)[row] = bar.bar.open;
  batch.float64(2)[row] = bar.bar.high;
  batch.float64(3)[row] = bar.bar.low;
  batch.float64(4)[row] = bar.bar.close;
  batch.float64(5)[row] = bar.bar.volume;
  batch.int64(6)[row] = bar.trades;
}

}  // namespace

std::uint64_t write_bars(const std::filesystem::path& path, EventSource& source,
                         const std::function<void(std::uint64_t bars)>& on_progress) {
  const Duration interval = source.instruments().front().bar_interval;
  std::vector<Event> events;
  std::uint64_t written = 0;
  return write_table(path, bar_columns(), [&](RowBatch& batch) {
    events.resize(batch.capacity());
    const std::size_t count = source.read(events);
    for (std::size_t row = 0; row < count; ++row) put(batch, row, events[row], interval);
    if (on_progress) on_progress(written += count);
    return count;
  });
}

}  // namespace hftsim
