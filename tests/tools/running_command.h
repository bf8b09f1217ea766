// A program as a process of its own, until the end of the object.
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

namespace hftsim::test {

class RunningCommand {
 public:
  // `command`, as the shell reads it, in `folder`; what it prints is read by first_line() and rest(), what it complains of
  // is in .err there.
  explicit RunningCommand(const std::string& command, const std::filesystem::path& folder = ".") {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      const std::string all = "cd '" + folder.string() + "' && exec " + command + " 2>>.err";
      ::execl("/bin/sh", "sh", "-c", all.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(ends[1]);
    read_end_ = ends[0];
  }
  ~RunningCommand() {
    if (!ended_) end(SIGTERM);
    ::close(read_end_);
  }
  RunningCommand(const RunningCommand&) = delete;
  RunningCommand& operator=(const RunningCommand&) = delete;

  std::string first_line() {
    std::string line;
    for (char c = 0; ::read(read_end_, &c, 1) == 1 && c != '\n';) line += c;
    return line;
  }
  // Up to its end.
  std::string rest() {
    std::string text;
    char some[4096];
    for (ssize_t got; (got = ::read(read_end_, some, sizeof some)) > 0;)
      text.append(some, static_cast<std::size_t>(got));
    return text;
  }

  // Waits; the exit code, or -signal.
  int end(int signal = 0) {
    if (signal != 0) ::kill(pid_, signal);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    ended_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  pid_t pid() const { return pid_; }
  bool is_running() { return ::kill(pid_, 0) == 0; }

 private:
  pid_t pid_ = -1;
  int read_end_ = -1;
  bool ended_ = false;
};

}  // namespace hftsim::test
