// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Secrets that show by what is around them: key blocks, web tokens, passwords in links, headers and commands.
enum SecretStructures {
    enum Kind: Sendable, CaseIterable {
        case keyBlock, webToken, encodedWebToken, authorization, link, webhook, commandLine, kubernetes, serviceAccount, passwordHash, sharedAccess

        /// Lower case; what the scanner looks for.
        var keywords: [String] {
            switch self {
            case .keyBlock: ["-----begin", "private-lines:"]
            case .webToken: ["eyj"]
            case .encodedWebToken: ["zxlk"]
            case .authorization: ["bearer ", "basic "]
            case .link: ["://"]
            case .webhook: SecretStructures.webhooks
            case .commandLine: ["curl "]
            case .kubernetes: ["kind:", "kind\":"]
            case .serviceAccount: ["\"service_account\""]
            case .passwordHash: ["$2a$", "$2b$", "$2y$", "$1$", "$5$", "$6$", "$y$", "$apr1$", "$argon2i", "$argon2d", "$7$"]
            case .sharedAccess: ["?sig=", "&sig=", "%26sig%3d"]
            }
        }

        /// What it may find.
        var findings: [SecretKind] {
            switch self {
            case .keyBlock: [SecretStructures.privateKey]
            case .webToken: [SecretStructures.webToken]
            case .encodedWebToken: [SecretStructures.encodedWebToken]
            case .authorization: [SecretStructures.authorization]
            case .link: [SecretStructures.linkPassword, SecretStructures.linkToken]
            case .webhook: [SecretStructures.webhook]
            case .commandLine: [SecretStructures.commandLine]
            case .kubernetes: [SecretStructures.kubernetes]
            case .serviceAccount: [SecretStructures.serviceAccount]
            case .passwordHash: [SecretStructures.passwordHash]
            case .sharedAccess: [SecretStructures.sharedAccess]
            }
        }

        func find(_ bytes: UnsafeBufferPointer<UInt8>, keyword: Range<Int>, in bounds: Range<Int>) -> SecretCandidate? {
            switch self {
            case .keyBlock: SecretStructures.keyBlock(bytes, keyword, bounds)
            case .webToken: SecretStructures.webToken(bytes, keyword, bounds)
            case .encodedWebToken: SecretStructures.encodedWebToken(bytes, keyword, bounds)
            case .authorization: SecretStructures.authorization(bytes, keyword, bounds)
            case .link: SecretStructures.link(bytes, keyword, bounds)
            case .webhook: SecretStructures.webhook(bytes, keyword, bounds)
            case .commandLine: SecretStructures.commandLine(bytes, keyword, bounds)
            case .kubernetes: SecretStructures.kubernetes(bytes, keyword, bounds)
            case .serviceAccount: SecretStructures.serviceAccount(bytes, keyword, bounds)
            case .passwordHash: SecretStructures.passwordHash(bytes, keyword, bounds)
            case .sharedAccess: SecretStructures.sharedAccess(bytes, keyword, bounds)
            }
        }
    }

    static let privateKey = SecretKind(type: "private-key", title: "private key")
    static let webToken = SecretKind(type: "json-web-token", title: "JSON web token")
    static let encodedWebToken = SecretKind(type: "json-web-token-base64", title: "JSON web token")
    static let authorization = SecretKind(type: "authorization", title: "authorization")
    static let linkPassword = SecretKind(type: "password-in-url", title: "password in URL")
    static let linkToken = SecretKind(type: "token-in-url", title: "token in URL")
    static let webhook = SecretKind(type: "webhook-url", title: "webhook URL")
    static let commandLine = SecretKind(type: "command-line-password", title: "password")
    static let kubernetes = SecretKind(type: "kubernetes-secret", title: "Kubernetes secret")
    static let serviceAccount = SecretKind(type: "google-service-account", title: "Google service account key")
    static let passwordHash = SecretKind(type: "password-hash", title: "password hash")
    static let sharedAccess = SecretKind(type: "azure-shared-access-signature", title: "Azure signature")

    static func candidate(_ kind: SecretKind, _ range: Range<Int>, markLength: Int = 0) -> SecretCandidate {
        SecretCandidate(kind: kind, range: range, certainty: .structure, markLength: markLength)
    }

    /// The place of `text`, ignoring case, from `start` on.
    static func find(_ text: [UInt8], _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Int? {
        var index = start
        while index + text.count <= end {
            if text.indices.allSatisfy({ ByteSearch.lower(bytes[index + $0]) == text[$0] }) { return index }
            index += 1
        }
        return nil
    }
}
