// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import ArgumentParser
import MegaCore
import MegaSecurity

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Looks for secrets in files or the standard input.
struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Looks for secrets in text: keys, tokens, passwords.",
        discussion: """
            Prints path, line, column and kind of each finding, never the secret. Exits with 1 when something was found. With --jsonl each line \
            of the input is {"id": …, "text": …} and is answered with {"id": …, "findings": [{"type", "start", "end"}]}; start and end count \
            bytes of UTF-8 from the beginning of the text.
            """)

    @Flag(help: "Answer JSON lines from the standard input.") var jsonl = false
    @Argument(help: "Files to look through; the standard input when there are none.") var files: [String] = []

    func validate() throws {
        if jsonl, !files.isEmpty { throw ValidationError("--jsonl reads the standard input; leave the files out.") }
    }

    func run() throws {
        if jsonl { return try answerLines() }
        var found = 0
        var failed = false
        for path in files.isEmpty ? ["-"] : files {
            do {
                found += try report(path)
            } catch let error as InputError {
                Console.error("error: \(path): \(error)")
                failed = true
            }
        }
        if failed { throw ExitCode(2) }
        if found > 0 { throw ExitCode(1) }
    }

    // MARK: Files

    /// Scans one file as a stream, so that its size does not matter.
    private func report(_ path: String) throws -> Int {
        let input = path == "-" ? Input(descriptor: 0) : try Input(path: path)
        var stream = SecretScanner().stream()
        var lines = LineCounter()
        var count = 0
        func show(_ findings: [SecretFinding]) {
            for finding in findings {
                let (line, column) = lines.place(of: finding.range.lowerBound)
                Console.line("\(path == "-" ? "stdin" : path):\(line):\(column): \(finding.title) (\(finding.type), \(finding.range.count) bytes)")
            }
            count += findings.count
        }
        while let piece = try input.read() {
            lines.take(piece)
            show(stream.feed(piece))
        }
        show(stream.finish())
        return count
    }

    // MARK: JSON lines

    private func answerLines() throws {
        let input = Input(descriptor: 0)
        let scanner = SecretScanner()
        var line: [UInt8] = []
        var number = 0
        var isRefused = false
        func finishLine() {
            number += 1
            defer { line.removeAll(keepingCapacity: true) }
            guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) else { return }
            if let answer = Self.answer(line, number, scanner) { Console.line(answer) } else { isRefused = true }
        }
        while let piece = try input.read() {
            var rest = piece[...]
            while let end = rest.firstIndex(of: 0x0A) {
                line += rest[..<end]
                finishLine()
                rest = rest[(end + 1)...]
            }
            line += rest
            guard line.count <= Self.longestLine else {
                Console.error("error: line \(number + 1) is longer than \(Self.longestLine) bytes")
                throw ExitCode(65)
            }
        }
        if !line.isEmpty { finishLine() }
        if isRefused { throw ExitCode(65) }
    }

    private static let longestLine = 64 << 20

    /// The answer to one line; nil, and a word on the standard error, when it has no id to answer to.
    private static func answer(_ line: [UInt8], _ number: Int, _ scanner: SecretScanner) -> String? {
        let record: JSONValue
        do { record = try JSONValue(parsing: line) } catch {
            Console.error("error: line \(number) is no JSON: \(error)")
            return nil
        }
        guard let id = record["id"] else {
            Console.error("error: line \(number) has no \"id\"")
            return nil
        }
        guard let text = record["text"]?.stringValue else {
            return JSONValue.object(["id": id, "error": "there is no \"text\", or it is no string"]).encodedString()
        }
        let findings = scanner.findings(in: text).map { finding -> JSONValue in
            ["type": .string(finding.type), "start": .integer(Int64(finding.range.lowerBound)), "end": .integer(Int64(finding.range.upperBound))]
        }
        return JSONValue.object(["id": id, "findings": .array(findings)]).encodedString()
    }
}

private struct InputError: Error, CustomStringConvertible {
    let description: String
}

/// Bytes of a file or the standard input, in pieces.
private final class Input {
    private let descriptor: Int32
    private let isOwned: Bool
    private var buffer = [UInt8](repeating: 0, count: 256 << 10)

    init(descriptor: Int32) {
        self.descriptor = descriptor
        isOwned = false
    }

    init(path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        isOwned = true
        guard descriptor >= 0 else { throw InputError(description: "cannot be read: \(String(cString: strerror(errno)))") }
    }

    deinit { if isOwned, descriptor >= 0 { close(descriptor) } }

    func read() throws -> [UInt8]? {
        while true {
            let count = buffer.withUnsafeMutableBytes { bytes in
                #if canImport(Glibc)
                Glibc.read(descriptor, bytes.baseAddress, bytes.count)
                #elseif canImport(Musl)
                Musl.read(descriptor, bytes.baseAddress, bytes.count)
                #else
                Darwin.read(descriptor, bytes.baseAddress, bytes.count)
                #endif
            }
            if count > 0 { return Array(buffer[..<count]) }
            if count == 0 { return nil }
            guard errno == EINTR else { throw InputError(description: "cannot be read: \(String(cString: strerror(errno)))") }
        }
    }
}

/// Where lines begin, kept as far back as findings may still come.
private struct LineCounter {
    private var starts = [0]
    private var taken = 0
    private var line = 1

    /// Findings come at most this far behind what was taken in; the scanner looks back and ahead by less.
    private static let reach = 256 << 10

    mutating func take(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            var index = 0
            while index < bytes.count, let found = memchr(base + index, 0x0A, bytes.count - index) {
                index = UnsafeRawPointer(found) - base + 1
                starts.append(taken + index)
            }
        }
        taken += bytes.count
        guard starts.count > 1 << 16, let kept = starts.firstIndex(where: { $0 > taken - bytes.count - Self.reach }), kept > 1 else { return }
        starts.removeFirst(kept - 1)
        line += kept - 1
    }

    /// Line and column in bytes, both from 1. Places must come in order.
    mutating func place(of offset: Int) -> (line: Int, column: Int) {
        var index = 0
        while index + 1 < starts.count, starts[index + 1] <= offset { index += 1 }
        starts.removeFirst(index)
        line += index
        return (line, offset - starts[0] + 1)
    }
}
