// Families of metrics as /metrics tells them (Prometheus' text format 0.0.4).
#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <utility>
#include <vector>

namespace hftsim::dashboard {

using MetricLabels = std::vector<prometheus::ClientMetric::Label>;

// One value more in a family of counters or gauges.
inline void add_value(prometheus::MetricFamily& family, double value, MetricLabels labels = {}) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  (family.type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  family.metric.push_back(std::move(metric));
}

inline prometheus::MetricFamily counter_family(std::string name, std::string help) {
  return {std::move(name), std::move(help), prometheus::MetricType::Counter, {}};
}

inline prometheus::MetricFamily gauge_family(std::string name, std::string help) {
  return {std::move(name), std::move(help), prometheus::MetricType::Gauge, {}};
}

inline prometheus::MetricFamily counter(std::string name, std::string help, std::uint64_t value) {
  prometheus::MetricFamily family = counter_family(std::move(name), std::move(help));
  add_value(family, static_cast<double>(value));
  return family;
}

inline prometheus::MetricFamily gauge(std::string name, std::string help, double value) {
  prometheus::MetricFamily family = gauge_family(std::move(name), std::move(help));
  add_value(family, value);
  return family;
}

}  // namespace hftsim::dashboard
