// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Well-known hosts, as far as a rule needs them. None of these lists is a list of what may be reached.
enum KnownHosts {
    /// Sites that are imitated because people fetch code or sign in there; the part under which they register names.
    static let imitated: [String] = [
        "github.com", "githubusercontent.com", "github.io", "gitlab.com", "bitbucket.org", "sourceforge.net", "codeberg.org",
        "pypi.org", "pythonhosted.org", "python.org", "anaconda.com", "npmjs.com", "npmjs.org", "yarnpkg.com", "nodejs.org", "unpkg.com",
        "jsdelivr.net", "cloudflare.com", "crates.io", "rustup.rs", "rust-lang.org", "golang.org", "rubygems.org", "ruby-lang.org",
        "packagist.org", "nuget.org", "maven.org", "gradle.org", "docker.com", "docker.io", "quay.io", "kubernetes.io", "hashicorp.com",
        "terraform.io", "debian.org", "ubuntu.com", "canonical.com", "fedoraproject.org", "redhat.com", "archlinux.org", "alpinelinux.org",
        "opensuse.org", "apache.org", "mozilla.org", "google.com", "googleapis.com", "gstatic.com", "microsoft.com", "windows.com",
        "azure.com", "visualstudio.com", "amazon.com", "amazonaws.com", "apple.com", "icloud.com", "facebook.com", "twitter.com",
        "linkedin.com", "instagram.com", "whatsapp.com", "telegram.org", "discord.com", "slack.com", "dropbox.com", "paypal.com",
        "stripe.com", "coinbase.com", "binance.com", "openai.com", "anthropic.com", "huggingface.co", "jetbrains.com", "oracle.com",
        "mysql.com", "postgresql.org", "mongodb.com", "elastic.co", "nginx.org", "digitalocean.com", "heroku.com", "netlify.com",
        "vercel.com", "atlassian.com", "stackoverflow.com", "wikipedia.org", "kernel.org", "homebrew.sh", "chocolatey.org",
    ]

    static let imitatedSet = Set(imitated)

    static let shorteners: Set<String> = [
        "bit.ly", "t.co", "tinyurl.com", "is.gd", "v.gd", "goo.gl", "ow.ly", "buff.ly", "rebrand.ly", "cutt.ly", "shorturl.at", "rb.gy",
        "tiny.cc", "bl.ink", "s.id", "t.ly", "soo.gd", "bit.do", "adf.ly", "j.mp", "lnkd.in", "x.co", "shorte.st", "git.io",
    ]

    /// Top-level domains that are endings of files that run or unpack.
    static let fileLike: Set<String> = ["zip", "mov", "app", "dev", "run"]

    /// Free registration over many years; most of what is fetched from there is abuse.
    static let suspicious: Set<String> = ["tk", "ml", "ga", "cf", "gq"]

    /// Endings a name before an `@` has when it poses as a host.
    static let commonDomains: Set<String> = [
        "com", "org", "net", "io", "dev", "app", "edu", "gov", "mil", "info", "biz", "co", "ai", "me", "sh", "rs", "us", "uk", "de", "fr",
        "ru", "cn", "jp", "in", "br", "eu", "nl", "it", "es", "pl", "ch", "se", "ca", "au", "tv", "cc", "xyz", "online", "site", "cloud",
    ]

    static let metadataNames: Set<String> = [
        "metadata.google.internal", "metadata.goog", "metadata", "instance-data", "instance-data.ec2.internal", "metadata.azure.internal",
        "metadata.tencentyun.com", "metadata.packet.net", "metadata.platformequinix.com",
    ]

    /// Services that resolve any address written into the name.
    static let addressInName: [String] = [".nip.io", ".sslip.io", ".xip.io", ".localtest.me"]

    static let imageRegistries: Set<String> = [
        "docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com", "hub.docker.com", "ghcr.io", "quay.io", "gcr.io",
        "us.gcr.io", "eu.gcr.io", "asia.gcr.io", "registry.k8s.io", "k8s.gcr.io", "mcr.microsoft.com", "public.ecr.aws",
        "registry.gitlab.com", "registry.access.redhat.com", "registry.redhat.io", "registry.fedoraproject.org", "nvcr.io",
        "docker.elastic.co", "container-registry.oracle.com", "lscr.io", "cgr.dev", "registry.opensuse.org", "docker.pkg.github.com",
    ]

    static let chartRepositories: Set<String> = [
        "charts.bitnami.com", "charts.helm.sh", "kubernetes.github.io", "kubernetes-sigs.github.io", "prometheus-community.github.io",
        "grafana.github.io", "helm.elastic.co", "charts.jetstack.io", "argoproj.github.io", "helm.releases.hashicorp.com",
        "kubernetes-charts.storage.googleapis.com", "istio-release.storage.googleapis.com", "helm.traefik.io", "traefik.github.io",
        "charts.gitlab.io", "helm.nginx.com", "releases.rancher.com", "charts.rancher.io", "charts.longhorn.io", "helm.cilium.io",
        "projectcalico.docs.tigera.io", "open-telemetry.github.io", "fluxcd-community.github.io", "hashicorp.github.io", "helm.linkerd.io",
        "registry-1.docker.io", "ghcr.io", "public.ecr.aws", "quay.io", "actions.github.io", "aws.github.io", "stable", "charts.min.io",
    ]

    static let pythonIndexes: Set<String> = ["pypi.org", "pypi.python.org", "files.pythonhosted.org", "test.pypi.org", "download.pytorch.org"]
    static let scriptRegistries: Set<String> = ["registry.npmjs.org", "registry.npmjs.com", "registry.yarnpkg.com", "npm.pkg.github.com"]
    static let codeHosts: Set<String> = ["github.com", "gitlab.com", "bitbucket.org", "codeberg.org"]

    static let blockchainProviders: [String] = [
        "infura.io", "alchemy.com", "alchemyapi.io", "quicknode.com", "quiknode.pro", "ankr.com", "moralis.io", "chainstack.com",
        "getblock.io", "blastapi.io", "drpc.org", "llamarpc.com", "publicnode.com", "cloudflare-eth.com",
    ]

    static func isIn(_ host: String, _ domains: [String]) -> Bool {
        domains.contains { host == $0 || (host.hasSuffix($0) && host.dropLast($0.count).hasSuffix(".")) }
    }

    /// Names outside the public DNS: RFC 6762, RFC 6761, RFC 8375, `internal` as ICANN reserved it, and names without a dot.
    static func isLocalName(_ host: String) -> Bool {
        if !host.utf8.contains(UInt8(ascii: ".")) { return host.utf8.contains { ($0 | 0x20) &- 0x61 < 26 } }
        return [".local", ".lan", ".internal", ".home.arpa", ".test", ".home", ".corp", ".intranet"].contains { host.hasSuffix($0) }
    }

    static func isLoopback(_ host: String) -> Bool { host == "localhost" || host.hasSuffix(".localhost") || host == "localhost.localdomain" }
}
