// hftsim strategies: what there is, with parameters, defaults and ranges.
#include <fmt/format.h>

#include "strategies/registry.h"
#include "tools/commands/commands.h"

namespace hftsim {
namespace {

void print(const StrategySpec& strategy) {
  fmt::print("{}: {}\n", strategy.name, strategy.summary);
  for (const ParamSpec& param : strategy.params) {
    fmt::print("  {:<26} {:<12} {} ({})\n", param.name, to_text(param.default_value), param.help,
               expectation_of(param));
  }
}

}  // namespace

void add_strategies_command(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("strategies", "List the strategies, their parameters, defaults and ranges");
  auto name = std::make_shared<std::string>();
  command->add_option("name", *name, "One strategy only");
  command->footer("Example:\n  hftsim strategies momentum");
  command->callback([name] {
    if (!name->empty()) return print(strategy_spec(*name));
    for (const StrategySpec& strategy : strategy_specs()) print(strategy);
  });
}

}  // namespace hftsim
