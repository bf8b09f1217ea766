// Market events as tables, one for each kind, and as lines of JSON: everything that an event says, both clocks
// too, and its number in the recording, so that the tables can be put together again.
//
// Prices and quantities are given twice: as the nearest double of the decimal, for reading, and as the integer
// count of steps (price_ticks, quantity_lots), which is exact. A bar's timestamp is when it opened, as in every
// file of bars; of the others, when they happened at the exchange.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "adapters/parquet_writer.h"
#include "engine/core/instrument.h"
#include "engine/runtime/event_source.h"

namespace hftsim {

// "bar", "trade", "quote", "book_change", "session_mark", "timer".
std::string_view name_of(EventKind kind);
// Throws BadInput(place, ...) with the known names.
EventKind parse_event_kind(std::string_view name, const std::string& place);

std::vector<TableColumn> event_columns(EventKind kind);

using EventProgress = std::function<void(std::uint64_t events)>;

// The events of `kind` among all that the source gives, as Parquet or CSV by the name's ending; returns how many.
// Throws what write_table and the source throw.
std::uint64_t write_event_table(const std::filesystem::path& path, EventSource& source, EventKind kind,
                                const EventProgress& on_progress = {});

// Every event as one line of JSON; prices and quantities as text, exactly. Returns how many. The file appears
// under its name when it is complete. Throws IoFailure, and what the source throws.
std::uint64_t write_event_lines(const std::filesystem::path& path, EventSource& source,
                                const EventProgress& on_progress = {});

}  // namespace hftsim
