// A progress bar on the terminal: share done, rate, time left. Shows nothing in the first second and nothing
// where stderr is no terminal.
#pragma once

#include <cstdint>
#include <string>

namespace hftsim {

class ProgressBar {
 public:
  // `total` 0: unknown; the bar then shows count and rate only.
  ProgressBar(std::string what, std::string unit, std::uint64_t total);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Cheap: draws at most ten times a second.
  void update(std::uint64_t done);

 private:
  void draw(std::uint64_t done, double seconds);

  std::string what_;
  std::string unit_;
  std::uint64_t total_;
  bool on_terminal_;
  bool drawn_ = false;
  std::int64_t start_ns_;
  std::int64_t next_ns_;
};

// 3725 -> "1:02 h".
std::string short_time(double seconds);

// 12,345,678 -> "12.3 M".
std::string short_count(double count);

}  // namespace hftsim
