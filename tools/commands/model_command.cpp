// hftsim model: what is in a model bundle.
#include <fmt/format.h>

#include "models/bundle.h"
#include "tools/commands/commands.h"
#include "tools/model_info.h"

namespace hftsim {
namespace {

struct InfoArguments {
  std::string file;
  bool json = false, scaler = false;
};

void print_info(const InfoArguments& arguments) {
  const models::ModelBundle bundle = models::read_bundle(arguments.file);
  if (arguments.json) {
    fmt::print("{}\n", model_json(bundle).dump(2));
  } else {
    fmt::print("{}", model_table(bundle, arguments.scaler));
  }
}

void add_info_command(CLI::App& model) {
  auto arguments = std::make_shared<InfoArguments>();
  CLI::App* command = model.add_subcommand("info", "What a model takes, was trained on and weighs");
  command->add_option("file", arguments->file, "The bundle: model.pt")->required();
  command->add_flag("--json", arguments->json, "Everything, as JSON");
  command->add_flag("--features,-v", arguments->scaler, "Every feature with its mean and scale");
  command->footer("Example:\n  hftsim model info runs/model.pt\n  hftsim model info model.pt --json");
  command->callback([arguments] { print_info(*arguments); });
}

}  // namespace

void add_model_command(CLI::App& app) {
  CLI::App* command = app.add_subcommand("model", "Look into a model bundle");
  command->require_subcommand(1);
  command->footer("Example:\n  hftsim model info model.pt     features, scaling, training range, weights");
  add_info_command(*command);
}

}  // namespace hftsim
