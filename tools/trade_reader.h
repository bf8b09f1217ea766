// The fills of a run, read back from its journal, with what each did to the account.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "engine/core/instrument.h"
#include "engine/portfolio/account.h"
#include "replay/journal_file.h"
#include "tools/journal_extent.h"

namespace hftsim {

// Which order of a bracket filled. The journal holds no order types of the venue's own orders: a stop and a target
// are told apart by coming as a pair, stop first, or by the signal behind a single one; `unclear` where neither helps.
enum class BracketExit : std::uint8_t { none, stop, target, unclear };

struct Trade {
  JournalRecord fill;
  Money realized{0};  // by this fill, before fees
  bool closed_something = false;
  Quantity position_after{0};
  Money cash_after{0};
  // Why the order was sent where no signal asked for it: stop_loss, take_profit; none otherwise.
  Reason cause = Reason::none;
  BracketExit bracket = BracketExit::none;
  // After fees, where this fill ended a round trip.
  std::optional<Money> round_trip;
};

class TradeReader {
 public:
  // The account does the run's sums again, so `initial` and the instruments have to be the run's.
  TradeReader(const std::filesystem::path& journal, Money initial, std::span<const Instrument> instruments);

  // In the order they became known; none at the end. Throws BadInput for a fill of an instrument there is none.
  std::optional<Trade> next();

  // How far the journal could be read; whole after the last trade.
  JournalExtent extent() const {
    JournalExtent extent = extent_;
    extent.tail = reader_.tail();
    return extent;
  }

 private:
  // The last signal of an instrument and the order it became.
  struct Entry {
    JournalRecord signal{};
    OrderId order = 0;
  };

  std::optional<JournalRecord> next_fill();
  void follow(const JournalRecord& record);
  void follow_order(const JournalRecord& order);
  void follow_child(const JournalRecord& accepted);
  BracketExit exit_of_lone(const JournalRecord& accepted) const;
  void forget(OrderId order);

  std::filesystem::path journal_;
  JournalFileReader reader_;
  std::span<const JournalRecord> records_;
  JournalExtent extent_;
  Account account_;
  std::map<OrderId, Reason> causes_;      // of orders that are not done
  std::map<OrderId, BracketExit> exits_;  // of brackets' orders that are not done
  std::vector<Entry> entries_;            // by instrument
  JournalRecord last_child_{};
};

}  // namespace hftsim
