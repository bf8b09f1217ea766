// With what a server of ours proves who it is.
#pragma once

#include <string>

namespace hftsim::net {

struct TlsFiles {
  std::string certificate, key;  // PEM; "" both: no TLS
};

}  // namespace hftsim::net
