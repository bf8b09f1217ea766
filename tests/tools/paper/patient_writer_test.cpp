#include "tools/paper/patient_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace hftsim {
namespace {

// A disk with so much room, behind a writer that has a block of four open.
struct SmallDisk {
  std::size_t room = 0;
  std::vector<int> on_disk = {}, open = {};
  bool failing = false, closed = false;

  void append(std::span<const int> values) {
    if (failing) throw IoFailure("still full");
    for (const int value : values) {
      if (open.size() == 4) flush();
      open.push_back(value);
    }
  }
  void flush() {
    if (failing || on_disk.size() + open.size() > room) {
      failing = true;
      throw IoFailure("the disk is full");
    }
    on_disk.insert(on_disk.end(), open.begin(), open.end());
    open.clear();
  }
  void close() {
    flush();
    closed = true;
  }
  void retry() { failing = false; }
  std::size_t open_count() const { return open.size(); }
};
std::uint64_t count_of(const SmallDisk& disk) {
  return disk.on_disk.size() + disk.open.size();
}

std::vector<int> numbers(int from, int count) {
  std::vector<int> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), from);
  return all;
}

constexpr std::int64_t kSecondNs = 1'000'000'000;

TEST(PatientWriter, WritesThroughWhereThereIsRoom) {
  SmallDisk disk{.room = 100};
  PatientWriter<SmallDisk, int> writer(disk, 10);
  writer.append(numbers(0, 9), 1);
  EXPECT_TRUE(writer.flush(2));
  EXPECT_EQ(disk.on_disk, numbers(0, 9));
  EXPECT_TRUE(writer.close(3));
  EXPECT_TRUE(disk.closed);
  EXPECT_EQ(writer.failures(), 0u);
}

TEST(PatientWriter, HoldsWhatAFullDiskDoesNotTakeAndLosesNothing) {
  SmallDisk disk{.room = 4};
  PatientWriter<SmallDisk, int> writer(disk, 100);
  writer.append(numbers(0, 13), 0);
  EXPECT_TRUE(writer.is_failing());
  EXPECT_EQ(writer.trouble(), "the disk is full");
  writer.append(numbers(13, 7), 0);
  disk.room = 100;
  EXPECT_FALSE(writer.flush(kSecondNs / 2)) << "it asks once a second";
  EXPECT_TRUE(writer.flush(kSecondNs));
  EXPECT_FALSE(writer.is_failing());
  EXPECT_EQ(disk.on_disk, numbers(0, 20));
  EXPECT_EQ(writer.failures(), 1u);
  EXPECT_EQ(writer.dropped(), 0u);
}

TEST(PatientWriter, CountsOneFailureHoweverOftenItTries) {
  SmallDisk disk{.room = 4};
  PatientWriter<SmallDisk, int> writer(disk, 100);
  writer.append(numbers(0, 13), 0);
  for (std::int64_t second = 1; second < 5; ++second) EXPECT_FALSE(writer.flush(second * kSecondNs));
  EXPECT_EQ(writer.failures(), 1u);
  disk.room = 12;
  EXPECT_FALSE(writer.flush(5 * kSecondNs));
  disk.room = 100;
  EXPECT_TRUE(writer.flush(6 * kSecondNs));
  EXPECT_EQ(disk.on_disk, numbers(0, 13));
}

TEST(PatientWriter, DropsAndCountsOnlyWhatMemoryDoesNotHold) {
  SmallDisk disk{.room = 0};
  PatientWriter<SmallDisk, int> writer(disk, 10);
  writer.append(numbers(0, 20), 0);  // four are the writer's, ten are held
  writer.append(numbers(20, 5), 0);
  EXPECT_EQ(writer.held(), 10u);
  EXPECT_EQ(writer.dropped(), 11u);
  disk.room = 100;
  EXPECT_TRUE(writer.close(kSecondNs));
  EXPECT_EQ(disk.on_disk, numbers(0, 14));
}

TEST(PatientWriter, DropsOnUntilTheDiskTakesWhatIsHeldSoThatOnePlaceIsMissing) {
  SmallDisk disk{.room = 0};
  PatientWriter<SmallDisk, int> writer(disk, 10);
  writer.append(numbers(0, 20), 0);
  disk.room = 8;  // some of what is held finds room, and is memory again for others
  EXPECT_FALSE(writer.flush(kSecondNs));
  EXPECT_LT(writer.held(), 10u);
  writer.append(numbers(20, 5), kSecondNs);
  EXPECT_EQ(writer.dropped(), 11u);
  disk.room = 100;
  EXPECT_TRUE(writer.flush(2 * kSecondNs));
  writer.append(numbers(25, 5), 2 * kSecondNs);
  EXPECT_TRUE(writer.close(3 * kSecondNs));
  std::vector<int> wanted = numbers(0, 14);
  wanted.insert(wanted.end(), {25, 26, 27, 28, 29});
  EXPECT_EQ(disk.on_disk, wanted);
}

TEST(PatientWriter, CountsWhatADiskThatStaysFullNeverGot) {
  SmallDisk disk{.room = 4};
  PatientWriter<SmallDisk, int> writer(disk, 10);
  writer.append(numbers(0, 13), 0);
  EXPECT_EQ(writer.dropped(), 0u);
  EXPECT_FALSE(writer.close(kSecondNs));
  EXPECT_EQ(disk.on_disk, numbers(0, 4));
  EXPECT_EQ(writer.dropped(), 9u);
  EXPECT_EQ(writer.held(), 0u);
}

}  // namespace
}  // namespace hftsim
