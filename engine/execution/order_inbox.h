// What is on its way to the venue for one instrument: orders and cancels, in the order they will arrive.
#pragma once

#include <algorithm>
#include <vector>

#include "engine/execution/order.h"

namespace hftsim {

class OrderInbox {
 public:
  struct Message {
    bool is_cancel = false;
    Order order;  // of a cancel only id and arrives_at are set
  };

  OrderInbox() { messages_.reserve(kReserved); }

  bool empty() const { return messages_.empty(); }

  void send(const Order& order) {
    messages_.push_back({false, order});
    move_last_into_place();
  }
  void send_cancel(OrderId id, Timestamp arrives_at) {
    Message message{true, {}};
    message.order.id = id;
    message.order.arrives_at = arrives_at;
    messages_.push_back(message);
    move_last_into_place();
  }

  // When the next message arrives; Timestamp's greatest where there is none.
  Timestamp next_arrival() const {
    return messages_.empty() ? Timestamp(std::numeric_limits<std::int64_t>::max())
                             : messages_.front().order.arrives_at;
  }

  // The next message that has arrived by then, or null. Valid until the inbox changes; take_first() takes it out.
  const Message* first_arrived(Timestamp by) const {
    if (messages_.empty() || messages_.front().order.arrives_at > by) return nullptr;
    return &messages_.front();
  }
  void take_first() { messages_.erase(messages_.begin()); }

  bool has_order(OrderId id) const {
    return std::any_of(messages_.begin(), messages_.end(),
                       [id](const Message& m) { return !m.is_cancel && m.order.id == id; });
  }

  // Takes out every order for which `pick` holds and hands it to `use`.
  template <class Pick, class Use>
  void withdraw_if(Pick pick, Use use) {
    std::erase_if(messages_, [&](const Message& m) {
      if (m.is_cancel || !pick(m.order)) return false;
      use(m.order);
      return true;
    });
  }
  void clear() { messages_.clear(); }

 private:
  static constexpr std::size_t kReserved = 4096;  // what is never touched takes no memory

  // Nearly always it is there already: what is sent later arrives later.
  void move_last_into_place() {
    const auto later = [](const Message& a, const Message& b) {
      return a.order.arrives_at < b.order.arrives_at;
    };
    const auto last = messages_.end() - 1;
    if (last == messages_.begin() || !later(*last, *(last - 1))) return;
    std::rotate(std::upper_bound(messages_.begin(), last, *last, later), last, messages_.end());
  }

  std::vector<Message> messages_;
};

}  // namespace hftsim
