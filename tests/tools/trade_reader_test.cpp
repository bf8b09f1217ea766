#include "tools/trade_reader.h"

#include "tests/tools/cli.h"

namespace hftsim {
namespace {

constexpr double kStop = 95, kTarget = 110;

JournalRecord record_of(JournalKind kind, std::int64_t ts_ns, OrderId order, OrderId parent = 0) {
  JournalRecord record{};
  record.kind = kind;
  record.ts_ns = record.time_ns = ts_ns;
  record.order_id = order;
  record.parent_id = parent;
  return record;
}

JournalRecord report_of_order(ReportKind kind, std::int64_t ts_ns, OrderId order, OrderId parent, Side side) {
  JournalRecord record = record_of(JournalKind::report, ts_ns, order, parent);
  record.detail = static_cast<std::uint8_t>(kind);
  record.side = side;
  record.price = 100;
  record.quantity = 1;
  record.flags = kind == ReportKind::filled ? kOrderDone : 0;
  return record;
}

class TradeReaderTest : public test::CliTest {
 protected:
  // Order 1 is filled and opens `children`, the first of which is filled. The journal begins with `signals`.
  BracketExit exit_of_first(std::vector<JournalRecord> records, std::vector<OrderId> children) const {
    records.push_back(record_of(JournalKind::order, 1000, 1));
    records.push_back(report_of_order(ReportKind::filled, 1000, 1, 0, Side::buy));
    for (const OrderId child : children) {
      records.push_back(report_of_order(ReportKind::accepted, 1000, child, 1, Side::sell));
    }
    records.push_back(report_of_order(ReportKind::filled, 2000, children[0], 1, Side::sell));
    JournalFile file(folder() / "journal");
    file.write(records);
    file.close();
    Instrument instrument;
    instrument.symbol = "A";
    TradeReader reader(folder() / "journal", Money(1000), {&instrument, 1});
    EXPECT_EQ(reader.next()->bracket, BracketExit::none);
    return reader.next()->bracket;
  }

  static JournalRecord signal(double stop, double target) {
    JournalRecord record = record_of(JournalKind::signal, 1000, 0);
    record.price = target;
    record.quantity = stop;
    return record;
  }
};

TEST_F(TradeReaderTest, TellsTheFirstOfAPairAsTheStopWhateverTheSignal) {
  EXPECT_EQ(exit_of_first({signal(kStop, kTarget)}, {2, 3}), BracketExit::stop);
  EXPECT_EQ(exit_of_first({}, {2, 3}), BracketExit::stop);
}

TEST_F(TradeReaderTest, TellsASingleChildByTheSignalBehindItsEntry) {
  EXPECT_EQ(exit_of_first({signal(kStop, kNoPrice)}, {2}), BracketExit::stop);
  EXPECT_EQ(exit_of_first({signal(kNoPrice, kTarget)}, {2}), BracketExit::target);
}

TEST_F(TradeReaderTest, DoesNotGuessWhereNoSignalTells) {
  EXPECT_EQ(exit_of_first({}, {2}), BracketExit::unclear);
}

}  // namespace
}  // namespace hftsim
