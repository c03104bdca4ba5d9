// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Files of the kernel, read whole.
enum SmallText {
    static func read(_ path: String, limit: Int) -> String? {
        guard let file = try? Descriptor.open(path, O_RDONLY) else { return nil }
        var bytes: [UInt8] = []
        while bytes.count < limit, let more = try? file.read(upTo: min(16 << 10, limit - bytes.count)), !more.isEmpty { bytes += more }
        return String(decoding: bytes, as: UTF8.self)
    }
}
