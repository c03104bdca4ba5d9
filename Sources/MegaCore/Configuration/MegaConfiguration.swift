// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Everything a host may want to let its user choose, as one value that was checked as a whole.
///
/// Read it with ``check(_:)`` or ``load(_:)`` from a YAML file, a `.env` file and environment variables, or fill it in by hand:
/// every part has a default. Relative paths are meant relative to the folder of the configuration file.
public struct MegaConfiguration: Sendable, Equatable {
    /// Name, folders, mode and log.
    public var system: System
    /// Nil means: find a model by itself, the local Ollama if it answers, else the offline model.
    public var model: Model?
    /// The channels.
    public var adapters: Adapters
    /// Who may talk and who decides.
    public var people: People
    /// The folder tools work in.
    public var workspace: Workspace
    /// Which tools there are.
    public var tools: Tools
    /// The rules about actions.
    public var policies: Policies
    /// Where secrets are and where they may go.
    public var secrets: Secrets
    /// Sealing, approvals, connections, audit.
    public var security: Security
    /// How much is done and kept waiting at once.
    public var limits: Limits

    /// Every part at its default unless given.
    public init(
        system: System = System(), model: Model? = nil, adapters: Adapters = Adapters(), people: People = People(),
        workspace: Workspace = Workspace(), tools: Tools = Tools(), policies: Policies = Policies(), secrets: Secrets = Secrets(),
        security: Security = Security(), limits: Limits = Limits()
    ) {
        self.system = system
        self.model = model
        self.adapters = adapters
        self.people = people
        self.workspace = workspace
        self.tools = tools
        self.policies = policies
        self.secrets = secrets
        self.security = security
        self.limits = limits
    }
}

extension MegaConfiguration {
    /// `system`: the installation itself.
    public struct System: Sendable, Equatable {
        /// What the bot calls itself.
        public var name = "MegaBot"
        /// Where the database, the keys and the log are.
        public var dataDirectory = ".megabot"
        /// The mode a new conversation starts in.
        public var defaultMode = Mode.build
        /// Lines below this level are not written.
        public var logLevel = LogLevel.info

        /// Every key at its default.
        public init() {}
    }

    /// How much goes into the log.
    public enum LogLevel: String, Sendable, Hashable, CaseIterable {
        case trace, debug, info, notice, warning, error, critical
    }

    /// `people`: who may talk to the bot.
    public struct People: Sendable, Equatable {
        /// What an unknown sender gets.
        public enum UnknownSender: String, Sendable, Hashable, CaseIterable {
            case refuse, answer
        }

        /// Accounts of the owner, as `platform:sender`.
        public var owners = ["websocket:owner"]
        /// Accounts that may talk but not approve, as `platform:sender`.
        public var known: [String] = []
        /// What happens to everybody in neither list.
        public var unknown = UnknownSender.refuse

        /// Every key at its default.
        public init() {}
    }

    /// `workspace`: the folder tools work in.
    public struct Workspace: Sendable, Equatable {
        /// The folder; relative paths start at the folder of the configuration file.
        public var path = "workspace"

        /// Every key at its default.
        public init() {}
    }

    /// `tools`: what the agent may use at all.
    public struct Tools: Sendable, Equatable {
        /// `tools.commands`: running commands in the sandbox.
        public struct Commands: Sendable, Equatable {
            /// What confines commands: namespaces, or Landlock where there are none, which does less.
            public enum Sandbox: String, Sendable, Hashable, CaseIterable {
                case bubblewrap, landlock
            }

            /// Whether commands can be run at all.
            public var isEnabled = true
            /// Whether commands may reach the network.
            public var allowsNetwork = false
            /// Whole seconds a command may run.
            public var timeoutSeconds = 120
            /// MiB of address space per process.
            public var memoryMegabytes = 2048
            /// Processes at once.
            public var processes = 256
            /// MiB of one written file.
            public var fileMegabytes = 256
            /// MiB a command may write altogether.
            public var diskMegabytes = 4096
            /// What confines commands.
            public var sandbox = Sandbox.bubblewrap
            /// Destinations commands may reach, over HTTP and TLS, while ``allowsNetwork`` is false. Entries as in ``EgressPolicy``.
            public var allowedHosts: [String] = []
            /// Absolute folders that commands may read beside the system's own.
            public var readableFolders: [String] = []
            /// Paths inside the workspace that commands cannot change, beside those that never can be.
            public var protectedPaths: [String] = []
            /// Names of ``SandboxCoverage/Control``s without which commands are run all the same.
            public var toleratesMissing: [String] = []

