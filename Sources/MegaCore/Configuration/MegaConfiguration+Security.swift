// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension MegaConfiguration {
    /// `adapters`: the channels people come in through.
    public struct Adapters: Sendable, Equatable {
        /// The native WebSocket channel.
        public var webSocket = WebSocket()

        /// Every key at its default.
        public init() {}

        /// `adapters.websocket`: the native encrypted WebSocket.
        public struct WebSocket: Sendable, Equatable {
            /// Whether the channel is opened.
            public var isEnabled = true
            /// The address to listen on.
            public var host = "127.0.0.1"
            /// The port; 0 takes any free one.
            public var port = 18790
            /// Frames are encrypted with a key made from it. Nil means: the one generated for this installation.
            public var password: Secret?
            /// Origins browsers may come from, exact.
            public var allowedOrigins: [String] = []
            /// Host names this server answers to.
            public var allowedHosts = ["localhost", "127.0.0.1", "[::1]"]
            /// Addresses and networks clients may connect from; empty means any.
            public var allowedAddresses: [String] = []
            /// How many messages one connection may send.
            public var rateLimit = RateLimit()
            /// The most bytes of one received message.
            public var maximumFrameBytes = 4 << 20
            /// Set when something else protects the way here, such as a tunnel: there is no TLS on this port.
            public var allowsPlaintextOffLoopback = false

            /// Every key at its default.
            public init() {}

            /// Whether ``host`` can be reached from this machine only.
            public var isLoopback: Bool {
                host == "localhost" || host == "::1" || host == "[::1]" || host.hasPrefix("127.")
            }
        }

        /// How many frames one connection may send at once; so many seconds later it may again.
        public struct RateLimit: Sendable, Equatable {
            /// Messages in the time of ``perSeconds``.
            public var messages = 60
            /// The time in seconds.
            public var perSeconds = 3

            /// Every key at its default.
            public init() {}
        }
    }

    /// `security`: keys, approvals, outbound connections, audit.
    public struct Security: Sendable, Equatable {
        /// `security.encryption`: where the key that seals everything stored comes from.
        public struct Encryption: Sendable, Equatable {
            /// The key file, mode 0600; relative to the data directory. Not used with a passphrase.
            public var keyFile = "master.key"
            /// When given, the key is derived from it (Argon2id).
            public var passphrase: Secret?

            /// Every key at its default.
            public init() {}
        }

        /// How stored data is sealed.
        public var encryption = Encryption()
        /// After this many seconds an unanswered approval request counts as denied.
        public var approvalsExpireAfterSeconds = 3600
        /// `host:port` pairs in private or loopback ranges that may be connected to; the model's own address is always among them.
        public var egressAllow: [String] = []
        /// Whether everything that happens is written to the audit log.
        public var isAuditEnabled = true
        /// How many days the audit is kept; 0 means for ever.
        public var auditKeepDays = 0
        /// The most MiB of audit kept; 0 means any number.
        public var auditMaximumMegabytes = 0

        /// Every key at its default.
        public init() {}
    }
}
