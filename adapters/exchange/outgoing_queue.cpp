#include "adapters/exchange/outgoing_queue.h"

namespace hftsim::exchange {

std::string malformed(const std::string& text, FaultPlan& faults) {
  return text.substr(0, faults.below(text.size())) + "\\u00";
}

void OutgoingQueue::push(OutgoingMessage message) {
  messages_.push_back(std::move(message));
  if (!held_) return;
  messages_.push_back(*std::move(held_));
  held_.reset();
}

void OutgoingQueue::add(const StreamMessage& message) {
  OutgoingMessage outgoing{.text = message.text};
  if (!faults_.any(FaultSide::stream)) return push(std::move(outgoing));
  const auto strikes = [&](Fault fault) {
    return faults_.strikes(fault, FaultSide::stream, message.stream);
  };
  if (strikes(Fault::gap)) return;
  if (strikes(Fault::malformed)) {
    outgoing.text = std::make_shared<const std::string>(malformed(*message.text, faults_));
  }
  if (strikes(Fault::stall)) outgoing.stall = faults_.duration(Fault::stall, FaultSide::stream);
  if (strikes(Fault::slow)) outgoing.byte_pause = faults_.duration(Fault::slow, FaultSide::stream);
  outgoing.disconnects = strikes(Fault::disconnect);
  if (strikes(Fault::duplicate)) push(outgoing);
  if (!held_ && strikes(Fault::reorder)) {
    held_ = std::move(outgoing);
    return;
  }
  push(std::move(outgoing));
}

void OutgoingQueue::add_answer(std::string text) {
  messages_.push_back({.text = std::make_shared<const std::string>(std::move(text))});
}

OutgoingMessage OutgoingQueue::take() {
  OutgoingMessage message = std::move(messages_.front());
  messages_.pop_front();
  return message;
}

}  // namespace hftsim::exchange
