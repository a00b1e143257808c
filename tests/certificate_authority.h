#pragma once

#include "base/temporary_folder.h"

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace moldau {

// An authority that signs certificates for one test. All its files vanish with it.
class CertificateAuthority {
 public:
  struct Identity {
    std::string certificate_file;
    std::string key_file;
  };

  CertificateAuthority() {
    make(self_, "-subj '/CN=authority of a test' -addext keyUsage=critical,keyCertSign");
  }

  // `subject_alternative_name`: "IP:127.0.0.1", "DNS:registry.example".
  [[nodiscard]] Identity issue(const std::string& subject_alternative_name) {
    const Identity identity = files("issued" + std::to_string(++issued_));
    make(identity,
         "-subj '/CN=issued by a test' -addext basicConstraints=critical,CA:FALSE -addext "
         "subjectAltName=" +
             subject_alternative_name + " -CA " + self_.certificate_file + " -CAkey " +
             self_.key_file);
    return identity;
  }

  // The key of `identity` behind a pass phrase.
  [[nodiscard]] std::string encrypted_key(const Identity& identity) const {
    const std::string file = identity.key_file + ".encrypted";
    openssl("pkcs8 -topk8 -passout pass:secret -in " + identity.key_file + " -out " + file);
    return file;
  }

  [[nodiscard]] const std::string& certificate_file() const { return self_.certificate_file; }

 private:
  [[nodiscard]] Identity files(const std::string& name) const {
    const std::string path = (folder_.path() / name).string();
    return {path + ".certificate.pem", path + ".key.pem"};
  }

  static void make(const Identity& identity, const std::string& options) {
    openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -out " +
            identity.certificate_file + " -keyout " + identity.key_file + " " + options);
  }

  static void openssl(const std::string& arguments) {
    const std::string command = "openssl " + arguments + " 2>&1 >/dev/null";
    // NOLINTNEXTLINE(concurrency-mt-unsafe): the arguments are this file's
    if (std::system((command + " | grep -i error").c_str()) == 0) {
      throw std::runtime_error("failed: " + command);
    }
  }

  TemporaryFolder folder_;
  Identity self_ = files("authority");
  int issued_ = 0;
};

}  // namespace moldau
