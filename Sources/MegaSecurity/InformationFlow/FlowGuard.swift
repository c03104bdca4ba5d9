// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import MegaCore

/// Judges calls by where their values come from, as if the model did whatever the last page told it.
///
/// Once anything untrusted was read, a call that changes something outside passes only when the person's own message determines it:
/// the action is one they asked for, every value that decides who or what is affected is theirs (or from a source they named, in
/// which there is only one), and what is written is theirs too. Anything else is asked about, and the question shows the flow.
/// Deterministic, and without any model. `Documentation/Security/InformationFlow.md` argues why each relaxation is safe.
public struct FlowGuard: InformationFlowPolicy {
    /// The bounds of a session.
    struct Limits: Sendable {
        /// Texts kept for finding where a value came from.
        var sources = 200
        /// Bytes of them.
        var bytes = 4 << 20
        /// Calls in one turn that pass on the person's words without a question.
        var cleared = 12
        /// Further calls one yes may cover.
        var covered = 16
    }

    let files: FileLabels
    let limits: Limits

    /// Makes the guard. Sessions of one guard share what it knows of files written under untrusted influence, as long as it lives.
    public init() {
        files = FileLabels()
        limits = Limits()
    }

    /// Makes a guard that keeps what it knows of files, so that a restart changes nothing. Reads the file at once; blocking.
    ///
    /// - Throws: ``FileLabelError`` when the file is there and cannot be read.
    public init(keeping file: FileLabelFile) throws {
        files = try FileLabels(file: file)
        limits = Limits()
    }

    /// See `InformationFlowPolicy.makeSession()`.
    public func makeSession() -> any FlowSession { FlowState(limits: limits, files: files) }

    /// See `InformationFlowPolicy.save()`.
    public func save() async throws { try await files.save() }
}

extension FlowGuard: Resealable {
    /// True: there is one file, looked at every time.
    @discardableResult
    public func beginResealing(to keys: String) async throws -> Bool { true }

    /// Seals the file with what is known of files anew when it is under an older key; nothing without one.
    public func resealNext(limit: Int) async throws -> ResealingProgress { try await files.reseal() }
}
