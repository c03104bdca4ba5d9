// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// An open file or folder, closed when it goes away.
struct Descriptor: ~Copyable {
    let raw: CInt

    init(_ raw: CInt) { self.raw = raw }
    deinit { _ = close(raw) }

    /// What the descriptor itself is, whatever has become of its name.
    func status() throws -> stat {
        var value = stat()
        guard fstat(raw, &value) == 0 else { throw SystemError.current("look at it") }
        return value
    }

    /// Bytes of the file.
    func size() throws -> Int { Int(try status().st_size) }

    /// Reads from an offset, at most `count` bytes, fewer at the end.
    func bytes(at offset: Int, count: Int) throws -> [UInt8] {
        var result = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = result.withUnsafeMutableBytes { raw in
                raw.baseAddress.map { pread(self.raw, $0 + done, count - done, off_t(offset + done)) } ?? 0
            }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw SystemError.current("read it") }
            if got == 0 { break }
            done += got
        }
        result.removeLast(count - done)
        return result
    }

    func writeAll(_ bytes: [UInt8]) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { raw in
                raw.baseAddress.map { write(self.raw, $0 + done, raw.count - done) } ?? 0
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw SystemError.current("write it") }
            done += count
        }
    }

    /// The names in a folder, without `.` and `..`, unsorted; stops after `limit`.
    func names(limit: Int) throws -> (names: [String], isCut: Bool) {
        let copy = openat(raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw SystemError.current("list it") }
        guard let stream = fdopendir(copy) else {
            close(copy)
            throw SystemError.current("list it")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            if names.count >= limit { return (names, true) }
            names.append(name)
        }
        return (names, false)
    }
}

/// The last error of the system in words.
enum SystemError {
    static func current(_ what: String, _ path: String? = nil) -> FileToolError {
        let number = errno
        let place = path.map { "“\($0)”" } ?? "the file"
        switch number {
        case ENOENT: return FileToolError(.notFound, reason: "\(place) does not exist.")
        case ELOOP: return FileToolError(.outsideWorkspace, reason: "\(place) is a symbolic link or goes through one; links are not followed.")
        case ENOTDIR: return FileToolError(.wrongKind, reason: "\(place) goes through something that is no folder.")
        default: return FileToolError(.failed, reason: "Cannot \(what) (\(place)): \(String(cString: strerror(number))).")
        }
    }
}
