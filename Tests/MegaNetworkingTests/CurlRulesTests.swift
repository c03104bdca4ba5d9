// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore
import Testing

@testable import MegaNetworking

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Redirects, retries, addresses and heads")
struct CurlRulesTests {
    private func get(_ url: String, headers: HTTPFields = [:]) throws -> (HTTPRequest, CurlURL) {
        let url = try CurlURL(url, relativeTo: nil)
        return (HTTPRequest(method: .get, scheme: url.scheme, authority: url.authority, path: url.path, headerFields: headers), url)
    }

    @Test("a redirect from https to http is refused")
    func downgrade() throws {
        let (request, url) = try get("https://a.example/x")
        let response = HTTPResponse(status: .found, headerFields: [.location: "http://a.example/x"])
        let error = #expect(throws: TransportError.self) { try RedirectRules.follow(request, at: url, response) }
        #expect(error?.code == .egressRefused)
    }

    @Test(
        "credentials go when scheme, host or port change",
        arguments: [
            ("https://a.example/y", true), ("https://a.example:443/y", true), ("//a.example/y", true), ("?q", true),
            ("https://a.example:444/y", false), ("https://b.example/", false), ("https://a.example.evil.example/", false),
        ])
    func credentials(_ location: String, _ keeps: Bool) throws {
        let (request, url) = try get("https://a.example/x", headers: [.authorization: "Bearer x", .accept: "y"])
        let step = try RedirectRules.follow(request, at: url, HTTPResponse(status: .found, headerFields: [.location: location]))
        #expect((step.request.headerFields[.authorization] != nil) == keeps)
        #expect(step.request.headerFields[.accept] == "y")
    }

    @Test(
        "Retry-After is read in seconds and as a date",
        arguments: [
            ("0", 0), ("120", 120), ("Sun, 06 Nov 1994 08:49:37 GMT", 37), ("Sun, 06 Nov 1994 08:48:00 GMT", 0),
        ])
    func retryAfter(_ text: String, _ seconds: Int) {
        let now = Date(timeIntervalSince1970: 784_111_740)
        #expect(RetrySchedule.retryAfter(text, now: now) == .seconds(seconds))
    }

    @Test(
        "what is no Retry-After is none",
        arguments: ["", "-1", "1.5", "soon", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT"])
    func noRetryAfter(_ text: String) { #expect(RetrySchedule.retryAfter(text) == nil) }

    @Test("an enormous Retry-After stays a number")
    func hugeRetryAfter() { #expect(RetrySchedule.retryAfter("99999999999999999999999999") == .seconds(1 << 30)) }

    @Test(
        "dates agree with the calendar",
        arguments: [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600),
            ("Wed, 31 Dec 2025 23:59:59 GMT", 1_767_225_599),
        ])
    func dates(_ text: String, _ seconds: Int) { #expect(RetrySchedule.seconds(ofDate: text) == seconds) }

    @Test("pauses double, stay within half to whole, and stop growing")
    func pauses() {
        #expect(RetrySchedule.pause(attempt: 0, random: 1) == .milliseconds(250))
        #expect(RetrySchedule.pause(attempt: 2, random: 0) == .milliseconds(500))
        #expect(RetrySchedule.pause(attempt: 60, random: 1) == .seconds(15))
    }

    @Test(
        "addresses that are not plain http or https are refused",
        arguments: [
            "file:///etc/passwd", "ftp://a.example/", "http://u:p@a.example/", "http://a b/", "http://a.example:0/",
            "http://a.example:70000/",
            "http:///x", "gopher://a.example/", "http://a.example/\u{7f}", "http://%00/", "http://exa<mple/",
        ])
    func badAddresses(_ text: String) {
        let error = #expect(throws: TransportError.self) { try CurlURL(text, relativeTo: nil) }
        #expect(error?.code == .badURL)
    }

    @Test("addresses keep their meaning")
    func addresses() throws {
        let url = try CurlURL("HTTPS://A.Example.:8443/p/../q?x=1#f", relativeTo: nil)
        #expect((url.scheme, url.host, url.port) == ("https", "a.example", 8443))
        #expect(try CurlURL("http://[::1]:81/", relativeTo: nil).authority == "[::1]:81")
        #expect(try CurlURL("../b?c", relativeTo: url).host == "a.example")
    }

    @Test("the environment's proxy is read in libcurl's manner")
    func proxies() throws {
        let environment = ProxyEnvironment([
            "HTTP_PROXY": "http://evil.example", "https_proxy": "http://u:p@proxy.example:3128",
            "no_proxy": "a.example, .b.example",
        ])
        #expect(try environment.proxy(for: CurlURL("http://c.example/", relativeTo: nil)) == nil)
        #expect(try environment.proxy(for: CurlURL("https://c.example/", relativeTo: nil))?.host == "proxy.example")
        #expect(try environment.proxy(for: CurlURL("https://a.example/", relativeTo: nil)) == nil)
        #expect(try environment.proxy(for: CurlURL("https://x.b.example/", relativeTo: nil)) == nil)
        #expect(throws: TransportError.self) {
            try ProxyEnvironment(["https_proxy": "socks5://p.example"]).proxy(for: CurlURL("https://c.example/", relativeTo: nil))
        }
    }

    private func parse(_ lines: [String]) throws -> [HTTPResponse] {
        var parser = ResponseHeadParser()
        return try lines.compactMap { line in try Array(line.utf8).withUnsafeBytes { try parser.take($0) } }
    }

    @Test("interim heads and trailers are passed over")
    func heads() throws {
        let heads = try parse([
            "HTTP/1.1 103 Early Hints\r\n", "Link: x\r\n", "\r\n", "HTTP/1.1 204 No Content\r\n", "A:  b \r\n", "broken\r\n",
            "\r\n", "T: x\r\n", "\r\n",
        ])
        let a = try #require(HTTPField.Name("A"))
        #expect(heads.count == 1)
        #expect(heads.first?.status == .noContent)
        #expect(heads.first?.headerFields[a] == "b")
    }

    @Test("a head past the limit or without a status is an error")
    func badHeads() {
        #expect(throws: TransportError.self) { try parse(["HTTP/1.1 20x OK\r\n", "\r\n"]) }
        #expect(throws: TransportError.self) {
            try parse(["HTTP/1.1 200 OK\r\n"] + Array(repeating: "X: " + String(repeating: "y", count: 1000), count: 300))
        }
    }
}
