// What one websocket still has to be sent, with what goes wrong on purpose already in it. No sockets here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "adapters/exchange/fault_plan.h"
#include "adapters/exchange/stream_publisher.h"

namespace hftsim::exchange {

struct OutgoingMessage {
  std::shared_ptr<const std::string> text = {};
  Duration stall{0};         // before it is sent
  Duration byte_pause{0};    // > 0: a few bytes at a time
  bool disconnects = false;  // in the middle of it
};

class OutgoingQueue {
 public:
  explicit OutgoingQueue(FaultPlan& faults) : faults_(faults) {}

  // A stream's message, which faults may strike.
  void add(const StreamMessage& message);
  // An answer, which none does.
  void add_answer(std::string text);

  bool empty() const { return messages_.empty(); }
  std::size_t size() const { return messages_.size(); }
  OutgoingMessage take();

 private:
  void push(OutgoingMessage message);

  FaultPlan& faults_;
  std::deque<OutgoingMessage> messages_;
  std::optional<OutgoingMessage> held_;  // comes after the next
};

// The text cut off somewhere, with garbage behind it: no JSON any more.
std::string malformed(const std::string& text, FaultPlan& faults);

}  // namespace hftsim::exchange
