#include "tests/adapters/net/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cctype>
#include <cstdio>
#include <memory>
#include <stdexcept>

namespace hftsim::test {
namespace {

template <class T, void (*kFree)(T*)>
struct Freed {
  void operator()(T* object) const { kFree(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509, X509_free>>;

Key new_key() {
  return Key(EVP_EC_gen("P-256"));
}

void add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
  if (!extension) throw std::runtime_error("no such extension: " + value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate unsigned_certificate(const std::string& name, EVP_PKEY* key, long from_s, long to_s) {
  static long serial = 1;
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from_s);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), to_s);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return certificate;
}

std::FILE* opened(const std::filesystem::path& path) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  if (!file) throw std::runtime_error("cannot write " + path.string());
  return file;
}

}  // namespace

struct Certificates::Authority {
  Key key = new_key();
  Certificate certificate = unsigned_certificate("hftsim test authority", key.get(), -3600, 3600);
};

Certificates::Certificates(std::filesystem::path folder)
    : folder_(std::move(folder)), authority_(new Authority) {
  X509* const certificate = authority_->certificate.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
  X509_sign(certificate, authority_->key.get(), EVP_sha256());
  std::FILE* file = opened(authority());
  PEM_write_X509(file, certificate);
  std::fclose(file);
}

Certificates::~Certificates() {
  delete authority_;
}

std::filesystem::path Certificates::make(const std::string& name, const CertificateOptions& options) {
  const Key key = new_key();
  const Certificate certificate = unsigned_certificate(options.name, key.get(), options.from_s, options.to_s);
  X509* const issuer = options.self_signed ? certificate.get() : authority_->certificate.get();
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer));
  const bool address = std::isdigit(static_cast<unsigned char>(options.name.front())) != 0;
  add_extension(certificate.get(), issuer, NID_subject_alt_name, (address ? "IP:" : "DNS:") + options.name);
  X509_sign(certificate.get(), options.self_signed ? key.get() : authority_->key.get(), EVP_sha256());
  const std::filesystem::path path = folder_ / name;
  std::FILE* file = opened(path);
  PEM_write_X509(file, certificate.get());
  PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  return path;
}

}  // namespace hftsim::test
