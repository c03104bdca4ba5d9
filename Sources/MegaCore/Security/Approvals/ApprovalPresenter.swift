// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Puts questions before people by some means: a chat message, a web page, a telephone call.
///
/// Implement this for another medium and name it in ``ApprovalPolicy/Escalation``. A presenter shows; it never decides. Answers come
/// back as a person's own message, or through ``Orchestrator/answer(_:with:from:)``, and the person is checked there.
/// Check yours with `ApprovalPresenterConformance` of MegaTesting.
public protocol ApprovalPresenter: Sendable {
    var medium: ApprovalMedium { get }

    /// Shows a question. The same ``ApprovalPresentation/key`` again shows nothing twice: after a restart everything that may not
    /// have been shown is presented again.
    ///
    /// - Throws: When it could not be shown; it is tried again with growing pauses while the question is open.
    func present(_ presentation: ApprovalPresentation) async throws

    /// Tells that a question needs no answer any more. Best effort.
    func withdraw(_ card: ApprovalCard) async
}

extension ApprovalPresenter {
    /// Shows nothing.
    public func withdraw(_ card: ApprovalCard) async {}
}

/// A question as it is put once, somewhere.
public struct ApprovalPresentation: Sendable, Hashable {
    /// Tells presentations apart: the card and the step of the escalation chain, 0 for the first question.
    public var key: String
    /// The question.
    public var card: ApprovalCard
    /// Where it is put.
    public var conversation: ConversationID
    /// The text to show, complete and escaped.
    public var text: String
    /// The message it answers, for the first question.
    public var replyTo: String?
    /// The ``InboundMessage/metadata`` of the message it answers.
    public var metadata: [String: String]

    /// Makes a presentation.
    public init(
        key: String, card: ApprovalCard, conversation: ConversationID, text: String, replyTo: String? = nil, metadata: [String: String] = [:]
    ) {
        self.key = key
        self.card = card
        self.conversation = conversation
        self.text = text
        self.replyTo = replyTo
        self.metadata = metadata
    }
}

extension ApprovalRequest {
    /// Older first; of one card in the order of the calls, whose ids end in rising numbers.
    static func precedes(_ left: ApprovalRequest, _ right: ApprovalRequest) -> Bool {
        (left.createdAt, left.callID.utf8.count, left.callID, left.id.rawValue) < (right.createdAt, right.callID.utf8.count, right.callID, right.id.rawValue)
    }
}

/// One question: one action, or like actions of one turn that are answered together.
public struct ApprovalCard: Sendable, Hashable, Identifiable {
    /// Names it; the id of its only request, or an id of its own.
    public var id: ApprovalRequest.ID
    /// What to type.
    public var code: String
    /// What it asks for; never empty.
    public var requests: [ApprovalRequest]

    /// The card of one request.
    public init(_ request: ApprovalRequest) {
        id = request.cardID
        code = request.shortCode
        requests = [request]
    }

    init?(_ requests: [ApprovalRequest]) {
        guard let first = requests.first else { return nil }
        id = first.cardID
        code = first.shortCode
        self.requests = requests.sorted(by: ApprovalRequest.precedes)
    }

    /// The question in words: why, exactly what, and how to answer. All of it escaped.
    ///
    /// - Parameter note: A further line, such as who may decide.
    public func rendering(note: String? = nil) -> String {
        guard let first = requests.first else { return "" }
        var lines: [String] = []
        if requests.count == 1 {
            lines.append("May I do this? (\(ApprovalText.folded(first.reason, head: 700, tail: 0)))")
            lines += Self.description(of: first, head: 1200, tail: 400)
        } else {
            lines.append("May I do these \(requests.count) things? (\(ApprovalText.folded(first.reason, head: 300, tail: 0)))")
            for (index, request) in requests.enumerated() {
                let described = Self.description(of: request, head: 300, tail: 100)
                lines.append("\(index + 1). " + described.joined(separator: "\n").replacing("\n", with: "\n   "))
            }
        }
        if let proposal = first.proposal { lines.append(proposal) }
        if first.approvers > 1 {
            lines.append("It takes \(first.approvers) different persons." + (first.separatesDuties ? " Whoever asked for it cannot be one of them." : ""))
        } else if first.separatesDuties {
            lines.append("Whoever asked for it cannot approve it.")
        }
        lines.append("!approve \(code) or !deny \(code)" + (requests.count > 1 ? " – one answer for all of them" : ""))
        if let note { lines.append(note) }
        return lines.joined(separator: "\n")
    }

    private static func description(of request: ApprovalRequest, head: Int, tail: Int) -> [String] {
        let summary = request.preview.summary
        let shown = ApprovalText.folded(summary, head: head, tail: tail)
        var lines = [shown]
        if summary.unicodeScalars.count > head + tail { lines.append("(!show \(request.shortCode) shows all of it)") }
        guard let command = request.preview.command else { return lines }
        if let text = command.text, !text.utf8.elementsEqual(summary.utf8) { lines.append("command: " + ApprovalText.folded(text, head: head, tail: tail)) }
        lines.append("in \(ApprovalText.folded(command.workingDirectory, head: 200, tail: 0))")
        return lines
    }
}
