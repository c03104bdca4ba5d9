// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads the records of one file in order, holding little more than one of them in memory. Used from one queue only.
final class AuditFileReader {
    private static let step = 262_144

    /// Where the next record begins.
    private(set) var offset: Int
    /// The bytes of the file when it was opened.
    let size: Int

    /// After ``next()`` gave nothing: whether the bytes end before the record does, rather than being none.
    private(set) var isCut = false

    private let descriptor: CInt
    private let failure: () -> AuditError
    private var buffer: [UInt8] = []
    private var chunk: [UInt8] = []
    private var start = 0
    private var isAtEnd = false

    /// Takes the descriptor over.
    ///
    /// - Parameter failure: Makes the error of a read that failed.
    init(descriptor: CInt, from offset: Int, failure: @escaping () -> AuditError) throws {
        self.descriptor = descriptor
        self.offset = offset
        self.failure = failure
        var status = stat()
        guard fstat(descriptor, &status) == 0, lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
            let error = failure()
            close(descriptor)
            throw error
        }
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// The next record; nil when what is left is no whole one.
    func next() throws -> AuditFrame? {
        try fill(AuditFrame.overhead)
        guard let length = AuditFrame.length(buffer, at: start) else {
            isCut = buffer.count - start < AuditFrame.overhead
            return nil
        }
        try fill(length)
        guard let (frame, next) = AuditFrame.read(buffer, at: start) else {
            isCut = true
            return nil
        }
        offset += next - start
        start = next
        return frame
    }

    private func fill(_ count: Int) throws {
        guard buffer.count - start < count, !isAtEnd else { return }
        buffer.removeFirst(start)
        start = 0
        if chunk.isEmpty { chunk = [UInt8](repeating: 0, count: max(AuditFrame.overhead, min(Self.step, size - offset))) }
        while buffer.count < count, !isAtEnd {
            let got = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw failure() }
            buffer.append(contentsOf: chunk[..<got])
            isAtEnd = got == 0
        }
    }
}
