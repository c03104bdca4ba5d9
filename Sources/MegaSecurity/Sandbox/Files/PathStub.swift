// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import CLauncher
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// An empty folder that keeps a protected name occupied while a command runs, because only what exists can be mounted over.
///
/// A folder even where a file is meant: version control and copying pass empty folders over. It is read-only and carries a time of change
/// nothing else has, so that one left behind by a crash is recognised by the next run. Everyone who uses it holds a shared lock; it is
/// removed by the last one.
final class PathStub: Sendable {
    /// 1984-02-28T00:00:00Z; even, for file systems that count in steps of two seconds.
    static let time: time_t = 446_774_400

    let path: String
    private let lock: Descriptor

    private init(path: String, lock: Descriptor) {
        self.path = path
        self.lock = lock
    }

    /// Whether the status is that of a stub.
    static func isStub(_ status: stat) -> Bool {
        #if canImport(Darwin)
        let changed = status.st_mtimespec.tv_sec
        #else
        let changed = status.st_mtim.tv_sec
        #endif
        return changed == time && status.st_mode & S_IFMT == S_IFDIR && status.st_mode & 0o777 == 0o555
    }

    /// Occupies a name: makes the stub, or joins one that is there. Nil when something else has the name.
    static func occupy(_ path: String) throws(SystemError) -> PathStub? {
        for _ in 0..<100 {
            let isNew = try make(path)
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            guard status.st_mode & S_IFMT == S_IFDIR else { return nil }
            let lock: Descriptor
            do {
                lock = try Descriptor.open(path, O_RDONLY | O_NOFOLLOW | O_DIRECTORY)
            } catch {
                if error.number == ENOENT { continue }
                if isNew || isStub(status) { throw error }
                return nil
            }
            guard flock(lock.number, LOCK_SH | LOCK_NB) == 0 else {
                // Being removed this moment.
                usleep(200)
                continue
            }
            var held = stat()
            guard fstat(lock.number, &held) == 0, lstat(path, &status) == 0, held.st_ino == status.st_ino, held.st_dev == status.st_dev else {
                continue
            }
            return PathStub(path: path, lock: lock)
        }
        throw SystemError(EBUSY)
    }

    private static let counter = Atomic<Int>(0)

    /// Whether it was made now; false when the name is taken. It is made aside, so that nobody sees it without its time.
    private static func make(_ path: String) throws(SystemError) -> Bool {
        if access(path, F_OK) == 0 { return false }
        let aside = "\(path).megabot-\(getpid())-\(counter.wrappingAdd(1, ordering: .relaxed).newValue)"
        guard mkdir(aside, 0o555) == 0 else { throw SystemError(errno) }
        let times = [timespec(tv_sec: time, tv_nsec: 0), timespec(tv_sec: time, tv_nsec: 0)]
        var error: CInt = 0
        if chmod(aside, 0o555) != 0 || utimensat(AT_FDCWD, aside, times, AT_SYMLINK_NOFOLLOW) != 0 { error = errno }
        if error == 0 { error = -mega_rename_new(aside, path) }
        if error != 0 { rmdir(aside) }
        if error == EINVAL || error == ENOSYS {
            // A file system that cannot do it in one step.
            guard mkdir(path, 0o555) == 0 else {
                if errno == EEXIST { return false }
                throw SystemError(errno)
            }
            error = chmod(path, 0o555) == 0 && utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno
            if error != 0 { rmdir(path) }
        }
        if error == EEXIST { return false }
        guard error == 0 else { throw SystemError(error) }
        return true
    }

    /// Removes a stub nobody uses.
    static func removeLeftover(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0, isStub(status),
            // Gone or replaced this moment: nothing is left over then.
            let lock = try? Descriptor.open(path, O_RDONLY | O_NOFOLLOW | O_DIRECTORY), flock(lock.number, LOCK_EX | LOCK_NB) == 0
        else { return }
        var held = stat()
        guard fstat(lock.number, &held) == 0, held.st_ino == status.st_ino, held.st_dev == status.st_dev else { return }
        rmdir(path)
    }

    /// Gives the name up. The stub goes when nobody else uses it; a folder that is no stub or has got content stays.
    func release() {
        guard flock(lock.number, LOCK_EX | LOCK_NB) == 0 else { return }
        var (held, there) = (stat(), stat())
        guard fstat(lock.number, &held) == 0, lstat(path, &there) == 0, held.st_ino == there.st_ino, held.st_dev == there.st_dev,
            Self.isStub(there)
        else { return }
        rmdir(path)
    }
}
