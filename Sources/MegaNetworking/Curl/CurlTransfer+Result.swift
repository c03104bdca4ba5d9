// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import CCurl
import MegaCore

extension CurlTransfer {
    /// Ends the exchange with what libcurl says.
    func finish(_ code: CURLcode) {
        if code == CURLE_OK, failure == nil {
            exchange.finish()
        } else {
            exchange.finish(throwing: failure ?? error(for: code))
        }
    }

    private func error(for code: CURLcode) -> TransportError {
        let host = exchange.plan.host
        let why = String(cString: curl_easy_strerror(code))
        switch code {
        case CURLE_COULDNT_CONNECT, CURLE_ABORTED_BY_CALLBACK:
            if let refusal, socketsOpened == 0 { return TransportError(.egressRefused, reason: refusal) }
            return TransportError(.connectionRefused, reason: "\(host) port \(exchange.plan.port) takes no connection")
        case CURLE_URL_MALFORMAT, CURLE_LOGIN_DENIED:
            return TransportError(.badURL, reason: "the address of the request for \(host) is not valid")
        case CURLE_UNSUPPORTED_PROTOCOL where stage == .connecting:
            return TransportError(.badURL, reason: "only http and https are supported")
        case CURLE_COULDNT_RESOLVE_HOST:
            return TransportError(.nameNotResolved, reason: "the name \(host) was not found")
        case CURLE_COULDNT_RESOLVE_PROXY:
            return TransportError(
                .nameNotResolved, reason: "the name of the proxy \(exchange.plan.proxy?.host ?? "") was not found")
        case CURLE_PROXY:
            return TransportError(.connectionRefused, reason: "the proxy does not connect to \(host)")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            return TransportError(.tls, reason: "no secure connection to \(host): \(why)")
        case CURLE_OPERATION_TIMEDOUT:
            return TransportError(stage == .connecting ? .connectTimeout : .totalTimeout, reason: "\(host) did not answer in time")
        case CURLE_PARTIAL_FILE:
            return TransportError(.malformedResponse, reason: "\(host) sent less than it announced")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            return TransportError(.malformedResponse, reason: "what \(host) sent is not valid HTTP: \(why)")
        case CURLE_GOT_NOTHING:
            return TransportError(.connectionLost, reason: "\(host) closed the connection without an answer")
        default:
            return TransportError(.connectionLost, reason: "the connection to \(host) broke: \(why)")
        }
    }
}