            /// Every key at its default.
            public init() {}
        }

        /// `tools.files`: listing, reading, writing and searching files of the workspace.
        public struct Files: Sendable, Equatable {
            /// Whether files can be read and written at all.
            public var isEnabled = true

            /// Every key at its default.
            public init() {}
        }

        /// Running commands.
        public var commands = Commands()
        /// Listing, reading, writing and searching files.
        public var files = Files()

        /// Every key at its default.
        public init() {}
    }

    /// `policies`: rules for what happens without asking. Deny wins over ask, ask over allow.
    public struct Policies: Sendable, Equatable {
        /// What happens with an action no rule speaks about.
        public var fallback = PolicyVerdict.ask
        /// Patterns that go through without a question.
        public var allow: [String] = []
        /// Patterns a person is asked about.
        public var ask: [String] = []
        /// Patterns that never run.
        public var deny: [String] = []
        /// Built-in sets of allow rules, by name.
        public var presets: [String] = []
        /// Rules with conditions.
        public var rules: [Rule] = []

        /// One rule of `policies.rules`.
        public struct Rule: Sendable, Equatable {
            /// What to say.
            public var verdict: PolicyVerdict
            /// What it is about.
            public var pattern: String
            /// When it holds.
            public var conditions: PolicyConditions
            /// Why it is there, for people.
            public var note: String?

            /// Makes a rule.
            public init(_ verdict: PolicyVerdict, _ pattern: String, conditions: PolicyConditions = .none, note: String? = nil) {
                self.verdict = verdict
                self.pattern = pattern
                self.conditions = conditions
                self.note = note
            }
        }

        /// Every key at its default.
        public init() {}
    }

    /// `limits`: bounds that keep the machine usable.
    public struct Limits: Sendable, Equatable {
        /// Turns at work at once, each of another conversation.
        public var concurrentTurns = 64
        /// Accepted messages that wait; past this the channels are held back.
        public var queuedTurns = 10_000
        /// The most minutes a turn may be at work; 0 leaves it to its mode.
        public var turnMinutes = 0
        /// Days the ledger keeps turns that have ended; 0 means for good.
        public var keepTurnsDays = 30
        /// Messages per minute; what is over it waits.
        public var messagesPerMinute = MessagesPerMinute()
        /// Requests per minute to the port of `adapters.websocket`; what is over it is refused with 429.
        public var requestsPerMinute = RequestsPerMinute()
        /// Hours before an attachment that nothing refers to is deleted; 0 keeps them for good.
        public var keepUnusedAttachmentsHours = 24

        /// `limits.requests_per_minute`: HTTP requests and openings of WebSockets by one address; 0 means any number.
        public struct RequestsPerMinute: Sendable, Equatable {
            /// Of a client on this machine.
            public var local = 1000
            /// Of a client in a private network.
            public var vpn = 500
            /// Of a client from anywhere else.
            public var direct = 100
            /// To the WebSocket, of each client.
            public var webSocket = 1000
            /// To `/health`, of each client.
            public var health = 1000

            /// Every key at its default.
            public init() {}
        }

        /// `limits.messages_per_minute`: by whom; 0 means any number.
        public struct MessagesPerMinute: Sendable, Equatable {
            /// Of the owner.
            public var owner = 0
            /// Of each known person.
            public var known = 60
            /// Of each stranger, where strangers are answered.
            public var unknown = 10
            /// Of each channel, whoever they are from; the owner's are not counted.
            public var channel = 1200

            /// Every key at its default.
            public init() {}
        }

        /// Every key at its default.
        public init() {}
    }
}
