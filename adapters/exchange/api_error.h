// A request the exchange refuses: Binance's code and words, {"code":-1121,"msg":"Invalid symbol."}.
#pragma once

#include <string>

namespace hftsim::exchange {

struct ApiError {
  int status;  // of HTTP
  int code;
  std::string message;
};

inline ApiError refused(int code, std::string message) {
  return {400, code, std::move(message)};
}

}  // namespace hftsim::exchange
