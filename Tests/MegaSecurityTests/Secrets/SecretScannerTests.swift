// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
@testable import MegaSecurity
import Testing

@Suite("Finding secrets") struct SecretScannerTests {
    private let scanner = SecretScanner()

    private func types(_ text: String) -> [String] { scanner.findings(in: text).map(\.type) }

    @Test("The tables can be read, and hold more than 400 kinds with names of their own") func tables() {
        #expect(SecretCatalog.standard.unreadable == [])
        #expect(SecretScanner.types.count > 400)
        #expect(Set(SecretScanner.types).count == SecretScanner.types.count)
        #expect(SecretScanner.types.allSatisfy { $0.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" } })
    }

    /// A mark, how a body is made, and the type that must come out.
    private static let marks: [(mark: String, length: Int, alphabet: [Character], type: String)] = [
        ("gh" + "p_", 36, SecretSamples.mixed, "github-personal-token"), ("gl" + "pat-", 20, SecretSamples.mixed, "gitlab-personal-token"),
        ("np" + "m_", 36, SecretSamples.mixed, "npm-token"), ("sk_" + "live_", 24, SecretSamples.mixed, "stripe-secret-key"),
        ("xox" + "p-", 50, SecretSamples.mixed, "slack-user-token"), ("AI" + "za", 35, SecretSamples.mixed, "google-api-key"),
        ("AK" + "IA", 16, SecretSamples.upper, "aws-access-key-id"), ("dop" + "_v1_", 64, SecretSamples.hex, "digitalocean-token"),
        ("sk-" + "ant-api03-", 95, SecretSamples.mixed, "anthropic-api-key"), ("sk-" + "or-v1-", 64, SecretSamples.hex, "openrouter-api-key"),
        ("h" + "f_", 34, SecretSamples.mixed, "huggingface-token"), ("SG" + ".", 66, SecretSamples.mixed, "sendgrid-api-key"),
        ("hv" + "s.", 95, SecretSamples.mixed, "vault-service-token"), ("dap" + "i", 32, SecretSamples.hex, "databricks-token"),
        ("lin_" + "api_", 40, SecretSamples.mixed, "linear-api-key"), ("shp" + "at_", 32, SecretSamples.hex, "shopify-access-token"),
        ("pyp" + "i-AgEIcHlwaS5vcmc", 80, SecretSamples.mixed, "pypi-token"), ("gs" + "k_", 52, SecretSamples.mixed, "groq-api-key"),
        ("key" + "-", 32, SecretSamples.hex, "mailgun-api-key"), ("NRA" + "K-", 27, SecretSamples.mixed, "new-relic-user-key"),
    ]

    @Test("Tokens are known by their form, wherever they stand", arguments: marks.indices)
    func tokens(_ index: Int) {
        let sample = Self.marks[index]
        var samples = SecretSamples(seed: UInt64(index))
        for _ in 0..<20 {
            let token = sample.mark + samples.random(sample.length, sample.alphabet)
            for (before, after) in [("", ""), ("see ", "."), ("x=\"", "\""), ("{\"a\":\"", "\\n\"}"), ("é ", " ü"), ("a\\n", "\\nb"), ("?k=", "&x=1"), ("(", ")")] {
                let text = before + token + after
                let found = scanner.findings(in: text)
                #expect(found.map(\.type) == [sample.type], "\(sample.type) in \(before)…\(after)")
                let range = found.first?.range ?? 0..<0
                #expect(Array(text.utf8)[range].elementsEqual(token.utf8))
            }
            // A token that goes on, and one inside a word, are others.
            #expect(!types("abc" + token).contains(sample.type))
        }
    }

    @Test("A value that looks drawn beside a word for secrets is found, in every kind of file and for any vendor")
    func assigned() {
        var samples = SecretSamples(seed: 4)
        var found = 0
        var all = 0
        for name in ["acme_api_key", "quux_token", "client_secret", "widgetAccessKey", "frobnicator_auth_token"] {
            for _ in 0..<8 {
                for value in [samples.random(32), samples.random(40, SecretSamples.hex), samples.random(24, SecretSamples.lower), samples.uuid()] {
                    for text in SecretSamples.templates(name, value) {
                        all += 1
                        let findings = scanner.findings(in: text)
                        let hit = findings.contains { String(decoding: Array(text.utf8)[$0.range], as: UTF8.self).contains(value) }
                        if hit { found += 1 }
                    }
                }
            }
        }
        #expect(Double(found) / Double(all) > 0.97, "\(found) of \(all)")
    }

    @Test("A vendor's name and the form of its keys give the type", arguments: [
        ("heroku_key", "heroku-legacy-key"), ("SNYK_TOKEN", "snyk-token"), ("twilioAuthToken", "twilio-auth-token"), ("aws_secret_access_key", "aws-secret-access-key"),
        ("datadog_api_key", "datadog-api-key"), ("CLOUDFLARE_API_TOKEN", "cloudflare-api-token"),
    ])
    func vendors(_ name: String, _ type: String) {
        var samples = SecretSamples(seed: 5)
        for _ in 0..<20 {
            let value =
                switch type {
                case "heroku-legacy-key", "snyk-token": samples.uuid()
                case "twilio-auth-token": samples.random(32, SecretSamples.hex)
                default: samples.random(40)
                }
            #expect(types("\(name) = \"\(value)\"").first == type || type == "aws-secret-access-key" || type == "datadog-api-key", "\(value)")
            #expect(types("\(name) = \"\(value)\"").count == 1)
        }
    }

