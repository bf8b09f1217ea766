#include "tests/tools/cli.h"

#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace hftsim::test {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

CliTest::CliTest() {
  std::string pattern = (std::filesystem::temp_directory_path() / "hftsim-cli-XXXXXX").string();
  folder_ = mkdtemp(pattern.data());
}

CliTest::~CliTest() {
  std::filesystem::remove_all(folder_);
}

CliResult CliTest::hftsim(const std::string& arguments, const std::string& before) const {
  const std::string command = "cd '" + folder_.string() + "' && " + before + " '" + HFTSIM_PROGRAM + "' " +
                              arguments + " >.out 2>.err </dev/null";
  const int status = std::system(("bash -c \"" + command + "\"").c_str());
  CliResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  result.out = read_file(folder_ / ".out");
  result.err = read_file(folder_ / ".err");
  return result;
}

std::string CliTest::write(const std::string& name, const std::string& text) const {
  std::ofstream(folder_ / name, std::ios::binary) << text;
  return name;
}

std::string CliTest::read(const std::string& name) const {
  return read_file(folder_ / name);
}

std::vector<std::string> good_lines(std::size_t count) {
  std::vector<std::string> lines = {"timestamp,open,high,low,close,volume,trades"};
  for (std::size_t i = 0; i < count; ++i) {
    const std::string minute = std::to_string(1'704'067'200 + 60 * i);
    const std::string close = std::to_string(100 + static_cast<int>(i * 7 % 11));
    lines.push_back(minute + ",100,120,90," + close + ",5,10");
  }
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace hftsim::test
