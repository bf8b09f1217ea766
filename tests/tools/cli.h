// Runs the program as a user does, in a folder of its own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace hftsim::test {

struct CliResult {
  int exit_code = -1;
  std::string out, err;
};

// A temporary folder that the program runs in, removed at the end.
class CliTest : public testing::Test {
 protected:
  CliTest();
  ~CliTest() override;

  // `arguments` as on a command line; the shell splits and unquotes them. `before` is put in front: "ulimit ...;".
  CliResult hftsim(const std::string& arguments, const std::string& before = "") const;
  std::string write(const std::string& name, const std::string& text) const;  // returns the name
  std::string read(const std::string& name) const;
  bool exists(const std::string& name) const { return std::filesystem::exists(folder_ / name); }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

// A CSV of `count` good minute bars from 2024-01-01 on; line i + 2 holds bar i.
std::vector<std::string> good_lines(std::size_t count);
std::string joined(const std::vector<std::string>& lines);

}  // namespace hftsim::test

#define EXPECT_MENTIONS(text, part) EXPECT_NE((text).find(part), std::string::npos) << "in: " << (text)
