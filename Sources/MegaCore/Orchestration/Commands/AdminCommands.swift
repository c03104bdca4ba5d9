// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The `!commands` by which people steer the assistant. Read from a person's own message only; models and tools cannot give them.
struct AdminCommands: Sendable {
    let approvals: ApprovalCenter
    let authorizer: any ActionAuthorizer
    let modes: SessionModes
    let log: any ConversationLog
    let health: @Sendable () async -> HealthReport
    /// Stops what runs in a conversation and came before a turn; the turn it stopped.
    let stop: @Sendable (ConversationID, TurnID) async -> TurnID?
    let kill: @Sendable (KillSwitch.Scope, PersonID, String?) async throws -> KillReport
    let unkill: @Sendable (KillSwitch.Scope?, PersonID) async throws -> [KillSwitch]
    let killSwitches: @Sendable () -> [KillSwitch]
    let audit: any AuditSink
    let dependencies: Dependencies

    /// A command and its arguments.
    struct Invocation: Sendable, Hashable {
        var name: String
        var arguments: [String]
    }

    private static let known: Set<String> = [
        "approve", "yes", "reject", "no", "deny", "allow", "policies", "mode", "history_clean", "whoami", "health", "stop", "help",
        "show", "grants", "revoke", "kill", "unkill",
    ]

    /// Commands of the reference system that this version does not have.
    private static let absent: Set<String> = ["link", "backup", "briefing", "rag_rebuild", "call"]

    /// Reads a command, or nil when the text is an ordinary message. `!` and a word that is close to no command is ordinary text.
    static func parse(_ text: String) -> Invocation? {
        // Nearly every message is ordinary: do not cut it into words to find that out.
        guard text.first(where: { !$0.isWhitespace }) == "!" else { return nil }
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let first = words.first, first.hasPrefix("!"), first.count > 1 else { return nil }
        let name = first.dropFirst().lowercased()
        guard known.contains(name) || absent.contains(name) || nearest(to: name) != nil else { return nil }
        return Invocation(name: name, arguments: Array(words.dropFirst()))
    }

    /// Carries out a command and returns what to answer. Failures are answers too.
    func perform(_ command: Invocation, turn: Turn) async throws -> CommandAnswer {
        let isOwner = turn.message.trust == .owner
        do {
            switch command.name {
            case "help": return CommandAnswer(Self.help)
            case "whoami": return CommandAnswer(whoami(turn))
            default: break
            }
            guard isOwner else { throw CommandError("Only the owner can use !\(command.name).") }
            // Whatever list it is on: a machine's message is no person's word.
            guard !turn.message.sender.isBot else { throw CommandError("Bots cannot use !\(command.name).") }
            switch command.name {
            case "approve", "yes": return try await approve(command.arguments, turn)
            case "reject", "no": return try await refuse(command.arguments, turn)
            case "show": return CommandAnswer(try await show(command.arguments))
            case "grants": return CommandAnswer(try await listGrants())
            case "revoke": return CommandAnswer(try await revoke(command.arguments, turn))
            case "kill": return CommandAnswer(try await kill(command.arguments, turn))
            case "unkill": return CommandAnswer(try await unkill(command.arguments, turn))
            case "deny": return try await deny(command.arguments, turn)
            case "allow": return CommandAnswer(try await addRule(.allow, command.arguments, turn))
            case "policies": return CommandAnswer(await policies())
            case "mode": return CommandAnswer(try await mode(command.arguments, turn))
            case "history_clean": return CommandAnswer(try await cleanHistory(command.arguments, turn))
            case "health": return CommandAnswer(await health().rendering)
            case "stop":
                let ended = await stop(turn.message.conversation, turn.id)
                return CommandAnswer(ended == nil ? "Nothing is running here." : "Stopped.", ended: ended)
            case let name where Self.absent.contains(name): throw CommandError("!\(name) is not available in this version.")
            default:
                let hint = Self.nearest(to: command.name).map { " Did you mean !\($0)?" } ?? ""
                throw CommandError("There is no command !\(command.name).\(hint) !help lists them.")
            }
        } catch let error as CommandError {
            return CommandAnswer(error.description)
        }
    }

