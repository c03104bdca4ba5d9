// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaAdapters
import MegaCore
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Drives a server with encrypted 1 KB messages, so many in flight per connection.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Encrypted round trips per second against a running server, and what each costs it.")

    enum Dialect: String, ExpressibleByArgument {
        /// A token in, a token out.
        case token
        /// MegaBot's native channel: authentication, then messages until each is answered.
        case native
    }

    @Argument var kind: Dialect
    @Option var port: Int
    @Option(help: "The process whose CPU time is measured.") var serverPID: Int32
    @Option var side: String
    @Option var figure: String
    @Option var connections = 32
    @Option(help: "Messages under way at once on each connection; for tokens only.") var inFlight = 1
    @Option var seconds = 5.0
    @Option var key = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4="

    func run() async throws {
        let server = ObservedProcess(id: serverPID)
        let (count, elapsed, cpu): (Int, Double, Double)
        switch kind {
        case .token:
            let client = try TokenClient(port: port, connections: connections, inFlight: inFlight, message: try token())
            _ = try client.run(seconds: min(1, seconds))
            let before = try server.cpuTime()
            let begun = ContinuousClock.now
            count = try client.run(seconds: seconds)
            elapsed = begun.duration(to: .now).seconds
            cpu = try server.cpuTime() - before
        case .native:
            let client = NativeClient(port: port, connections: connections)
            let measured = try await client.run(seconds: seconds) { try server.cpuTime() }
            (count, elapsed, cpu) = (measured.count, measured.elapsed, measured.cpu)
        }
        guard count > 0 else { throw MeasurementError("nothing was answered") }
        Figure(name: figure, side: side, value: Double(count) / elapsed, unit: "1/s").write()
        Figure(name: "server CPU, \(figure)", side: side, value: cpu / Double(count) * 1e6, unit: "µs").write()
    }

    private func token() throws -> String {
        let content = "{\"type\": \"message\", \"sender_id\": \"ana\", \"chat_id\": \"1\", \"content\": \""
            + String(repeating: "x", count: 1024 - 78) + "\"}"
        return try FernetCodec(key: try FernetKey(Secret(key))).seal(
            Array(content.utf8), now: Date(), randomBytes: Dependencies.live.randomBytes)
    }
}
