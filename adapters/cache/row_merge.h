// Rows that are saved and rows that are there become one sorted sequence; of two of the same time or id the newest
// stays. A row has order(), time_ns() and is_same().
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

#include "adapters/cache/cache_files.h"
#include "engine/core/units.h"

namespace hftsim {

struct CacheSaved {
  std::uint64_t added = 0;                     // rows that were not there
  std::uint64_t repeated = 0;                  // the same again, or twice in what was saved
  std::uint64_t replaced = 0;                  // of a time or an id that had another one: the newest stays
  std::vector<Timestamp> first_replaced = {};  // the first kReplacedKept of them

  static constexpr std::size_t kReplacedKept = 10;

  bool changes() const { return added + replaced > 0; }
  void merge(const CacheSaved& other);
};

inline void CacheSaved::merge(const CacheSaved& other) {
  added += other.added;
  repeated += other.repeated;
  replaced += other.replaced;
  for (const Timestamp ts : other.first_replaced) {
    if (first_replaced.size() < kReplacedKept) first_replaced.push_back(ts);
  }
}

// Sorted, each order() once: the last of several that were given.
template <class Row>
bool is_in_order(const std::vector<Row>& rows) {
  return std::adjacent_find(rows.begin(), rows.end(),
                            [](const Row& a, const Row& b) { return a.order() >= b.order(); }) == rows.end();
}

// Appends the newer `row` to rows that end at or before it.
template <class Row>
void append_newer(std::vector<Row>& rows, const Row& row, CacheSaved& saved) {
  if (rows.empty() || rows.back().order() != row.order()) {
    rows.push_back(row);
    ++saved.added;
  } else if (rows.back().is_same(row)) {
    ++saved.repeated;
  } else {
    rows.back() = row;
    ++saved.replaced;
    if (saved.first_replaced.size() < CacheSaved::kReplacedKept)
      saved.first_replaced.push_back(Timestamp(row.time_ns()));
  }
}

template <class Row>
void sort_rows(std::vector<Row>& rows) {
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.order() < b.order(); });
}

// `old` and then `fresh`, both sorted; each order() is once in `old`.
template <class Row>
std::vector<Row> merge_rows(const std::vector<Row>& old, const std::vector<Row>& fresh, CacheSaved& saved) {
  std::vector<Row> merged;
  merged.reserve(old.size() + fresh.size());
  auto next = old.begin();
  for (const Row& row : fresh) {
    while (next != old.end() && next->order() <= row.order()) merged.push_back(*next++);
    append_newer(merged, row, saved);
  }
  merged.insert(merged.end(), next, old.end());
  return merged;
}

// Rows by the file that they belong into.
template <class Row>
std::map<std::int64_t, std::vector<Row>> rows_by_period(const std::vector<Row>& rows, const CacheFiles& files,
                                                        TimeRange asked) {
  std::map<std::int64_t, std::vector<Row>> periods;
  for (std::int64_t at = asked.from_ns; at < asked.to_ns;) {
    const TimeRange period = files.at(at).period;
    periods[period.from_ns];
    at = period.to_ns;
  }
  TimeRange period;
  std::vector<Row>* into = nullptr;
  for (const Row& row : rows) {
    if (into == nullptr || row.time_ns() < period.from_ns || row.time_ns() >= period.to_ns) {
      period = files.at(row.time_ns()).period;
      into = &periods[period.from_ns];
    }
    into->push_back(row);
  }
  return periods;
}

}  // namespace hftsim
