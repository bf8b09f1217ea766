#include "adapters/dashboard/server_counts.h"

#include "adapters/dashboard/metric_family.h"

namespace hftsim::dashboard {

std::vector<prometheus::MetricFamily> ServerCounts::metrics() const {
  std::vector<prometheus::MetricFamily> families;
  families.push_back(counter_family("hftsim_dashboard_answers_total", "Requests answered, by HTTP status."));
  for (const auto& [status, count] : answers)
    add_value(families.back(), static_cast<double>(count), {{"status", std::to_string(status)}});
  families.push_back(counter_family("hftsim_dashboard_refused_total", "Requests refused, by cause."));
  for (std::size_t i = 0; i < kRefusalCount; ++i)
    add_value(families.back(), static_cast<double>(refused[i]), {{"cause", std::string(kRefusals[i].name)}});
  families.push_back(counter("hftsim_dashboard_commands_total", "Commands taken.", commands));
  families.push_back(
      gauge("hftsim_dashboard_connections", "Connections that are open.", static_cast<double>(connections)));
  families.push_back(gauge("hftsim_dashboard_browsers", "Browsers that are shown the session.",
                           static_cast<double>(browsers)));
  families.push_back(
      counter("hftsim_dashboard_updates_total", "Updates made, one text for all browsers.", updates));
  families.push_back(counter("hftsim_dashboard_snapshots_total", "Snapshots made.", snapshots));
  families.push_back(counter("hftsim_dashboard_skipped_updates_total",
                             "Updates that a browser was not sent, for it had not taken those before.",
                             skipped_updates));
  families.push_back(counter("hftsim_dashboard_slow_browsers_total",
                             "Browsers disconnected, for they took nothing.", slow_browsers));
  families.push_back(
      counter("hftsim_dashboard_failures_total", "Exceptions while a request was answered.", failures));
  return families;
}

}  // namespace hftsim::dashboard