    static let help = """
        !approve [code] – allow exactly what the open request lists, once (also !yes)
        !approve CODE for 30m x20 – also answer the same action for 30 minutes, at most 20 times; `as WORDS *` for any that begins so
        !deny [code] [reason] – refuse the open request (also !no, !reject)
        !show CODE – all of what an open request is bound to
        !grants – what was granted and how often it was used
        !revoke ID|all – end a grant
        !kill [all|here|tool NAME|channel NAME] [why] – stop what runs and keep it stopped, at once; everything unless you say what
        !unkill [all|here|tool NAME|channel NAME] – let it run again
        !allow PATTERN, !deny PATTERN – add a rule for commands or tools (!deny rule PATTERN while a request is open)
        !policies – show the rules
        !mode [ask|plan|build|loki] – show or change what I may do here
        !stop – stop what is running here, a turn that waits for an answer included
        !history_clean [CHAT] – delete the history of this chat, or of another chat of this channel
        !health – how all parts do
        !whoami – who you are to me
        """

    private func whoami(_ turn: Turn) -> String {
        """
        Platform: \(turn.message.conversation.channel.platform)
        Sender: \(OutputSanitizer.visible(turn.message.sender.id))
        Person: \(OutputSanitizer.visible(turn.person.rawValue))
        Trust: \(turn.message.trust.rawValue)
        """
    }

    func addRule(_ verdict: PolicyVerdict, _ arguments: [String], _ turn: Turn) async throws -> String {
        let pattern = (arguments.first == "rule" ? arguments.dropFirst() : arguments[...]).joined(separator: " ")
        guard !pattern.isEmpty else {
            let everything = verdict == .allow ? "" : ", or `*` for everything"
            throw CommandError(
                "Say what to \(verdict.rawValue): the first words of a command such as `ls -la`, or a tool's name (`tool:NAME` when a program has the same name)\(everything).")
        }
        do {
            try await authorizer.addRule(verdict, pattern: pattern)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw CommandError("No rule was added. \(error)")
        }
        try await audit.record(
            AuditRecord(
                .policyChanged, at: dependencies.now(), turn: turn.id, person: turn.person,
                details: ["verdict": verdict.rawValue, "pattern": pattern]))
        return "New rule: \(verdict.rawValue) \(OutputSanitizer.visible(pattern))"
    }

    private func policies() async -> String {
        let rules = await authorizer.rules()
        let open = await approvals.open
        var lines = rules.isEmpty ? ["No rules."] : rules
        if !open.isEmpty {
            lines.append("Open requests:")
            lines += open.map { "\($0.shortCode): \(ApprovalText.oneLine($0.preview.summary))" }
        }
        let switches = killSwitches()
        if !switches.isEmpty { lines.append("Kill switches on: " + switches.map { "\($0.scope)" }.joined(separator: ", ")) }
        return lines.joined(separator: "\n")
    }

    private func mode(_ arguments: [String], _ turn: Turn) async throws -> String {
        let conversation = turn.message.conversation
        guard let wanted = arguments.first else {
            return "Mode here: \(try await modes.mode(of: conversation).rawValue). Choose from \(Self.modeNames)."
        }
        guard let mode = Mode(rawValue: wanted.lowercased()) else {
            throw CommandError("There is no mode “\(OutputSanitizer.visible(wanted))”. Choose from \(Self.modeNames).")
        }
        try await modes.set(mode, of: conversation)
        try await audit.record(
            AuditRecord(
                .modeChanged, at: dependencies.now(), turn: turn.id, person: turn.person,
                details: ["mode": mode.rawValue, "conversation": conversation.description]))
        return "Mode here: \(mode.rawValue)."
    }

    private static let modeNames = Mode.allCases.map(\.rawValue).joined(separator: ", ")

    private func cleanHistory(_ arguments: [String], _ turn: Turn) async throws -> String {
        var conversation = turn.message.conversation
        if let chat = arguments.first {
            conversation = ConversationID(channel: conversation.channel, chat: chat)
        }
        let count = try await log.clear(conversation)
        try await audit.record(
            AuditRecord(
                .historyCleared, at: dependencies.now(), turn: turn.id, person: turn.person,
                details: ["conversation": conversation.description, "lines": String(count)]))
        let place = conversation == turn.message.conversation ? "this chat" : "the chat “\(OutputSanitizer.visible(conversation.chat))”"
        return switch count {
        case 0: "There is no history of \(place)."
        case 1: "Deleted the history of \(place), 1 line."
        default: "Deleted the history of \(place), \(count) lines."
        }
    }

    private static func nearest(to name: String) -> String? {
        guard name.count > 2 else { return nil }
        return known.map { ($0, EditDistance.between($0, name)) }.filter { $0.1 <= (name.count > 4 ? 2 : 1) }
            .min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }
}
