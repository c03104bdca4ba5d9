// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension Orchestrator {
    /// Bounds and habits.
    public struct Options: Sendable {
        /// The mode of conversations nobody has set another for.
        public var initialMode: Mode
        /// Turns at work at once.
        public var concurrentTurns: Int
        /// Accepted turns that wait; past this adapters are held back.
        public var waitingTurns: Int
        /// How long a person has to answer an approval request. Then the answer is no.
        public var approvalLifetime: Duration
        /// Who has to approve what, and who is asked when nobody answers.
        public var approvals: ApprovalPolicy
        /// How long a graceful shutdown waits for running turns and replies.
        public var drainTime: Duration
        /// The most time one turn may be at work, whatever its mode allows; time spent waiting for a person does not count.
        public var turnTimeLimit: Duration?
        /// How long the ledger keeps turns that have ended, with their journals; nil keeps them for good. Conversations and memories
        /// are not touched. No channel may redeliver a message that long after it was sent.
        public var turnRetention: Duration?
        /// Whether agents are offered `remember`, `recall` and `forget` over the memory store.
        public var offersMemoryTools: Bool
        var outbox = Outbox.Options()

        /// Options; the defaults suit one machine.
        public init(
            initialMode: Mode = .build, concurrentTurns: Int = 64, waitingTurns: Int = 100_000,
            approvalLifetime: Duration = .seconds(3600), drainTime: Duration = .seconds(5),
            turnTimeLimit: Duration? = nil, turnRetention: Duration? = .seconds(30 * 86_400), offersMemoryTools: Bool = true,
            approvals: ApprovalPolicy = ApprovalPolicy()
        ) {
            self.initialMode = initialMode
            self.concurrentTurns = concurrentTurns
            self.waitingTurns = waitingTurns
            self.approvalLifetime = approvalLifetime
            self.drainTime = drainTime
            self.turnTimeLimit = turnTimeLimit
            self.turnRetention = turnRetention
            self.offersMemoryTools = offersMemoryTools
            self.approvals = approvals
        }
    }
}
