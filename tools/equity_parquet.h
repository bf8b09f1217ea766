// equity.parquet of a run, read as a series.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "adapters/table_reader.h"
#include "engine/portfolio/equity_series.h"

namespace hftsim {

class EquityParquet final : public EquitySeries {
 public:
  // Throws BadInput where the file is missing or no equity.parquet.
  explicit EquityParquet(std::filesystem::path path);

  std::uint64_t size() const override { return size_; }
  void rewind() override;
  std::span<const EquityMark> next() override;

 private:
  std::filesystem::path path_;
  std::optional<TableReader> reader_;
  std::vector<EquityMark> chunk_;
  std::uint64_t size_;
};

}  // namespace hftsim
