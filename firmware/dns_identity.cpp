#include "firmware/dns_identity.h"

#include "dns/tls/tls_certificate.h"

#include <vector>

namespace sporvakt::firmware {
namespace {

std::vector<IpAddress> named_addresses(const std::vector<Endpoint>& listen) {
    std::vector<IpAddress> addresses;
    for (const Endpoint& endpoint : listen) {
        if (!endpoint.address.is_unspecified()) {
            addresses.push_back(endpoint.address);
        }
    }
    return addresses;
}

}  // namespace

Result<std::shared_ptr<const dns::TlsContext>> dns_identity(const Configuration& configuration,
                                                            Timestamp now) {
    const Configuration::Dns& dns = configuration.dns;
    if (dns.listen_tls.empty()) {
        return std::shared_ptr<const dns::TlsContext>();
    }
    dns::TlsFiles files{dns.tls_certificate, dns.tls_key};
    if (files.certificate.empty()) {
        files = {configuration.storage_dir + "/dns-certificate.pem",
                 configuration.storage_dir + "/dns-key.pem"};
        SPORVAKT_TRY(dns::provide_certificate(files, named_addresses(dns.listen_tls), now));
    }
    return dns::TlsContext::load(files);
}

}  // namespace sporvakt::firmware
