// Writes on whatever the disk says: what cannot be written is held in memory, up to a limit, and tried again every
// second. Only what does not fit there is dropped, and counted; from then on everything is until the disk takes what is
// held, so that what is missing is missing in one place.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/errors.h"
#include "engine/core/units.h"
#include "replay/record_writer.h"
#include "replay/recording_writer.h"

namespace hftsim {

inline std::uint64_t count_of(const RecordingWriter& writer) {
  return writer.event_count();
}
template <class Record>
std::uint64_t count_of(const RecordWriter<Record>& writer) {
  return writer.record_count();
}

// Writer: append(span), flush(), retry(), close(), which throw IoFailure and keep what they have taken; open_count() of
// that is not in the file.
template <class Writer, class Record>
class PatientWriter {
 public:
  PatientWriter(Writer& writer, std::size_t held_most) : writer_(writer), held_most_(held_most) {}

  // Times by the monotonic clock.
  void append(std::span<const Record> records, std::int64_t now_ns) {
    if (is_failing()) return hold(records);
    const std::uint64_t before = count_of(writer_);
    try {
      writer_.append(records);
    } catch (const IoFailure& error) {
      fail(error, now_ns);
      hold(records.subspan(static_cast<std::size_t>(count_of(writer_) - before)));
    }
  }

  // Gives what is open to the operating system. Whether nothing is held back.
  bool flush(std::int64_t now_ns) {
    if (is_failing() && now_ns < retry_at_ns_) return false;
    return attempt(now_ns, [this] { writer_.flush(); });
  }
  // At the end: the last attempt. What it leaves behind is dropped.
  bool close(std::int64_t now_ns) {
    if (attempt(now_ns, [this] { writer_.close(); })) return true;
    dropped_ += held_.size() + writer_.open_count();
    held_.clear();
    return false;
  }

  bool is_failing() const { return !trouble_.empty(); }
  const std::string& trouble() const { return trouble_; }  // of now; "" where there is none
  std::uint64_t failures() const { return failures_; }     // times that it began to fail
  std::uint64_t dropped() const { return dropped_; }
  std::size_t held() const { return held_.size(); }

 private:
  static constexpr std::int64_t kRetryNs = kSecond.value;

  template <class Finish>
  bool attempt(std::int64_t now_ns, Finish finish) {
    const std::string trouble = std::exchange(trouble_, "");
    writer_.retry();
    try {
      write_held();
      finish();
      is_dropping_ = false;
      return true;
    } catch (const IoFailure& error) {
      failures_ -= trouble.empty() ? 0 : 1;  // the same one still
      fail(error, now_ns);
      return false;
    }
  }

  void write_held() {
    const std::uint64_t before = count_of(writer_);
    const auto written = [&] {
      return static_cast<std::ptrdiff_t>(count_of(writer_) - before);
    };
    try {
      writer_.append(held_);
    } catch (const IoFailure&) {
      held_.erase(held_.begin(), held_.begin() + written());
      throw;
    }
    held_.clear();
  }

  void hold(std::span<const Record> records) {
    const std::size_t room = is_dropping_ ? 0 : held_most_ - std::min(held_most_, held_.size());
    const std::size_t kept = std::min(records.size(), room);
    held_.insert(held_.end(), records.begin(), records.begin() + static_cast<std::ptrdiff_t>(kept));
    dropped_ += records.size() - kept;
    is_dropping_ = kept < records.size();
  }

  void fail(const IoFailure& error, std::int64_t now_ns) {
    trouble_ = error.what();
    retry_at_ns_ = now_ns + kRetryNs;
    ++failures_;
  }

  Writer& writer_;
  std::size_t held_most_;
  std::vector<Record> held_;
  bool is_dropping_ = false;
  std::string trouble_;
  std::int64_t retry_at_ns_ = 0;
  std::uint64_t failures_ = 0, dropped_ = 0;
};

}  // namespace hftsim
