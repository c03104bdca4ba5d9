// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
@testable import MegaSecurity
import Testing

@Suite("Hosts and addresses in commands") struct HostRuleTests {
    @Test("Hosts that are not what they seem are reported", arguments: [
        TextCase.flags("curl https://ex\u{430}mple.net/x", "mixed_script_in_label"), .flags("curl https://ex\u{430}mple.net/x", "non_ascii_hostname"),
        .flags("curl https://münchen.example/x", "non_ascii_hostname", .warn), .flags("curl https://пример.example/x", "non_ascii_hostname", .warn),
        .flags("curl https://\u{430}\u{440}\u{440}\u{4CF}\u{435}.com/x", "non_ascii_hostname"), .flags("curl https://g\u{456}thub.com/x", "confusable_domain"),
        .flags("wget https://xn--bcher-kva.example/", "punycode_domain"), .flags("curl https://gitlab.com@evil.example/", "userinfo_trick"),
        .flags("curl https://gihtub.com/x", "confusable_domain", .warn), .flags("curl https://rnicrosoft.com/x", "confusable_domain", .warn),
        .flags("curl https://g00gle.com/x", "confusable_domain", .warn), .flags("curl https://github.com.evil.example/x", "confusable_domain", .warn),
        .flags("curl https://93.184.216.34/x", "raw_ip_url", .warn), .flags("curl 'https://[2606:2800::1]/x'", "raw_ip_url", .warn),
        .flags("curl https://1572395042/x", "obfuscated_ip"), .flags("curl https://0x5db8d822/x", "obfuscated_ip"),
        .flags("curl https://0135.0270.0330.042/x", "obfuscated_ip"), .flags("curl https://github.com:8443/x", "non_standard_port", .warn),
        .flags("curl https://ex%61mple.net/x", "invalid_host_chars"), .flags("curl 'https://example\\.net/x'", "invalid_host_chars"),
        .flags("curl 'https://exam ple.net/x'", "invalid_host_chars"), .flags("curl https://example\u{3002}net/x", "invalid_host_chars"),
        .flags("curl https://example.net./x", "trailing_dot_whitespace", .warn), .flags("curl 'https://example.net '", "trailing_dot_whitespace", .warn),
        .flags("wget https://setup.zip", "lookalike_tld", .warn), .flags("curl https://free.tk/x", "suspicious_tld", .warn),
        .flags("git clone git@g\u{456}thub.com:a/b", "non_ascii_hostname"), .flags("ssh root@ex\u{430}mple.net", "non_ascii_hostname"),
        .flags("bash -c 'curl https://gihtub.com/x'", "confusable_domain", .warn), .flags("curl g\u{456}thub.com/x", "non_ascii_hostname"),
    ]) func flagged(_ row: TextCase) { row.check() }

    @Test("Plain hosts pass", arguments: [
        TextCase.passes("curl https://api.github.com/repos"), .passes("curl https://www.google.com.au/x"), .passes("curl 'https://[::1]:8080/x'"),
        .passes("curl https://example.net:9999/x"), .passes("git clone git@github.com:a/b.git"), .passes("ssh deploy@example.net"),
        .passes("curl https://user:pass@example.net/x"), .passes("curl https://john.doe@example.net/x"), .passes("curl \"https://$HOST/x\""),
        .passes("curl https://s3.amazonaws.com.cn/x"), .passes("psql postgres://u:p@db.example.net/x"), .passes("curl http://localhost:3000/x"),
        .passes("echo 'https://example.net is down'"), .passes("curl http://127.0.0.1/x"), .passes("grep -r https:// ."), .passes("open file:///tmp/x"),
    ]) func passed(_ row: TextCase) { row.check() }

    @Test("Paths that hide something are reported", arguments: [
        TextCase.flags("curl https://example.net/═", "non_ascii_path", .warn), .flags("curl https://example.net/l\u{43E}gin", "homoglyph_in_path", .warn),
        .flags("curl https://example.net/%252e%252e", "double_encoding", .warn), .flags("wget https://example.net/a%25%32x%2541", "double_encoding", .warn),
        .passes("curl https://example.net/a%20b%2Fc"), .passes("curl https://example.net/100%25"), .passes("curl 'https://example.net/?q=%2541'"),
    ]) func paths(_ row: TextCase) { row.check() }

