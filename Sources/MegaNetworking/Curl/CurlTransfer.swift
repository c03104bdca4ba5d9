// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import CCurl
import HTTPTypes
import MegaCore

/// An easy handle and what its callbacks know. Lives on the loop's thread only.
final class CurlTransfer {
    let exchange: CurlExchange
    let loop: CurlLoop
    let easy: UnsafeMutableRawPointer
    private var lists: [UnsafeMutablePointer<curl_slist>?] = []

    enum Stage { case connecting, waiting, receiving }
    var stage = Stage.connecting
    /// When the current stage last moved.
    var lastActivity = ContinuousClock.now
    var isReadingPaused = false
    var isSendingPaused = false
    var parser = ResponseHeadParser()
    var received = 0
    var socketsOpened = 0
    /// How often the request was begun; libcurl begins anew by itself when a kept connection turns out to be dead.
    var beginnings = 0
    private var sent: curl_off_t = 0
    var refusal: String?
    /// What a callback found; stands before libcurl's own code.
    var failure: TransportError?

    init?(_ exchange: CurlExchange, loop: CurlLoop) {
        guard let easy = curl_easy_init() else { return nil }
        self.exchange = exchange
        self.loop = loop
        self.easy = easy
        guard configure() else {
            close(nil)
            return nil
        }
    }

    /// Frees the handle; closes the connection if the transfer was still on its way.
    func close(_ multi: UnsafeMutableRawPointer?) {
        if let multi { curl_multi_remove_handle(multi, easy) }
        curl_easy_cleanup(easy)
        for list in lists { curl_slist_free_all(list) }
        lists = []
    }

