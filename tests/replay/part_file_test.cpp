#include "replay/part_file.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <string>

#include "engine/core/errors.h"
#include "tests/replay/temporary_folder.h"

namespace hftsim {
namespace {

namespace fs = std::filesystem;

class PartFiles : public ::testing::Test {
 protected:
  fs::path path(const char* name) const { return folder_.path() / name; }
  static void write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }
  static std::string read(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  TemporaryFolder folder_;
};

// A process that has the file until it is killed; returns when it has it.
pid_t hold_in_another_process(const fs::path& name) {
  int ready[2];
  if (::pipe(ready) != 0) return -1;
  const pid_t child = ::fork();
  if (child == 0) {
    const PartFile part(name);
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char byte = 0;
  EXPECT_EQ(::read(ready[0], &byte, 1), 1);
  ::close(ready[0]);
  ::close(ready[1]);
  return child;
}

TEST_F(PartFiles, AppearUnderTheirNameWhenTheyAreFinished) {
  write(path("x"), "old");
  PartFile part(path("x"));
  write(part.path(), "new");
  EXPECT_EQ(read(path("x")), "old");
  part.finish();
  EXPECT_EQ(read(path("x")), "new");
  EXPECT_FALSE(fs::exists(path("x.part")));
}

TEST_F(PartFiles, GoWhereTheyAreNotFinished) {
  write(path("x"), "old");
  { write(PartFile(path("x")).path(), "new"); }
  EXPECT_EQ(read(path("x")), "old");
  EXPECT_FALSE(fs::exists(path("x.part")));
}

TEST_F(PartFiles, AreWrittenByOneProcessAtATime) {
  const pid_t other = hold_in_another_process(path("x"));
  write(path("x.part"), "theirs");
  try {
    const PartFile part(path("x"));
    ADD_FAILURE() << "both write it";
  } catch (const BadInput& error) {
    EXPECT_EQ(std::string(error.what()), path("x").string() + ": got a file that another process writes, " +
                                             "expected a file of its own");
  }
  EXPECT_EQ(read(path("x.part")), "theirs");
  ::kill(other, SIGKILL);
  ::waitpid(other, nullptr, 0);
  const PartFile part(path("x"));  // whoever was killed holds it no more, and what it wrote is gone
  EXPECT_EQ(fs::file_size(part.path()), 0u);
}

TEST_F(PartFiles, LeaveTheBytesOfAKilledProcessToWhoeverReadsThem) {
  write(path("x.part"), "of a run that was killed");
  std::ifstream reader(path("x.part"));
  const PartFile part(path("x"));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(reader), {}), "of a run that was killed");
}

TEST_F(PartFiles, SayWhichNameCannotBeWritten) {
  try {
    const PartFile part(path("none/x"));
    ADD_FAILURE() << "made";
  } catch (const IoFailure& error) {
    EXPECT_NE(std::string(error.what()).find("none/x: cannot be written: No such file"), std::string::npos);
  }
}

}  // namespace
}  // namespace hftsim
