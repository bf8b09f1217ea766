// The script of docs/recording.md, as it stands there, reads what was written here.
#include <cstdlib>
#include <sstream>

#include "tests/replay/recording_bench.h"

namespace hftsim {
namespace {

using namespace test;

std::string text_of(const std::filesystem::path& path) {
  const Bytes bytes = bytes_of(path);
  return {bytes.begin(), bytes.end()};
}

std::string documented_script() {
  const std::string text = text_of(std::filesystem::path(HFTSIM_SOURCE_DIR) / "docs/recording.md");
  const std::string fence = "```python\n";
  const std::size_t begin = text.find(fence), end = text.find("\n```\n", begin);
  return end == text.npos ? "" : text.substr(begin + fence.size(), end + 1 - begin - fence.size());
}

class RecordingPython : public RecordingTest {
 protected:
  // What the script prints; "" where it fails.
  std::string python(const std::string& script) const {
    std::ofstream(folder_.path() / "script.py") << script;
    const std::string command =
        "cd '" + folder_.path().string() + "' && /usr/bin/python3 script.py events.hfr >out 2>err";
    return std::system(command.c_str()) == 0 ? text_of(folder_.path() / "out") : "";
  }
};

TEST_F(RecordingPython, TheDocumentedScriptReadsEveryEvent) {
  if (python("import numpy\nprint('there')") == "")
    GTEST_SKIP() << "no numpy for /usr/bin/python3: apt install python3-numpy";
  const auto events = make_events(1000);
  for (const bool close : {true, false}) {
    write_recording(path_, events, recording_header(), {.block_events = 64}, close);
    std::ostringstream expected;
    for (const Event& event : events) {
      std::int64_t words[5];
      std::memcpy(words, &event.bar, sizeof words);
      expected << event.ts_ns << ' ' << event.recv_ns << ' ' << event.send_delay_us << ' ' << event.instrument
               << ' ' << static_cast<int>(event.kind) << ' ' << static_cast<int>(event.flags);
      for (const std::int64_t word : words) expected << ' ' << word;
      expected << '\n';
    }
    const std::string script = documented_script() +
                               "\nimport builtins\nfor e in events:\n"
                               "    builtins.print(*[e[n] for n in EVENT.names[:6]], *e['body'])\n";
    EXPECT_EQ(
        python(script.substr(0, script.find("\nprint(")) + script.substr(script.find("\nimport builtins"))),
        expected.str())
        << text_of(folder_.path() / "err");
  }
  EXPECT_NE(python(documented_script()), "") << "its own output";
}

}  // namespace
}  // namespace hftsim
