// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Secrets and system files handed to programs that send, and several of them read at once.
enum ExfiltrationRules {
    static func check(_ command: ShellCommand, program: String, bytes: [UInt8], into found: inout TextFindings) {
        switch program {
        case "curl", "wget", "http", "https", "xh", "xhs": uploads(command, program, bytes, into: &found)
        case "cat", "tar", "zip", "7z", "cp", "scp", "rsync", "gzip", "head", "tail", "base64", "xxd", "strings", "less", "more", "grep":
            sweep(command, into: &found)
        default: break
        }
    }

    // MARK: - What is secret

    private static let folders = [
        ".ssh/", ".aws/", ".gnupg/", ".kube/", ".docker/config.json", ".config/gcloud/", ".azure/", ".netrc", ".pgpass", ".npmrc", ".pypirc",
        ".git-credentials", ".config/gh/", ".vault-token", ".terraform.d/credentials", ".password-store/", ".mozilla/", ".config/google-chrome/",
        ".cargo/credentials", ".gem/credentials", ".bash_history", ".zsh_history",
    ]

    private static let names: Set<String> = [
        "/etc/passwd", "/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/etc/krb5.keytab", "id_rsa", "id_ed25519", "id_ecdsa", "id_dsa",
        "credentials.json", "service-account.json", "secrets.yaml", "secrets.yml", ".env", ".env.local", ".env.production", ".netrc",
        ".pgpass", ".npmrc", ".pypirc", ".git-credentials", "master.key", "/proc/self/environ",
    ]

    static func isSecret(path: String) -> Bool {
        if names.contains(path) || path.hasPrefix("/etc/ssl/private/") { return true }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        if names.contains(name) || name.hasSuffix(".pem") || name.hasSuffix(".p12") || name.hasSuffix(".pfx") || name.hasSuffix(".kdbx") {
            return !name.hasSuffix("cert.pem") && !name.hasSuffix("ca.pem") && name != "cacert.pem"
        }
        return folders.contains { folder in path.hasPrefix(folder) || path.contains("/" + folder) } && !path.hasSuffix(".pub")
            && !path.hasSuffix("known_hosts")
    }

    private static let secretWords = ["SECRET", "TOKEN", "PASSWORD", "PASSWD", "API_KEY", "APIKEY", "ACCESS_KEY", "PRIVATE_KEY", "CREDENTIAL"]

    // MARK: - Sending

    private static let bodies: Set<String> = [
        "-d", "--data", "--data-ascii", "--data-raw", "--data-binary", "--data-urlencode", "-F", "--form", "-T", "--upload-file", "--json",
        "--post-file", "--post-data", "--body-file", "--body-data", "--url-query",
    ]

    private static func uploads(_ command: ShellCommand, _ program: String, _ bytes: [UInt8], into found: inout TextFindings) {
        let arguments = Array(command.words.dropFirst())
        var option: String?
        for word in arguments {
            if let name = option {
                option = nil
                judge(name, word.text, word, bytes, into: &found)
                continue
            }
            if bodies.contains(word.text) {
                option = word.text
            } else if let equals = word.text.firstIndex(of: "="), word.text.hasPrefix("--"), bodies.contains(String(word.text[..<equals])) {
                judge(String(word.text[..<equals]), String(word.text[word.text.index(after: equals)...]), word, bytes, into: &found)
            } else if program == "curl", word.text.count > 2, ["-d", "-F", "-T"].contains(where: { word.text.hasPrefix($0) }) {
                judge(String(word.text.prefix(2)), String(word.text.dropFirst(2)), word, bytes, into: &found)
            } else if program != "curl", program != "wget", let at = word.text.lastIndex(of: "@") {
                let path = String(word.text[word.text.index(after: at)...])
                if isSecret(path: path) { found.add(.dataExfiltration, word.span) }
            }
        }
    }

    private static func judge(_ option: String, _ value: String, _ word: ShellWord, _ bytes: [UInt8], into found: inout TextFindings) {
        if !word.isLiteral, fills(bytes[word.span.clamped(to: 0..<bytes.count)]) { return found.add(.dataExfiltration, word.span) }
        let isPath = ["-T", "--upload-file", "--post-file", "--body-file"].contains(option)
        if isPath {
            if isSecret(path: value) { found.add(.dataExfiltration, word.span) }
            return
        }
        for mark: Character in ["@", "<"] {
            guard let at = value.firstIndex(of: mark) else { continue }
            let path = value[value.index(after: at)...].prefix { $0 != ";" && $0 != "," }
            if isSecret(path: String(path)) { found.add(.dataExfiltration, word.span) }
        }
    }

    /// Whether a word that is filled when it runs names a secret variable or reads a secret file.
    private static func fills(_ raw: ArraySlice<UInt8>) -> Bool {
        let text = String(decoding: raw.prefix(4_096), as: UTF8.self)
        for piece in text.split(separator: "$").dropFirst(text.hasPrefix("$") ? 0 : 1) {
            let name = piece.drop { $0 == "{" }.prefix { $0.isLetter || $0.isNumber || $0 == "_" }.uppercased()
            if secretWords.contains(where: { name.contains($0) }) { return true }
        }
        guard text.contains("$(") || text.contains("`") else { return false }
        let parts = text.split { $0 == " " || $0 == "(" || $0 == ")" || $0 == "`" || $0 == "\"" || $0 == "'" || $0 == "|" || $0 == "<" || $0 == ";" }
        return parts.contains { isSecret(path: String($0)) || $0 == "printenv" || $0 == "env" }
    }

    // MARK: - Reading many

    private static func sweep(_ command: ShellCommand, into found: inout TextFindings) {
        let secret = command.words.dropFirst().filter { word in
            !word.text.hasPrefix("-") && isSecret(path: word.text) && word.text != "/etc/passwd"
        }
        guard secret.count >= 2, let first = secret.first, let last = secret.last else { return }
        found.add(.credentialFileSweep, first.span.lowerBound..<max(first.span.upperBound, last.span.upperBound), secret.count >= 5 ? .block : .warn)
    }
}
