// How good probabilities are, and whether that can be luck.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace hftsim::models {

// Predictions between from and to. Where count is 0, the other numbers are.
struct CalibrationBin {
  double from = 0, to = 0;
  std::uint64_t count = 0;
  double predicted = 0;  // their mean
  double observed = 0;   // share that rose
};

struct Evaluation {
  std::uint64_t count = 0, rises = 0;
  double accuracy = 0;      // a probability above 0.5 says "rises"
  double baseline = 0;      // accuracy of always saying what is more frequent here
  double accuracy_low = 0;  // 95 % interval of the accuracy (Wilson 1927)
  double accuracy_high = 0;
  double p_value = 1;   // chance of this accuracy or more at the baseline's rate (one-sided binomial)
  double log_loss = 0;  // mean binary cross-entropy, logarithms not below -100 as in torch.nn.BCELoss
  double brier = 0;     // mean squared error (Brier 1950)
  double auc = 0.5;     // area under the ROC curve: P(a rise is ranked above a fall), ties one half
  std::array<CalibrationBin, 10> calibration;
  double calibration_error = 0;  // mean |predicted - observed| over the bins, weighted by count (Naeini 2015)
};

// probabilities in 0..1, labels 0 or 1, as many of each and at least one.
//
// Not modelled: labels over more than one bar overlap and are not independent, which makes the interval too
// narrow and the p-value too small.
Evaluation evaluate(std::span<const float> probabilities, std::span<const float> labels);

// Mean binary cross-entropy, as in Evaluation.
double log_loss(std::span<const float> probabilities, std::span<const float> labels);

// "accuracy 52.1 % (95 %: 50.9 .. 53.3) against 51.8 % for always 'rises': no better than that (p = 0.31)"
std::string verdict(const Evaluation& evaluation);

}  // namespace hftsim::models
