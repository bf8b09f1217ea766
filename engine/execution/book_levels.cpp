#include "engine/execution/book_levels.h"

#include <algorithm>

namespace hftsim {

template <BookSide side>
void BookLevels<side>::insert(std::size_t at, const BookLevel& level) {
  if (begin_ == 0 || end_ == room_.size()) {
    const std::size_t position = at - begin_;
    make_room();
    at = begin_ + position;
  }
  const auto levels = room_.begin();
  const auto offset = [&](std::size_t i) {
    return levels + static_cast<std::ptrdiff_t>(i);
  };
  if (at - begin_ < end_ - at) {
    std::copy(offset(begin_), offset(at), offset(begin_ - 1));
    --begin_;
    room_[at - 1] = level;
  } else {
    std::copy_backward(offset(at), offset(end_), offset(end_ + 1));
    ++end_;
    room_[at] = level;
  }
}

template <BookSide side>
void BookLevels<side>::erase(std::size_t at) {
  const auto levels = room_.begin();
  const auto offset = [&](std::size_t i) {
    return levels + static_cast<std::ptrdiff_t>(i);
  };
  if (at - begin_ < end_ - at) {
    std::copy_backward(offset(begin_), offset(at), offset(at + 1));
    ++begin_;
  } else {
    std::copy(offset(at + 1), offset(end_), offset(at));
    --end_;
  }
}

// One end is reached: back to the middle; where that leaves less than a quarter of the array at either end, of twice
// the array. So a level that comes in has moved all others once at most every so many insertions as there are levels.
template <BookSide side>
void BookLevels<side>::make_room() {
  const std::size_t count = size();
  std::vector<BookLevel> larger;
  if (2 * count >= room_.size()) larger.resize(2 * room_.size());
  std::vector<BookLevel>& target = larger.empty() ? room_ : larger;
  const std::size_t begin = (target.size() - count) / 2;
  const auto from = room_.begin() + static_cast<std::ptrdiff_t>(begin_);
  const auto to = target.begin() + static_cast<std::ptrdiff_t>(begin);
  const auto end = from + static_cast<std::ptrdiff_t>(count);
  if (larger.empty() && begin > begin_) {
    std::copy_backward(from, end, to + static_cast<std::ptrdiff_t>(count));
  } else {
    std::copy(from, end, to);
  }
  if (!larger.empty()) room_ = std::move(larger);
  begin_ = begin;
  end_ = begin + count;
}

template class BookLevels<BookSide::bid>;
template class BookLevels<BookSide::ask>;

}  // namespace hftsim
