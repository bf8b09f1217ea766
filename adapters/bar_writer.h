// Writes bars as the file that BarReader reads back: timestamp (when the bar opens), open, high, low, close,
// volume, trades.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "engine/runtime/event_source.h"

namespace hftsim {

// All bars of a source of one instrument, as Parquet or CSV by the name's ending (write_table); returns how many.
// `on_progress` hears the number written so far. Throws what write_table
// throws, and what the source throws.
std::uint64_t write_bars(const std::filesystem::path& path, EventSource& source,
                         const std::function<void(std::uint64_t bars)>& on_progress = {});

}  // namespace hftsim
