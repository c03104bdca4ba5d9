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
            /// Hosts this server answers to, as clients name them. One without a port stands for the port listened on; behind a proxy or
            /// tunnel write the outer one, such as `bot.example:443`.
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

        /// `security.approvals`: who approves, and who is asked when nobody answers.
        public struct Approvals: Sendable, Equatable {
            /// Effects (`executes`, `spendsMoney`, …) and names of tools whose actions two different persons have to approve.
            public var twoPersons: [String] = []
            /// Effects and names of tools whose actions somebody else than the requester has to approve.
            public var separateDuties: [String] = []
            /// Conversations a question goes to when nobody answers, one after the other, as `platform:account:chat`.
            public var escalateTo: [String] = []
            /// Whole seconds before each of them.
            public var escalateAfterSeconds = 300
            /// The hours in which nobody is asked further, `22:00-07:00` local time; nil for none.
            public var quietHours: String?
            /// After so many approvals of like actions in a day something narrower is proposed; 0 never.
            public var fatigueLimit = 5

            /// Every key at its default.
            public init() {}
        }

        /// What the command guard's verdicts do.
        public enum CommandGuardUse: String, Sendable, Hashable, CaseIterable {
            /// Its blocks deny, its questions are asked whatever a rule allows.
            case enforce
            /// Its findings are only said in questions that are asked anyway.
            case advise
        }

        /// What the command guard's verdicts do.
        public var commandGuard = CommandGuardUse.enforce
        /// Who approves, and who is asked when nobody answers.
        public var approvals = Approvals()
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
