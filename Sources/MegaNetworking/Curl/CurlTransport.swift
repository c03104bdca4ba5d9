// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

public import HTTPTypes
public import Logging
public import MegaCore
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The built-in HTTP client, over libcurl.
///
/// Every connection passes the egress policy after name resolution. Responses stream with back-pressure: about 256 KiB are held for
/// a slow reader, then the server has to wait. Cancelling the task or dropping the body closes the connection. HTTP/2 is used over
/// TLS when the server offers it; compressed responses are decompressed and count towards the limit after decompression. A single
/// thread serves all exchanges; it starts with the first one.
///
/// ```swift
/// let http = CurlTransport(egress: .publicInternet(allowing: ["127.0.0.1:11434"]))
/// ```
public final class CurlTransport: HTTPTransport {
    private let owner = LoopOwner()
    private let egress: EgressPolicy
    private let userAgent: String
    private let certificateFile: String?
    private let proxies: ProxyEnvironment?
    private let clock: any Clock<Duration>
    private let logger: Logger?
    private let resolveOverride: (@Sendable (_ host: String) -> [IPAddress]?)?

    /// A transport; nothing is started yet.
    ///
    /// - Parameters:
    ///   - egress: Which addresses may be reached.
    ///   - userAgent: Sent unless the request has a `User-Agent`.
    ///   - proxyFromEnvironment: Reads `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` now. The policy then holds for the
    ///     proxy's address and for the target's name.
    ///   - additionalCertificates: A PEM file of authorities trusted besides the system's.
    ///   - clock: Times the pauses between retries.
    ///   - logger: Told about retries and redirects at debug level: host names, never paths.
    public convenience init(
        egress: EgressPolicy, userAgent: String = "MegaBot", proxyFromEnvironment: Bool = false,
        additionalCertificates: String? = nil,
        clock: any Clock<Duration> = ContinuousClock(), logger: Logger? = nil
    ) {
        self.init(
            egress: egress, userAgent: userAgent,
            proxies: proxyFromEnvironment ? ProxyEnvironment(ProcessInfo.processInfo.environment) : nil,
            additionalCertificates: additionalCertificates, clock: clock, logger: logger, resolveOverride: nil)
    }

    init(
        egress: EgressPolicy, userAgent: String = "MegaBot", proxies: ProxyEnvironment? = nil,
        additionalCertificates: String? = nil,
        clock: any Clock<Duration> = ContinuousClock(), logger: Logger? = nil,
        resolveOverride: (@Sendable (_ host: String) -> [IPAddress]?)?
    ) {
        self.egress = egress
        self.userAgent = userAgent
        self.proxies = proxies
        certificateFile = additionalCertificates
        self.clock = clock
        self.logger = logger
        self.resolveOverride = resolveOverride
    }

    /// Ends every transfer with `TransportError` `closed` and returns when thread and connections are gone. Later requests fail
    /// the same way. A transport that is simply dropped does this by itself once its last body is gone too.
    public func shutdown() async { await owner.loop.stopAndWait() }

    /// The most bytes any exchange ever held for its reader.
    package var peakBufferedBytes: Int { owner.loop.peakBuffered.load(ordering: .relaxed) }

    /// How many connections were opened.
    package var connectionsOpened: Int { owner.loop.socketsOpened.load(ordering: .relaxed) }

    /// See `HTTPTransport.send(_:body:options:)`.
    public func send(_ request: HTTPRequest, body: HTTPBody?, options: HTTPRequestOptions) async throws -> HTTPResult {
        let deadline = options.totalTimeout.map { ContinuousClock.now + $0 }
        let canReplay = body == nil || body?.knownBytes != nil
        var attempt = 0
        while true {
            let pause: Duration
            do {
                let result = try await sendFollowing(request, body, options, deadline)
                guard canReplay, attempt < options.retries, RetrySchedule.isRetried(result.response.status, request.method) else {
                    return result
                }
                let asked = RetrySchedule.retryAfter(result.response.headerFields[.retryAfter])
                pause = asked ?? RetrySchedule.pause(attempt: attempt)
                guard fits(pause, deadline) else { return result }
            } catch let error as TransportError {
                guard canReplay, attempt < options.retries, RetrySchedule.isRetried(error.code, request.method) else { throw error }
                pause = RetrySchedule.pause(attempt: attempt)
                guard fits(pause, deadline) else { throw error }
            }
            attempt += 1
            logger?.debug(
                "Repeating a request",
                metadata: ["host": "\(request.authority ?? "")", "attempt": "\(attempt)", "pause": "\(pause)"])
            try await clock.sleep(for: pause)
        }
    }

    private func fits(_ pause: Duration, _ deadline: ContinuousClock.Instant?) -> Bool {
        pause <= RetrySchedule.longestPause && deadline.map { ContinuousClock.now + pause < $0 } ?? true
    }

    private func sendFollowing(
        _ request: HTTPRequest, _ body: HTTPBody?, _ options: HTTPRequestOptions, _ deadline: ContinuousClock.Instant?
    ) async throws -> HTTPResult {
        var request = request
        var body = body
        var url = try CurlURL(request)
        var hops = 0
        while true {
            let result = try await exchange(request, url, body, options, deadline)
            guard case .follow(let limit) = options.redirects, RedirectRules.isRedirect(result.response) else { return result }
            guard hops < limit else {
                throw TransportError(.tooManyRedirects, reason: "\(url.host) redirects further than the \(limit) hops allowed")
            }
            hops += 1
            let step = try RedirectRules.follow(request, at: url, result.response)
            if !step.keepsBody { body = nil }
            // A stream that was sent cannot be sent again: the redirect itself is the answer.
            if let body, body.knownBytes == nil { return result }
            (request, url) = (step.request, step.url)
            logger?.debug("Following a redirect", metadata: ["host": "\(url.host)", "hop": "\(hops)"])
        }
    }

    private func exchange(
        _ request: HTTPRequest, _ url: CurlURL, _ body: HTTPBody?, _ options: HTTPRequestOptions,
        _ deadline: ContinuousClock.Instant?
    ) async throws -> HTTPResult {
        try Task.checkCancellation()
        let proxy = try proxies?.proxy(for: url)
        if proxy != nil, case .refuse(let reason) = egress.verdict(host: url.host, port: url.port) {
            throw TransportError(.egressRefused, reason: reason)
        }
        let plan = CurlExchange.Plan(
            url: url.description, host: url.host, port: url.port, request: request, body: body, options: options,
            deadline: deadline,
            egress: egress, proxy: proxy, userAgent: userAgent, certificateFile: certificateFile,
            addresses: resolveOverride?(url.host))
        let exchange = CurlExchange(id: owner.loop.makeID(), plan: plan, loop: owner.loop)
        let stream = CurlResponseBody(exchange, owner: owner)
        try owner.loop.start(exchange)
        var response = try await exchange.head()
        let wasDecoded = request.headerFields[.acceptEncoding] == nil && response.headerFields[.contentEncoding] != nil
        if wasDecoded, request.method != .head {
            response.headerFields[.contentEncoding] = nil
            response.headerFields[.contentLength] = nil
        }
        let length = wasDecoded || request.method == .head ? nil : response.headerFields[.contentLength].flatMap { Int($0) }
        return HTTPResult(response: response, body: HTTPBody(length: length, streaming: stream))
    }
}
