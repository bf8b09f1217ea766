// Who hears what: turns changes of the market into the messages of the streams that somebody has subscribed to, each
// written once however many listen.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/exchange/stream_name.h"
#include "adapters/exchange/symbol_market.h"

namespace hftsim::exchange {

// One message of one stream, shared by all who receive it.
struct StreamMessage {
  std::string_view stream;  // while it is delivered
  std::shared_ptr<const std::string> text;
};

class StreamClient {
 public:
  virtual ~StreamClient() = default;
  // Messages come as {"stream":..., "data":...}.
  virtual bool wants_combined() const = 0;
  // May not subscribe, unsubscribe or go away meanwhile.
  virtual void deliver(const StreamMessage& message) = 0;
};

class StreamPublisher final : public MarketListener {
 public:
  // The markets have to outlive it.
  StreamPublisher(const std::vector<std::unique_ptr<SymbolMarket>>& markets, Market market);

  // False where there is no such stream: the exchange takes the subscription all the same and sends nothing.
  bool subscribe(StreamClient& client, const std::string& stream);
  void unsubscribe(StreamClient& client, const std::string& stream);
  void remove(StreamClient& client);
  std::size_t stream_count() const { return streams_.size(); }
  // Somebody has subscribed to a stream that there is.
  bool is_heard() const;
  std::uint64_t messages() const { return messages_; }  // written

  // What is sent every so often, up to that instant.
  void advance_to(std::int64_t ns);
  // How far the exchange's clock is ahead: added to the time of sending, E.
  void set_skew_ns(std::int64_t skew_ns) { skew_ns_ = skew_ns; }

  void on_trade(const SymbolMarket& market, const Event& trade) override;
  void on_quote(const SymbolMarket& market, const Event& quote) override;
  void on_depth(const SymbolMarket& market, const DepthMessage& message) override;
  void on_kline_closed(const SymbolMarket& market, const Kline& kline) override;

 private:
  struct Stream {
    std::string text;
    StreamName name;
    const SymbolMarket* market = nullptr;
    std::vector<StreamClient*> clients;
    DepthBatch batch;       // depth
    bool is_dirty = false;  // there is something to send when it is due
    std::int64_t due_ns = INT64_MAX;
  };

  const SymbolMarket* market_of(const StreamName& name) const;
  std::vector<Stream*>& streams_of(const SymbolMarket& market) { return by_market_[&market]; }
  void drop_if_unheard(std::map<std::string, Stream>::iterator stream);
  void make_due(Stream& stream, std::int64_t ns);
  void send_due(Stream& stream);
  void publish(Stream& stream, const std::string& data);
  std::int64_t sent_ns(const Event& event) const;

  const std::vector<std::unique_ptr<SymbolMarket>>& markets_;
  Market market_;
  std::map<std::string, Stream> streams_;
  std::map<const SymbolMarket*, std::vector<Stream*>> by_market_;
  std::int64_t next_due_ns_ = INT64_MAX;
  std::int64_t skew_ns_ = 0;
  std::uint64_t messages_ = 0;
};

}  // namespace hftsim::exchange
