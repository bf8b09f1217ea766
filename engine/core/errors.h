// Bad input: something a user gave (a config, a file, a message on the wire) is not what it has to be.
// Programmer errors are asserts; the hot path returns status and counts. HACKING.md has the table.
#pragma once

#include <stdexcept>
#include <string>

namespace hftsim {

// Ends the program with exit code 2. The message names the place (file:line, key, symbol, time), the value
// found there and what was expected.
class BadInput : public std::runtime_error {
 public:
  BadInput(const std::string& place, const std::string& value, const std::string& expectation)
      : std::runtime_error(place + ": got " + value + ", expected " + expectation) {}
  explicit BadInput(const std::string& message) : std::runtime_error(message) {}
};

// Something outside the program failed (disk full, permission): exit code 1 unless it is the user's path.
class IoFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace hftsim