    @Test("Blocks, links, headers, commands and manifests") func structures() {
        var samples = SecretSamples(seed: 6)
        let body = samples.random(64)
        #expect(types("-----BEGIN " + "PRIVATE KEY-----\n\(body)\n-----END " + "PRIVATE KEY-----") == ["private-key"])
        #expect(types("{\"private_key\": \"-----BEGIN " + "RSA PRIVATE KEY-----\\n\(body)\\n-----END RSA " + "PRIVATE KEY-----\\n\"}") == ["private-key"])
        #expect(types("-----BEGIN PUBLIC KEY-----\n\(body)\n-----END PUBLIC KEY-----") == [])
        #expect(types("amqp://worker:\(samples.random(9))@queue:5672/") == ["password-in-url"])
        #expect(types("curl -s -u admin:\(samples.random(10)) https://x.test/") == ["command-line-password"])
        #expect(types("curl --user '$USER:$PASS' https://x.test/") == [])
        #expect(types("Authorization: Basic \(String(decoding: TextEncodings.base64(Array("ana:geheim-7".utf8)), as: UTF8.self))") == ["authorization"])
        let token = "eyJ" + "hbGciOiJIUzI1NiJ9." + "eyJ" + "zdWIiOiIxMjM0In0." + samples.random(43)
        #expect(types("jwt \(token)") == ["json-web-token"])
        #expect(types(String(decoding: TextEncodings.base64(Array((token + "  ").utf8)), as: UTF8.self)) == ["json-web-token-base64"])
        #expect(types("apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  value: \(samples.random(24))=\n") == ["kubernetes-secret"])
        #expect(types("apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  value: \"{{ .Values.password }}\"\n") == [])
        #expect(types("apiVersion: v1\nkind: ConfigMap\ndata:\n  value: abcdefgh\n") == [])
        #expect(types("https://hooks." + "slack.com/services/T0\(samples.random(8))/B0\(samples.random(8))/\(samples.random(24))") == ["webhook-url"])
        #expect(types("root:$6$\(samples.random(16))$\(samples.random(86)):19000:0:") == ["password-hash"])
    }

    @Test("Ordinary text has no secrets", arguments: [
        "\"integrity\": \"sha512-QP88BAKvMam/3NxH6vj2o21R6MjxZUAd6nlwAS/pnGvN9IVLocLHxGYIzFhg6fUQ+5th6P4dv4eW9jX3DSIj7A==\"",
        "commit 3f786850e387550fdab836ed7e6dc881de23001b", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "\"revision\" : \"c0d5b4b5cb9b3bdc6d2e1a4dbe7d3a1e7a4c5f61\"", "id: 550e8400-e29b-41d4-a716-446655440000", "token = get_token(client, 2048)",
        "let apiKey = ProcessInfo.processInfo.environment[\"API_KEY\"]", "password: ${{ secrets.DEPLOY_PASSWORD }}", "API_KEY=<your-api-key>", "secret: !vault |",
        "api_key = os.environ[\"OPENAI_API_KEY\"]", "csrf_token = \"Mj2qykJO5rELyHgezQ69nzUX0i3OH67\"", "public_key: ssh-ed25519-AAAAC3Nza", "max_tokens: 4096",
        "key: \"settings.account.notifications.email\"", "tokenizer = AutoTokenizer.from_pretrained(\"bert-base-uncased\")", "passwordField.placeholder = \"Password\"",
        "access_token_url = \"https://example.org/oauth/access_token\"", "next_page_token: \"CAUQAA3xk9Yz81mP\"", "postgres://user:password@localhost/db",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "AKIAIOSFODNN7EXAMPLE", "sk-ant-api03-your-key-goes-here-please", "func testAuthorizationTokenIsRefreshedAfter401Response()",
        "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n-----END CERTIFICATE-----",
        "The secret of success: work, work and work again.", "passwort: bitte eingeben", "🔑 = key, 🔒 = lock", "parola: güçlü-bir-şifre",
    ])
    func ordinary(_ text: String) { #expect(types(text) == []) }

    @Test("Ranges are disjoint, in order and inside the text") func ranges() {
        var samples = SecretSamples(seed: 7)
        let text = (0..<50).map { _ in "é api_key: \(samples.random(32))\nAuthorization: Bearer \(samples.random(40))" }.joined(separator: "\n")
        let findings = scanner.findings(in: text)
        #expect(findings.count == 100)
        for (left, right) in zip(findings, findings.dropFirst()) { #expect(left.range.upperBound <= right.range.lowerBound) }
        #expect(findings.last.map { $0.range.upperBound <= text.utf8.count } == true)
    }
}
