// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// An open descriptor of this process, closed with the value.
final class Descriptor: Sendable {
    let number: CInt

    /// Takes the descriptor over. A negative number is a negated error number, as the launcher's functions return it.
    init(owning number: CInt) throws(SystemError) {
        guard number >= 0 else { throw SystemError(-number) }
        self.number = number
    }

    deinit { close(number) }

    /// Opens a file; never across an execution.
    static func open(_ path: String, _ flags: CInt) throws(SystemError) -> Descriptor {
        let number = unsafeOpen(path, flags | O_CLOEXEC)
        return try Descriptor(owning: number >= 0 ? number : -errno)
    }

    /// A pipe; reading from it never blocks.
    static func pipe() throws(SystemError) -> (reading: Descriptor, writing: Descriptor) {
        var numbers: [CInt] = [-1, -1]
        guard unsafePipe(&numbers) == 0 else { throw SystemError(errno) }
        let (reading, writing) = (try Descriptor(owning: numbers[0]), try Descriptor(owning: numbers[1]))
        for number in numbers where fcntl(number, F_SETFD, FD_CLOEXEC) != 0 { throw SystemError(errno) }
        guard fcntl(numbers[0], F_SETFL, O_NONBLOCK) == 0 else { throw SystemError(errno) }
        return (reading, writing)
    }

    /// Lets reading wait, for the end of a pipe a child reads from.
    func makeBlocking() throws(SystemError) {
        guard fcntl(number, F_SETFL, 0) == 0 else { throw SystemError(errno) }
    }

    /// What can be read now: nil when it would block, empty at the end.
    func read(upTo count: Int) throws(SystemError) -> [UInt8]? {
        var failure: CInt = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            var result: Int
            repeat { result = unsafeRead(number, buffer.baseAddress, count) } while result < 0 && errno == EINTR
            if result < 0 { failure = errno }
            initialized = max(0, result)
        }
        if failure == EAGAIN || failure == EWOULDBLOCK { return nil }
        if failure != 0 { throw SystemError(failure) }
        return bytes
    }

    /// Writes everything. For descriptors that do not block.
    func write(_ bytes: some Collection<UInt8>) throws(SystemError) {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { unsafeWrite(number, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemError(errno)
            }
            rest = rest.dropFirst(count)
        }
    }
}

private func unsafeOpen(_ path: String, _ flags: CInt) -> CInt { open(path, flags) }
private func unsafePipe(_ numbers: inout [CInt]) -> CInt { pipe(&numbers) }
private func unsafeRead(_ number: CInt, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int { read(number, buffer, count) }
private func unsafeWrite(_ number: CInt, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int { write(number, buffer, count) }

/// A system call that failed.
struct SystemError: Error, Hashable, CustomStringConvertible {
    let number: CInt
    init(_ number: CInt) { self.number = number }
    var description: String { "\(String(cString: strerror(number))) (\(number))" }
}
