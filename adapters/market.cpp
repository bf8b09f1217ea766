#include "adapters/market.h"

#include "adapters/readable_text.h"
#include "engine/core/errors.h"

namespace hftsim {

std::string_view name_of(Market market) {
  return market == Market::spot ? "spot" : "usdm";
}

Market parse_market(std::string_view name, const std::string& place) {
  for (const Market market : {Market::spot, Market::usdm}) {
    if (name == name_of(market)) return market;
  }
  throw BadInput(place, "'" + readable_text(name, 64) + "'", "spot or usdm");
}

}  // namespace hftsim
