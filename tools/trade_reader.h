// The fills of a run, read back from its journal, with what each did to the account.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>

#include "engine/core/instrument.h"
#include "engine/portfolio/account.h"
#include "replay/journal_file.h"

namespace hftsim {

struct Trade {
  JournalRecord fill;
  Money realized{0};  // by this fill, before fees
  bool closed_something = false;
  Quantity position_after{0};
  Money cash_after{0};
  // Why the order was sent where no signal asked for it: stop_loss, take_profit; none otherwise.
  Reason cause = Reason::none;
};

class TradeReader {
 public:
  // The account does the run's sums again, so `initial` and the instruments have to be the run's.
  TradeReader(const std::filesystem::path& journal, Money initial, std::span<const Instrument> instruments);

  // In the order they became known; none at the end. Throws BadInput for a fill of an instrument there is none.
  std::optional<Trade> next();

 private:
  std::optional<JournalRecord> next_fill();
  void follow_order(const JournalRecord& record);

  std::filesystem::path journal_;
  JournalFileReader reader_;
  std::span<const JournalRecord> records_;
  Account account_;
  std::size_t instruments_;
  std::map<OrderId, Reason> causes_;  // of orders that are not done
};

}  // namespace hftsim
