// What a REST endpoint reads from its query: each parameter checked as Binance checks it, what is wrong thrown as the
// ApiError that Binance answers with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/exchange/api_error.h"
#include "adapters/exchange/request_target.h"

namespace hftsim::exchange {

class QueryReader {
 public:
  // Throws where a parameter comes twice or is empty.
  explicit QueryReader(const RequestTarget& target);

  std::string required(const std::string& name);
  std::optional<std::string> optional(const std::string& name);
  // A whole number from 0.
  std::optional<std::int64_t> number(const std::string& name);
  // Milliseconds since 1970 as nanoseconds, at most the last but one that 64 bits hold.
  std::optional<std::int64_t> time_ns(const std::string& name);

  // Throws where a parameter was sent that nobody has read.
  void finish() const;

 private:
  const RequestTarget& target_;
  std::size_t read_ = 0;
};

}  // namespace hftsim::exchange