    private func configure() -> Bool {
        let plan = exchange.plan
        let context = Unmanaged.passUnretained(self).toOpaque()
        var codes: [CURLcode] = [
            mega_set_string(easy, CURLOPT_URL, plan.url),
            mega_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https"),
            mega_set_long(easy, CURLOPT_NOSIGNAL, 1),
            mega_set_long(easy, CURLOPT_PATH_AS_IS, 1),
            mega_set_long(easy, CURLOPT_FOLLOWLOCATION, 0),
            mega_set_long(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1),
            mega_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1),
            mega_set_long(easy, CURLOPT_HTTP09_ALLOWED, 0),
            // A name lookup that hangs must not hold up the thread when its transfer is ended.
            mega_set_long(easy, CURLOPT_QUICK_EXIT, 1),
            mega_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS)),
            mega_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            mega_set_long(easy, CURLOPT_TCP_NODELAY, 1),
            // Deadlines are kept by the loop, which can tell their kinds apart; libcurl's own connect limit is put out of the way.
            mega_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, 86_400_000),
            mega_set_string(easy, CURLOPT_USERAGENT, plan.userAgent),
            mega_set_string(easy, CURLOPT_NOPROXY, ""),
            mega_set_string(easy, CURLOPT_PROXY, plan.proxy?.url ?? ""),
            mega_set_write(easy, curlWrite, context),
            mega_set_header(easy, curlHeader, context),
            mega_set_open_socket(easy, curlOpenSocket, context),
            mega_set_connected(easy, curlConnected, context),
        ]
        if let file = plan.certificateFile { codes.append(mega_set_string(easy, CURLOPT_CAINFO, file)) }
        if plan.request.headerFields[.acceptEncoding] == nil { codes.append(mega_set_string(easy, CURLOPT_ACCEPT_ENCODING, "")) }
        codes += configureBody(plan, context)
        var headers: UnsafeMutablePointer<curl_slist>?
        let own: Set<HTTPField.Name> = [.contentLength, .transferEncoding]
        for field in plan.request.headerFields where !own.contains(field.name) && field.name.canonicalName != "host" {
            headers = curl_slist_append(headers, field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        // Waiting for "100 Continue" costs a second with servers that do not know it.
        for name in ["Expect", "Content-Type"] where HTTPField.Name(name).map({ plan.request.headerFields[$0] == nil }) ?? false {
            headers = curl_slist_append(headers, "\(name):")
        }
        lists.append(headers)
        codes.append(mega_set_list(easy, CURLOPT_HTTPHEADER, headers))
        if let addresses = plan.addresses {
            let text = addresses.map { $0.version == .v6 ? "[\($0)]" : "\($0)" }.joined(separator: ",")
            let list = curl_slist_append(nil, "+\(plan.host):\(plan.port):\(text)")
            lists.append(list)
            codes.append(mega_set_list(easy, CURLOPT_RESOLVE, list))
        }
        return codes.allSatisfy { $0 == CURLE_OK }
    }

    private func configureBody(_ plan: CurlExchange.Plan, _ context: UnsafeMutableRawPointer) -> [CURLcode] {
        let method = plan.request.method
        var codes: [CURLcode] = []
        if let upload = exchange.upload, let body = plan.body {
            codes.append(mega_set_long(easy, CURLOPT_UPLOAD, 1))
            codes.append(mega_set_offset(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(body.length ?? -1)))
            codes.append(mega_set_read(easy, curlRead, context))
            codes.append(mega_set_string(easy, CURLOPT_CUSTOMREQUEST, method.rawValue))
            upload.run(body, for: exchange)
        } else if let bytes = plan.body?.knownBytes ?? ([.post, .put, .patch].contains(method) ? [] : nil) {
            codes.append(mega_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count)))
            codes.append(
                bytes.withUnsafeBytes {
                    mega_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, $0.baseAddress ?? UnsafeRawPointer(context))
                })
            codes.append(mega_set_string(easy, CURLOPT_CUSTOMREQUEST, method.rawValue))
        } else if method == .head {
            codes.append(mega_set_long(easy, CURLOPT_NOBODY, 1))
        } else {
            codes.append(mega_set_long(easy, CURLOPT_HTTPGET, 1))
            codes.append(mega_set_string(easy, CURLOPT_CUSTOMREQUEST, method.rawValue))
        }
        return codes
    }

    func resumeReading() {
        isReadingPaused = false
        resume()
    }

    func resumeSending() {
        isSendingPaused = false
        resume()
    }

    private func resume() {
        lastActivity = .now
        curl_easy_pause(easy, (isReadingPaused ? CURLPAUSE_RECV : 0) | (isSendingPaused ? CURLPAUSE_SEND : 0))
    }

    // MARK: Deadlines

    private var stageDeadline: ContinuousClock.Instant? {
        let options = exchange.plan.options
        switch stage {
        case .connecting: return lastActivity + options.connectTimeout
        case .waiting: return isSendingPaused ? nil : lastActivity + options.firstByteTimeout
        case .receiving: return isReadingPaused || isSendingPaused ? nil : lastActivity + options.idleTimeout
        }
    }

    /// The next moment at which it may be too late.
    var deadline: ContinuousClock.Instant? { [stageDeadline, exchange.plan.deadline].compactMap { $0 }.min() }

    /// Whether more of the request went out since the last call: the wait for the answer has not begun then.
    private func isStillSending() -> Bool {
        var total: curl_off_t = 0
        guard mega_get_offset(easy, CURLINFO_SIZE_UPLOAD_T, &total) == CURLE_OK, total > sent else { return false }
        sent = total
        return true
    }

    func expired(at now: ContinuousClock.Instant) -> TransportError? {
        let (host, options) = (exchange.plan.host, exchange.plan.options)
        if let deadline = exchange.plan.deadline, deadline <= now {
            return TransportError(.totalTimeout, reason: "the exchange with \(host) was not over in time")
        }
        guard let stageDeadline, stageDeadline <= now else { return nil }
        if stage == .waiting, isStillSending() {
            lastActivity = now
            return nil
        }
        return switch stage {
        case .connecting: TransportError(.connectTimeout, reason: "no connection to \(host) within \(options.connectTimeout)")
        case .waiting: TransportError(.firstByteTimeout, reason: "no answer from \(host) within \(options.firstByteTimeout)")
        case .receiving: TransportError(.idleTimeout, reason: "\(host) sent nothing for \(options.idleTimeout)")
        }
    }
}
