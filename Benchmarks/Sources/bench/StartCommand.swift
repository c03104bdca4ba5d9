// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Starts a server again and again, and looks at how long it takes and how much memory it holds.
struct StartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Time from spawning a server to its first healthy answer; memory after it has been idle.")

    @Option var side: String
    @Option var port: Int
    @Option var path = "/health"
    @Option var runs = 5
    @Option(help: "How long the server idles before its memory is read.") var idleSeconds = 5
    @Option(help: "Where its output goes.") var log = "/dev/null"
    @Argument(parsing: .captureForPassthrough) var command: [String] = []

    func run() throws {
        for run in 1...max(1, runs) {
            let arguments = command.first == "--" ? Array(command.dropFirst()) : command
            let begun = ContinuousClock.now
            let process = try spawn(arguments)
            defer { end(process) }
            try waitUntilHealthy(process, within: .seconds(30))
            Figure(name: "cold start to first healthy answer", side: side, value: begun.duration(to: .now).milliseconds, unit: "ms").write()
            if run == max(1, runs) {
                sleep(UInt32(idleSeconds))
                let memory = try ObservedProcess(id: process).memory()
                Figure(name: "idle memory, resident", side: side, value: memory.resident, unit: "MB").write()
                Figure(name: "idle memory, proportional", side: side, value: memory.proportional, unit: "MB").write()
            }
        }
    }

    /// Asks the process to end, and makes it end when it does not.
    private func end(_ process: Int32) {
        kill(process, SIGTERM)
        var status: Int32 = 0
        for _ in 0..<500 {
            if waitpid(process, &status, WNOHANG) == process { return }
            usleep(10_000)
        }
        kill(process, SIGKILL)
        waitpid(process, &status, 0)
    }

    private func waitUntilHealthy(_ process: Int32, within limit: Duration) throws {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            if isHealthy() { return }
            var status: Int32 = 0
            guard waitpid(process, &status, WNOHANG) == 0 else { throw MeasurementError("the server ended; see \(log)") }
            usleep(200)
        }
        throw MeasurementError("the server did not get healthy within \(limit)")
    }

    private func isHealthy() -> Bool {
        guard let socket = LoopbackSocket.connect(port: port) else { return false }
        defer { close(socket) }
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let request = Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n".utf8)
        guard send(socket, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return false }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(socket, &buffer, buffer.count, 0)
        return count >= 12 && buffer.starts(with: "HTTP/1.1 200".utf8)
    }

    private func spawn(_ arguments: [String]) throws -> Int32 {
        guard let program = arguments.first else { throw ValidationError("Name the command to start.") }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var words = arguments.map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        let result = posix_spawnp(&process, program, &actions, nil, &words, environ)
        guard result == 0 else { throw MeasurementError("\(program): \(String(cString: strerror(result)))") }
        return process
    }
}
