// Certificates made for one test: an authority, and what it or nobody signed.
#pragma once

#include <filesystem>
#include <string>

namespace hftsim::test {

struct CertificateOptions {
  std::string name = "localhost";    // a DNS name, or an IPv4 address
  long from_s = -3600, to_s = 3600;  // seconds from now
  bool self_signed = false;
};

// Files in one folder: the authority's certificate, and pairs of certificate and key.
class Certificates {
 public:
  explicit Certificates(std::filesystem::path folder);
  ~Certificates();
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  std::filesystem::path authority() const { return folder_ / "authority.pem"; }

  // Certificate and key in one PEM file.
  std::filesystem::path make(const std::string& file, const CertificateOptions& options);

 private:
  struct Authority;
  std::filesystem::path folder_;
  Authority* authority_;
};

}  // namespace hftsim::test
