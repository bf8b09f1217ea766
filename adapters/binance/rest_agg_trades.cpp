#include "adapters/binance/rest_agg_trades.h"

#include <array>

#include "adapters/binance/rest_json.h"

namespace hftsim::binance {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr const char* kExpectation = "an array of objects with a, p, q, f, l, T, m";
constexpr std::string_view kFields = "apqflTm";
constexpr std::array<const char*, 7> kFieldNames = {"a", "p", "q", "f", "l", "T", "m"};
constexpr std::uint64_t kTimeMsMax = 4'600'000'000'000;
constexpr std::int64_t kNsPerMs = 1'000'000;

class Reader {
 public:
  Reader(const Instrument& instrument, std::uint64_t id_min, std::size_t rows_max, RestPlace& place)
      : instrument_(instrument), id_min_(id_min), rows_max_(rows_max), place_(place) {}

  void add(ondemand::object object) {
    ++place_.row;
    if (trades_.size() == rows_max_)
      place_.refuse("one more", fmt::format("{} at most, as asked for", rows_max_));
    trade_ = {};
    trade_.kind = EventKind::trade;
    unsigned seen = 0;
    for (ondemand::field field : object) {
      const std::string_view key = field.unescaped_key();
      const std::size_t index = key.size() == 1 ? kFields.find(key[0]) : kFields.npos;
      if (index == kFields.npos) continue;  // spot has "M" beside them
      place_.field = kFieldNames[index];
      if (seen & 1u << index) place_.refuse("it twice", "once");
      seen |= 1u << index;
      read(key[0], field.value());
    }
    place_.field = "";
    if (seen != (1u << kFields.size()) - 1) place_.refuse("not all fields", "a, p, q, f, l, T, m");
    keep();
  }

  std::vector<Event> take() { return std::move(trades_); }

 private:
  void read(char key, ondemand::value value) {
    switch (key) {
      case 'a':
        trade_.trade.seq = value.get_uint64();
        break;
      case 'p':
        trade_.trade.price_ticks = steps(value.get_string(), instrument_.price_step);
        break;
      case 'q':
        trade_.trade.quantity_lots = steps(value.get_string(), instrument_.quantity_step);
        break;
      case 'f':
        trade_.trade.id_first = value.get_uint64();
        break;
      case 'l':
        trade_.trade.id_last = value.get_uint64();
        break;
      case 'T':
        trade_.ts_ns = trade_.recv_ns = time_ns(value.get_uint64());
        break;
      default:
        if (value.get_bool()) trade_.flags |= kBuyerIsMaker;
    }
  }

  std::int64_t steps(std::string_view text, DecimalStep step) const {
    const std::optional<std::int64_t> steps = parse_steps(text, step);
    if (!steps || *steps < 0) {
      place_.refuse("'" + std::string(text) + "'",
                    fmt::format("a decimal as text, a multiple of {}", step.value(1)));
    }
    return *steps;
  }

  std::int64_t time_ns(std::uint64_t ms) const {
    if (ms > kTimeMsMax) place_.refuse(std::to_string(ms), "a time in milliseconds");
    return static_cast<std::int64_t>(ms) * kNsPerMs;
  }

  void keep() {
    const std::uint64_t id = trade_.trade.seq;
    if (id < id_min_)
      place_.refuse(fmt::format("id {}", id), fmt::format("{} or later, as asked for", id_min_));
    if (trade_.trade.id_first > trade_.trade.id_last) {
      place_.refuse(fmt::format("trades {} to {}", trade_.trade.id_first, trade_.trade.id_last),
                    "first to last");
    }
    if (!trades_.empty()) {
      const Event& before = trades_.back();
      if (id <= before.trade.seq)
        place_.refuse(fmt::format("id {}", id), fmt::format("one above {}", before.trade.seq));
      if (trade_.ts_ns < before.ts_ns) {
        place_.refuse(fmt::format("time {}", trade_.ts_ns / kNsPerMs),
                      fmt::format("{} or later", before.ts_ns / kNsPerMs));
      }
    }
    trades_.push_back(trade_);
  }

  const Instrument& instrument_;
  std::uint64_t id_min_;
  std::size_t rows_max_;
  RestPlace& place_;
  Event trade_{};
  std::vector<Event> trades_;
};

}  // namespace

std::vector<Event> parse_agg_trades(std::string_view body, const Instrument& instrument, std::uint64_t id_min,
                                    std::size_t rows_max, const std::string& url) {
  RestPlace place{.url = url, .item = "trade"};
  Reader reader(instrument, id_min, rows_max, place);
  read_rest_json(body, place, kExpectation, [&](ondemand::document& document) {
    ondemand::array rows = document.get_array();
    for (ondemand::object row : rows) reader.add(row);
    place.row = 0;
  });
  return reader.take();
}

}  // namespace hftsim::binance
