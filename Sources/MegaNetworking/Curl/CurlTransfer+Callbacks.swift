// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import CCurl
import HTTPTypes
import MegaCore
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

// libcurl calls these on the loop's thread, from within its own functions, with the transfer as context. The loop holds the transfer
// as long as the handle is alive.

private func transfer(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
    context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
}

let curlWrite: mega_data_callback = { data, size, count, context in
    guard let data, let transfer = transfer(context) else { return 0 }
    return transfer.write(UnsafeRawBufferPointer(start: data, count: size * count))
}

let curlHeader: mega_data_callback = { data, size, count, context in
    guard let data, let transfer = transfer(context) else { return 0 }
    return transfer.header(UnsafeRawBufferPointer(start: data, count: size * count))
}

let curlRead: mega_data_callback = { data, size, count, context in
    guard let data, let transfer = transfer(context) else { return Int(CURL_READFUNC_ABORT) }
    return transfer.read(UnsafeMutableRawBufferPointer(start: data, count: size * count))
}

let curlConnected: mega_connected_callback = { context, _, _, _, _ in
    guard let transfer = transfer(context) else { return CURL_PREREQFUNC_ABORT }
    return transfer.begin() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

let curlOpenSocket: mega_socket_callback = { context, _, address in
    guard let address, let transfer = transfer(context) else { return CURL_SOCKET_BAD }
    return transfer.openSocket(address)
}

extension CurlTransfer {
    /// The connection stands. Whether the request may be sent: one that must not be repeated is sent once only.
    fileprivate func begin() -> Bool {
        beginnings += 1
        guard beginnings == 1 || RetrySchedule.isIdempotent(exchange.plan.request.method) else {
            failure = TransportError(
                .connectionLost,
                reason: "the connection to \(exchange.plan.host) broke; the request may have arrived and is not repeated")
            return false
        }
        stage = .waiting
        lastActivity = .now
        return true
    }

    fileprivate func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        let limit = exchange.plan.options.responseLimit
        lastActivity = .now
        guard received + bytes.count <= limit else {
            failure = TransportError(.responseTooLarge, reason: "the body from \(exchange.plan.host) has more than \(limit) bytes")
            return 0
        }
        switch exchange.take(bytes) {
        case .taken:
            received += bytes.count
            return bytes.count
        case .paused:
            isReadingPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        case .cancelled:
            return 0
        }
    }

    fileprivate func header(_ line: UnsafeRawBufferPointer) -> Int {
        lastActivity = .now
        stage = .receiving
        do {
            if let head = try parser.take(line) { exchange.deliver(head) }
            return line.count
        } catch {
            failure = TransportError(error.code, reason: "\(exchange.plan.host): \(error.reason)")
            return 0
        }
    }

    fileprivate func read(_ target: UnsafeMutableRawBufferPointer) -> Int {
        lastActivity = .now
        guard let upload = exchange.upload else { return Int(CURL_READFUNC_ABORT) }
        guard let count = upload.read(into: target) else {
            isSendingPaused = true
            return Int(CURL_READFUNC_PAUSE)
        }
        return count
    }

    /// Opens a socket if the policy allows the address the connection goes to; this is after name resolution.
    fileprivate func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        let plan = exchange.plan
        let destination: (IPAddress, Int)? = withUnsafePointer(to: &address.pointee.addr) { pointer in
            let raw = UnsafeRawPointer(pointer)
            switch address.pointee.family {
            case AF_INET:
                let value = raw.loadUnaligned(as: sockaddr_in.self)
                return withUnsafeBytes(of: value.sin_addr) { IPAddress(bytes: $0) }.map {
                    ($0, Int(UInt16(bigEndian: value.sin_port)))
                }
            case AF_INET6:
                // libcurl reserves the room of the whole address behind `addr`.
                let value = raw.loadUnaligned(as: sockaddr_in6.self)
                return withUnsafeBytes(of: value.sin6_addr) { IPAddress(bytes: $0) }.map {
                    ($0, Int(UInt16(bigEndian: value.sin6_port)))
                }
            default: return nil
            }
        }
        guard let (ip, port) = destination else {
            refusal = "\(plan.host) is no internet address"
            return CURL_SOCKET_BAD
        }
        if case .refuse(let reason) = plan.egress.verdict(host: plan.proxy?.host ?? plan.host, address: ip, port: port) {
            refusal = reason
            return CURL_SOCKET_BAD
        }
        #if canImport(Darwin)
            let descriptor = socket(address.pointee.family, address.pointee.socktype, address.pointee.protocol)
            if descriptor >= 0 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        #else
            let descriptor = socket(
                address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), address.pointee.protocol)
        #endif
        if descriptor >= 0 {
            socketsOpened += 1
            loop.socketsOpened.add(1, ordering: .relaxed)
        }
        return descriptor
    }
}
