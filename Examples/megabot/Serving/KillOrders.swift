// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Dispatch
import Logging
import MegaCore
import ServiceLifecycle

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Carries out what `megabot kill` orders while the daemon runs.
struct KillOrders: Service {
    let folder: KillFolder
    let orchestrator: Orchestrator
    let logger: Logger

    func run() async throws {
        let (rings, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let source = try listen { continuation.yield() }
        defer { source.cancel() }
        // What was ordered while nobody listened yet.
        continuation.yield()
        for await _ in rings.cancelOnGracefulShutdown() { await carryOut() }
    }

    /// Carries out every order that waits. Also called before anything runs: an order left for a stopped daemon holds from its start.
    func carryOut() async {
        do {
            try folder.prepare()
            for name in try folder.waiting() {
                let order = folder.order(name)
                let answer = await carryOut(order)
                logger.notice("kill order", metadata: ["by": "\(order.by)", "answer": "\(answer.text)"])
                try folder.settle(name, answer)
            }
        } catch {
            logger.critical("the kill orders in \(folder.path) cannot be read; everything is stopped", metadata: ["error": "\(error)"])
            _ = await carryOut(.init(scopes: [.all], isRelease: false, by: "unknown", reason: "the kill orders could not be read"))
        }
    }

    private func carryOut(_ order: KillFolder.Order) async -> KillFolder.Answer {
        let person = PersonID(rawValue: order.by)
        var answer = KillFolder.Answer(text: "", stopped: 0, stillRunning: 0, isFailure: false)
        do {
            if order.isRelease {
                var released: [KillSwitch] = []
                if order.scopes.isEmpty { released = try await orchestrator.unkill(by: person) }
                for scope in order.scopes { released += try await orchestrator.unkill(scope, by: person) }
                answer.text = released.isEmpty ? "No such kill switch is on." : "Released: " + released.map { "\($0.scope)" }.joined(separator: ", ")
                return answer
            }
            var lines: [String] = []
            for scope in order.scopes {
                let report = try await orchestrator.kill(scope, by: person, reason: order.reason)
                answer.stopped += report.stopped
                answer.stillRunning += report.stillRunning
                lines.append("The kill switch for \(scope) is on. \(report)")
            }
            answer.text = lines.joined(separator: "\n")
        } catch {
            answer.text = "Stopped, but the switch could not be stored: \(error)"
            answer.isFailure = true
        }
        return answer
    }

    /// Listens at the bell without a thread that waits.
    private func listen(_ ring: @escaping @Sendable () -> Void) throws -> any DispatchSourceRead {
        try folder.prepare()
        unlink(folder.bell)
        guard mkfifo(folder.bell, 0o600) == 0 else { throw Complaint("the bell \(folder.bell) cannot be made: \(String(cString: strerror(errno)))") }
        // Also open for writing, so that it never ends when the last command goes away.
        let descriptor = open(folder.bell, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw Complaint("the bell \(folder.bell) cannot be opened: \(String(cString: strerror(errno)))") }
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: DispatchQueue(label: "megabot.kill"))
        let bell = folder.bell
        source.setEventHandler {
            var bytes = [UInt8](repeating: 0, count: 512)
            while read(descriptor, &bytes, bytes.count) > 0 {}
            ring()
        }
        source.setCancelHandler {
            unlink(bell)
            close(descriptor)
        }
        source.activate()
        return source
    }
}
