// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore

extension HTTPTransportConformance {
    private static let following = HTTPRequestOptions(redirects: .follow(limit: 3))

    static let redirects: [Check] = [
        Check("hands a redirect over unless told to follow") { transport in
            let server = try HostileHTTPServer()
            let request = server.request(.redirect(status: 302, location: "/elsewhere"))
            try expect(try await transport.send(request, body: nil, options: .init()), status: 302)
        },
        Check("follows relative and absolute redirects") { transport in
            let server = try HostileHTTPServer()
            let last = server.path(.echo)
            let middle = server.path(.redirect(status: 307, location: "http://127.0.0.1:\(server.port)\(last)"))
            let result = try await transport.send(
                server.request(.redirect(status: 301, location: middle)), body: nil, options: following)
            try expect(result, status: 200)
        },
        Check("gives up on a redirect loop") { transport in
            let server = try HostileHTTPServer()
            try await expect(.tooManyRedirects) {
                _ = try await transport.send(server.redirectLoop(), body: nil, options: following)
            }
        },
        Check("turns a POST into a GET on 303 and 302, not on 307 and 308") { transport in
            for (status, start, end) in [
                (303, "GET\n", "\n\n"), (302, "GET\n", "\n\n"), (307, "POST\n", "\n\nbody"), (308, "POST\n", "\n\nbody"),
            ] {
                let server = try HostileHTTPServer()
                let request = server.request(.redirect(status: status, location: server.path(.echo)), method: .post)
                let result = try await transport.send(request, body: HTTPBody("body"), options: following)
                let text = String(decoding: try await result.body.collect(upTo: 1 << 16), as: UTF8.self)
                try ConformanceFailure.unless(
                    text.hasPrefix(start) && text.hasSuffix(end), expected: "\(status): \(start)", seen: text)
            }
        },
        Check("keeps credentials from another origin") { transport in
            let server = try HostileHTTPServer()
            let other = try HostileHTTPServer()
            let key = try field("x-api-key")
            let request = server.request(
                .redirect(status: 307, location: "http://127.0.0.1:\(other.port)\(other.path(.echo))"),
                headers: [.authorization: "Bearer canary", .cookie: "c=canary", key: "canary", .accept: "text/plain"])
            let result = try await transport.send(request, body: nil, options: following)
            let text = String(decoding: try await result.body.collect(upTo: 1 << 16), as: UTF8.self).lowercased()
            try ConformanceFailure.unless(!text.contains("canary"), expected: "no credentials", seen: text)
            try ConformanceFailure.unless(text.contains("accept: text/plain"), expected: "the other fields", seen: text)
        },
        Check("keeps credentials within the origin") { transport in
            let server = try HostileHTTPServer()
            let location = server.path(.echo)
            let request = server.request(.redirect(status: 307, location: location), headers: [.authorization: "Bearer canary"])
            let result = try await transport.send(request, body: nil, options: following)
            let text = String(decoding: try await result.body.collect(upTo: 1 << 16), as: UTF8.self)
            try ConformanceFailure.unless(text.contains("Bearer canary"), expected: "the credentials", seen: text)
        },
        Check("does not follow to an address its policy refuses") { transport in
            for location in ["http://10.255.255.1/", "http://169.254.169.254/latest/meta-data/", "http://[::ffff:192.168.0.1]/"] {
                let server = try HostileHTTPServer()
                let request = server.request(.redirect(status: 302, location: location))
                let options = HTTPRequestOptions(connectTimeout: .seconds(5), redirects: .follow(limit: 3))
                try await expect(.egressRefused) { _ = try await transport.send(request, body: nil, options: options) }
            }
        },
        Check("does not follow to other schemes") { transport in
            let server = try HostileHTTPServer()
            let request = server.request(.redirect(status: 302, location: "file:///etc/passwd"))
            try await expect(.badURL, .egressRefused) { _ = try await transport.send(request, body: nil, options: following) }
        },
    ]
}
