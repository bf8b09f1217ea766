// What can go wrong between here and a server and may be over when it is tried again. What will not (a certificate
// of another host, a body beyond every limit, bytes that are no HTTP) is BadInput.
#pragma once

#include "engine/core/errors.h"

namespace hftsim::net {

// No connection, a connection that broke, a server that says nothing for too long.
class ConnectionBroken : public IoFailure {
 public:
  using IoFailure::IoFailure;
};

// The user asked to stop.
class Interrupted : public IoFailure {
 public:
  using IoFailure::IoFailure;
};

}  // namespace hftsim::net
