// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// CPU time of this process since the value was made, user and system, in seconds.
struct ProcessTime {
    private let begun = Self.used()

    var elapsed: Double { Self.used() - begun }

    private static func used() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(0), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }
}

/// What the kernel says of another process.
struct ObservedProcess {
    let id: Int32

    /// CPU time used so far, user and system, in seconds.
    func cpuTime() throws -> Double {
        let stat = try TextFile.read("/proc/\(id)/stat")
        // The name may hold spaces; the fields after it may not.
        guard let end = stat.lastIndex(of: ")") else { throw MeasurementError("no process \(id)") }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
            throw MeasurementError("process \(id) cannot be observed")
        }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Resident memory in MB (10⁶ bytes): all of it, and with shared pages counted in proportion.
    func memory() throws -> (resident: Double, proportional: Double) {
        let rollup = try TextFile.read("/proc/\(id)/smaps_rollup")
        func value(_ name: String) -> Double {
            for line in rollup.split(separator: "\n") where line.hasPrefix(name + ":") {
                let words = line.split(separator: " ")
                if words.count > 1, let kilobytes = Double(words[1]) { return kilobytes * 1024 / 1e6 }
            }
            return 0
        }
        return (value("Rss"), value("Pss"))
    }
}

enum TextFile {
    static func read(_ path: String) throws -> String {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { throw MeasurementError("\(path): \(String(cString: strerror(errno)))") }
        defer { close(file) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            text += buffer[..<count]
        }
    }
}
