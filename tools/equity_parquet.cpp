#include "tools/equity_parquet.h"

#include <utility>

namespace hftsim {

EquityParquet::EquityParquet(std::filesystem::path path) : path_(std::move(path)) {
  rewind();
  size_ = reader_->row_count();
}

void EquityParquet::rewind() {
  reader_.emplace(path_, std::vector<std::string>{"time", "equity", "benchmark", "exposure"});
}

std::span<const EquityMark> EquityParquet::next() {
  chunk_.clear();
  if (!reader_->next()) return {};
  const auto time = reader_->int64(0);
  const auto equity = reader_->float64(1), benchmark = reader_->float64(2), exposure = reader_->float64(3);
  for (std::size_t i = 0; i < reader_->rows(); ++i) {
    chunk_.push_back({time[i], equity[i], benchmark[i], exposure[i]});
  }
  return chunk_;
}

}  // namespace hftsim
