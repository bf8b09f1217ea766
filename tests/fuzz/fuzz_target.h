// What a fuzzer is made of: inputs to start from, and what is done with one. Every NAME_fuzz.cpp defines both.
// libFuzzer drives it where the build has it (preset fuzz); the ordinary build gives the same harness its seeds
// and some thousand mutations of them, so that it cannot rot.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace hftsim::fuzz {

// Valid inputs, and those that once failed.
std::vector<std::string> seeds();

// Refusing the input (BadInput) is right, and caught here; a crash, a leak, an endless loop or another exception is
// a finding.
void run(std::span<const std::uint8_t> input);

}  // namespace hftsim::fuzz
