// What an action is refused with.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "engine/core/errors.h"

namespace hftsim {

// The message of the BadInput that `action` throws; "" where it throws none. Any other exception fails the test.
template <class Action>
std::string refusal_of(Action action) {
  try {
    action();
  } catch (const BadInput& error) {
    return error.what();
  }
  return "";
}

}  // namespace hftsim