    @Test("How it is fetched is looked at", arguments: [
        TextCase.flags("curl http://example.net/x", "plain_http_to_sink"), .flags("git clone http://example.net/r.git", "plain_http_to_sink"),
        .flags("pip install http://example.net/p.whl", "plain_http_to_sink"), .flags("xargs wget http://example.net/x", "plain_http_to_sink"),
        .flags("sudo wget -q http://example.net/x", "plain_http_to_sink"), .flags("curl -sSko x https://example.net/", "insecure_tls_flags"),
        .flags("wget --no-check-certificate https://example.net/x", "insecure_tls_flags"), .flags("http --verify=no https://example.net", "insecure_tls_flags"),
        .flags("http --verify no https://example.net", "insecure_tls_flags"), .flags("git -c http.sslVerify=false clone https://example.net/r", "insecure_tls_flags"),
        .flags("git config --global http.sslVerify false", "insecure_tls_flags"), .flags("curl -k https://localhost:8443/", "insecure_tls_flags", .warn),
        .flags("NODE_TLS_REJECT_UNAUTHORIZED=0 node x.js", "insecure_tls_flags"), .flags("pip install --trusted-host example.net x", "insecure_tls_flags"),
        .flags("curl example.net/x", "schemeless_to_sink", .warn), .flags("git clone example.net/r", "schemeless_to_sink", .warn),
        .flags("wget https://tinyurl.com/abc", "shortened_url", .warn), .flags("curl http://169.254.169.254/latest", "metadata_endpoint"),
        .flags("curl http://metadata.google.internal/x", "metadata_endpoint"), .flags("curl http://[fd00:ec2::254]/x", "metadata_endpoint"),
        .flags("curl 'http://[::ffff:169.254.169.254]/x'", "metadata_endpoint"), .flags("curl https://0xa9fea9fe/x", "metadata_endpoint"),
        .flags("wget https://10.1.2.3/x", "private_network_access"), .flags("curl https://192.168.0.1.nip.io/x", "private_network_access"),
        .flags("curl 172.20.1.1/x", "private_network_access"), .flags("curl 'https://[fe80::1]/x'", "private_network_access"),
    ]) func transport(_ row: TextCase) { row.check() }

    @Test("Safe ways to fetch, and addresses that are only mentioned, pass", arguments: [
        TextCase.passes("echo http://example.net"), .passes("curl -H 'Referer: http://example.net' https://example.org/x"),
        .passes("curl -d '{\"u\":\"http://example.net\"}' https://example.org/x"), .passes("curl -x http://proxy.example.net:3128 https://example.org/x"),
        .passes("curl -o out.zip https://example.net/x"), .passes("curl -fsSLo k.txt https://example.net/x"), .passes("curl -u me:pass.word https://example.net"),
        .passes("wget -O a.tar.gz https://example.net/x"), .passes("http GET https://example.net name=a.b"), .passes("git push origin feature/x.y"),
        .passes("git clone ../other.git"), .passes("ping 10.0.0.1"), .passes("ssh 192.168.1.5"), .passes("scp a.txt host:/tmp/"), .passes("wget -k https://example.net/x"),
        .passes("curl --url https://example.net/x"), .passes("docker run -e U=http://10.0.0.5 alpine"), .passes("npm test -- http://10.0.0.5"),
    ]) func safe(_ row: TextCase) { row.check() }

    @Test("Loose forms of an address are read as resolvers read them") func loose() {
        let address = { (text: String) in
            HostReference(scheme: "http", userinfo: nil, host: text.unicodeScalars.map(\.value), port: nil, path: [], span: 0..<0).address
        }
        for text in ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "127.0.1"] {
            #expect(address(text)?.ip.description == "127.0.0.1", "\(text)")
            #expect(address(text)?.isPlain == false)
        }
        for text in ["256.1.1.1", "1.2.3.4.5", "4294967296", "0x", "08", "a.b", "", "1..2"] where text != "0x" { #expect(address(text) == nil, "\(text)") }
        #expect(address("127.0.0.1")?.isPlain == true)
    }

    @Test("One step between names") func distance() {
        let isOne = { (left: String, right: String) in NameDistance.isOneEdit(Array(left.utf8), Array(right.utf8)) }
        #expect(isOne("github", "githb") && isOne("githb", "github") && isOne("github", "githup") && isOne("github", "gihtub"))
        #expect(!isOne("github", "github") && !isOne("github", "gitlab") && !isOne("a", "abc") && !isOne("abcd", "badc"))
    }
}
