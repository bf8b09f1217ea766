// The browsers that are shown a session: one update for all of them, and the newest snapshot for whoever is new or has
// fallen behind. On the server's thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "adapters/dashboard/content.h"
#include "adapters/dashboard/server_counts.h"

namespace hftsim::dashboard {

using Text = std::shared_ptr<const std::string>;

class LiveBrowser {
 public:
  virtual ~LiveBrowser() = default;
  virtual void deliver(const Text& update) = 0;
  // Ends it where it takes nothing.
  virtual void check(std::chrono::steady_clock::time_point now) = 0;
  // Takes leave of it.
  virtual void close() = 0;
};

class LiveHub {
 public:
  LiveHub(Content& content, ServerCounts& counts) : content_(content), counts_(counts) {}

  // Between these two it is shown every update.
  void add(LiveBrowser& browser);
  void remove(LiveBrowser& browser);

  // Everything up to the last update, which the next one goes on from. Made at most once between two updates.
  Text snapshot();
  // Makes an update and delivers it. Nothing is made where nobody watches.
  void update();
  void close();

 private:
  void forget_changes_nobody_saw();

  Content& content_;
  ServerCounts& counts_;
  std::vector<LiveBrowser*> browsers_;
  Text snapshot_;  // null: none since the last update
};

}  // namespace hftsim::dashboard
