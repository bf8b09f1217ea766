// What is on its way to the venue for one instrument: orders and cancels, in the order they will arrive.
#pragma once

#include <algorithm>
#include <optional>
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

  void send(const Order& order) { insert({false, order}); }
  void send_cancel(OrderId id, Timestamp arrives_at) {
    Message message{true, {}};
    message.order.id = id;
    message.order.arrives_at = arrives_at;
    insert(message);
  }

  // The next message that has arrived by then.
  std::optional<Message> receive(Timestamp by) {
    if (messages_.empty() || messages_.front().order.arrives_at > by) return std::nullopt;
    const Message first = messages_.front();
    messages_.erase(messages_.begin());
    return first;
  }

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
  static constexpr std::size_t kReserved = 64;

  void insert(const Message& message) {
    const auto later = [](const Message& a, const Message& b) {
      return a.order.arrives_at < b.order.arrives_at;
    };
    messages_.insert(std::upper_bound(messages_.begin(), messages_.end(), message, later), message);
  }

  std::vector<Message> messages_;
};

}  // namespace hftsim
