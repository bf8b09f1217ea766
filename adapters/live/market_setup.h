// What a session asks the exchange for before its feed starts: the grids of its symbols, and the bars so far.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "adapters/fetch/rest_session.h"
#include "adapters/market.h"
#include "adapters/net/stop_signal.h"
#include "engine/core/event.h"
#include "engine/core/instrument.h"

namespace hftsim::live {

// The symbols as instruments, in their order: ticks, lots and the smallest order as the exchange has them, the steps
// those of the decimals it writes. Throws BadInput with the nearest symbols for an unknown one, and for one named twice.
std::vector<Instrument> discover_instruments(fetch::RestSession& session, Market market,
                                             std::span<const std::string> symbols, Duration interval);

// The last `bars` bars of an instrument that had closed when the exchange was asked, oldest first; fewer where it was
// listed later or has holes. `cache_root`: what is there is not asked for, and what is asked for is kept; "": no cache.
// `stop`: the session's; throws net::Interrupted where it is told.
std::vector<Event> fetch_history(fetch::RestSession& session, Market market, const Instrument& instrument,
                                 InstrumentId id, std::size_t bars, const std::filesystem::path& cache_root,
                                 net::StopSignal& stop);

}  // namespace hftsim::live
