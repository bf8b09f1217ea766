#include "adapters/binance/rest_klines.h"

#include <algorithm>
#include <limits>

#include "adapters/binance/rest_json.h"
#include "adapters/parse_number.h"

namespace hftsim::binance {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr const char* kExpectation = "an array of klines, each an array of 12 values";
constexpr std::int64_t kNsPerMs = 1'000'000;

bool is_plain_decimal(std::string_view text) {
  const std::size_t digits =
      static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; }));
  return digits > 0 && (digits == text.size() || (digits + 1 == text.size() && text.find('.') != text.npos));
}

// One row, value after value.
class Row {
 public:
  Row(ondemand::array row, RestPlace& place) : place_(place), at_(row.begin()), end_(row.end()) {}

  double decimal(const char* field) {
    const std::string_view text = next(field).get_string();
    double value = 0;
    if (!is_plain_decimal(text) || !parse_number(text, value)) {
      place_.refuse("'" + std::string(text) + "'", "a decimal as text: \"61800.30\"");
    }
    return value;
  }

  std::int64_t integer(const char* field, std::int64_t most) {
    const std::int64_t value = next(field).get_int64();
    if (value < 0 || value > most) place_.refuse(std::to_string(value), fmt::format("0 to {}", most));
    return value;
  }

  void end() {
    place_.field = "";
    ++at_;
    if (at_ == end_) return;
    static_cast<void>(ondemand::value(*at_));  // throws where it is no value but broken JSON
    place_.refuse("a value more", "12 values");
  }

 private:
  ondemand::value next(const char* field) {
    if (started_) ++at_;
    started_ = true;
    place_.field = field;
    if (at_ == end_) place_.refuse("the end of the row", "12 values");
    return *at_;
  }

  RestPlace& place_;
  ondemand::array_iterator at_, end_;
  bool started_ = false;
};

class Reader {
 public:
  Reader(const KlinesQuery& query, RestPlace& place) : query_(query), place_(place) {}

  void add(ondemand::array values) {
    ++place_.row;
    if (bars_.size() == query_.rows_max) {
      place_.refuse("one more", fmt::format("{} at most, as asked for", query_.rows_max));
    }
    Row row(values, place_);
    const std::int64_t open_ns = open_time(row);
    BarBody body{};
    body.open = row.decimal("open");
    body.high = row.decimal("high");
    body.low = row.decimal("low");
    body.close = row.decimal("close");
    body.volume = row.decimal("volume");
    row.integer("close time", kTimeMsMax);  // off the grid where the exchange had an outage
    row.decimal("quote volume");
    const std::int64_t trades = row.integer("trades", std::numeric_limits<std::uint32_t>::max());
    row.decimal("taker buy volume");
    row.decimal("taker buy quote volume");
    row.decimal("last value");
    row.end();
    bars_.push_back(
        make_bar(Timestamp(open_ns + query_.interval_ns), 0, body, static_cast<std::uint32_t>(trades)));
  }

  std::vector<Event> take() { return std::move(bars_); }

 private:
  static constexpr std::int64_t kTimeMsMax = 4'600'000'000'000;

  std::int64_t open_time(Row& row) {
    const std::int64_t ms = row.integer("open time", kTimeMsMax);
    const std::int64_t ns = ms * kNsPerMs;
    if (ns < query_.from_ns || ns >= query_.to_ns) {
      place_.refuse(std::to_string(ms), fmt::format("from {} to {}, as asked for", query_.from_ns / kNsPerMs,
                                                    query_.to_ns / kNsPerMs - 1));
    }
    if ((ns - query_.phase_ns) % query_.interval_ns != 0) {
      place_.refuse(std::to_string(ms), fmt::format("a multiple of {} ms", query_.interval_ns / kNsPerMs));
    }
    const std::int64_t close_ns = ns + query_.interval_ns;
    if (!bars_.empty() && close_ns <= bars_.back().ts_ns) {
      place_.refuse(std::to_string(ms),
                    close_ns == bars_.back().ts_ns ? "each bar once" : "bars in order of time");
    }
    return ns;
  }

  const KlinesQuery& query_;
  RestPlace& place_;
  std::vector<Event> bars_;
};

}  // namespace

std::vector<Event> parse_klines(std::string_view body, const KlinesQuery& query, const std::string& url) {
  RestPlace place{.url = url, .item = "kline"};
  Reader reader(query, place);
  read_rest_json(body, place, kExpectation, [&](ondemand::document& document) {
    ondemand::array rows = document.get_array();
    for (ondemand::array row : rows) reader.add(row);
    place.row = 0;
  });
  return reader.take();
}

}  // namespace hftsim::binance
