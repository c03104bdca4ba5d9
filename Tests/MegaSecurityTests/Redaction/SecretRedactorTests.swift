// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaSecurity
import Testing

@Suite("Secret redaction") struct SecretRedactorTests {
    /// Made from parts, so that no key-like text stands in the source.
    private static let body = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY"

    @Test("Well-known shapes are replaced", arguments: [
        ("sk-ant-" + "api03-" + body, "Anthropic key"), ("sk-" + "proj-" + body, "OpenAI key"), ("gh" + "p_" + body + "aB3d", "GitHub token"),
        ("AK" + "IA" + "Q3EGRB7TXWZ5M2KD", "AWS key id"), ("xox" + "b-" + "1234567890-" + body, "Slack token"), ("gl" + "pat-" + body, "GitLab token"),
        ("eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0In0." + body, "JSON web token"), ("AIza" + "Sy" + body + "a", "Google key"),
    ])
    func shapes(_ secret: String, _ kind: String) throws {
        for text in ["\(secret)", "key: \(secret).", "curl -H 'x: \(secret)' y", "a\n\(secret)\nb"] {
            let cleaned = try SecretRedactor().redact(text)
            #expect(!cleaned.contains(secret.suffix(12)), "\(cleaned)")
            #expect(cleaned.contains("[redacted: "))
        }
        #expect(try SecretRedactor().redact(secret) == "[redacted: \(kind)]")
    }

    @Test("Assignments, headers, key blocks and passwords in URLs are replaced") func structures() throws {
        let block = "-----BEGIN OPENSSH " + "PRIVATE KEY-----\nb3BlbnNza\nAAAA\n-----END OPENSSH " + "PRIVATE KEY-----"
        #expect(try SecretRedactor().redact("x\n\(block)\ny") == "x\n[redacted: private key]\ny")
        #expect(try SecretRedactor().redact("-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE") == "[redacted: private key]")
        #expect(try SecretRedactor().redact("password=Tr0ub4dor&x") == "password=[redacted: password]&x")
        #expect(try SecretRedactor().redact("\"db_password\": \"hunter2-hunter3\",") == "\"db_password\": \"[redacted: password]\",")
        #expect(try SecretRedactor().redact("API_KEY='\(Self.body)'") == "API_KEY='[redacted: secret]'")
        #expect(try SecretRedactor().redact("Authorization: Bearer \(Self.body)") == "Authorization: Bearer [redacted: authorization]")
        #expect(try SecretRedactor().redact("postgres://app:s3cr3tpw@db/x") == "postgres://app:[redacted: password in URL]@db/x")
    }

    @Test("Ordinary text stays as it is", arguments: [
        "The bearer of good news arrived at 10:30.", "commit 3f786850e387550fdab836ed7e6dc881de23001b", "password: ", "token = nil", "let secret = makeSecret()",
        "id 550e8400-e29b-41d4-a716-446655440000", "https://example.com:8080/a@b", "ask-me-anything-about-the-weather-tomorrow", "password=${DB_PASSWORD}",
        "passwort vergessen? 日本語 😀", "tokens: 4096", "api_key: YOUR_API_KEY_HERE", "sk-learn is a library", "user@example.com: hello", "",
    ])
    func ordinary(_ text: String) throws { #expect(try SecretRedactor().redact(text) == text) }

    @Test("Given values are replaced wherever they stand, encoded ones too") func exact() throws {
        let redactor = SecretRedactor(secrets: [Secret("correct horse"), Secret("abc")])
        #expect(try redactor.redact("the correct horse abc") == "the [redacted: secret] abc")
        #expect(try !redactor.redact("x Y29ycmVjdCBob3JzZQ== y").contains("Y29ycmVjdCBob3Jz"))
        #expect(try redactor.redact("?q=correct%20horse") == "?q=[redacted: secret]")
    }

    @Test("Random bytes never crash it, and redacting twice changes nothing") func fuzz() throws {
        let pieces = ["password", "=", ":", "\"", "'", " ", "sk-", "ant-", Self.body, "eyJ", ".", "Bearer ", "://", "@", "-----BEGIN ", "PRIVATE KEY", "-----END ", "\n", "é", "AKIA"]
        var generator = SeededGenerator(seed: 9)
        let redactor = SecretRedactor(secrets: [Secret("canary-value")])
        for _ in 0..<3_000 {
            var text = (0..<Int.random(in: 1...12, using: &generator)).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &generator)] }.joined()
            text += "canary-value"
            let once = try redactor.redact(text)
            #expect(!once.contains("canary-value"))
            #expect(try redactor.redact(once).contains("canary-value") == false)
        }
    }
}

@Suite("Redaction of text that is still coming") struct UnfinishedSecretTests {
    @Test("A key block that has not ended is held back, nothing else is") func keyBlocks() {
        let redactor = SecretRedactor()
        let begin = "-----BEGIN EC " + "PRIVATE KEY-----"
        #expect(redactor.unfinishedSuffix(of: "a\n\(begin)\nMHcC\n") == begin.utf8.count + 6)
        #expect(redactor.unfinishedSuffix(of: "a\n\(begin)\nMHcC\n-----END EC " + "PRIVATE KEY-----\nand more\n") == 0)
        let certificate = String(repeating: "MHcC", count: 16)
        #expect(redactor.unfinishedSuffix(of: "-----BEGIN CERTIFICATE-----\n\(certificate)\n") == 0)
        #expect(redactor.unfinishedSuffix(of: "plain\ntext\n") == 0)
        #expect(SecretRedactor(recognisesShapes: false).unfinishedSuffix(of: "\(begin)\nx\n") == 0)
    }
}
