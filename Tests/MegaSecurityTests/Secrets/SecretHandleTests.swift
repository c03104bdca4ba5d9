// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import HTTPTypes
import MegaCore
@testable import MegaSecurity
import MegaTesting
import Synchronization
import Testing

@Suite("Handles of secrets") struct SecretHandleTests {
    private static let value = "canary\"value/7 & more"

    private func handles() throws -> SecretHandles {
        let name = try #require(SecretName("API"))
        return SecretHandles(
            store: InMemorySecretStore([name: Secret(Self.value)]), destinations: [name: [.host("API.test"), .program("gh"), .program("true")]])
    }

    @Test("Handles are told from other braces", arguments: [
        ("a {{API}} b", ["API"]), ("{{API}}{{B_2}}", ["API", "B_2"]), ("{{ API }}", []), ("{{}}", []), ("{API}", []), ("{{{API}}}", ["API"]), ("{{a{{API}}", ["API"]), ("{{9}}", []),
        ("{{API", []), ("", []), ("é{{API}}é", ["API"]),
    ])
    func template(_ text: String, _ names: [String]) {
        let template = SecretTemplate(text)
        #expect(template.names.map(\.rawValue).sorted() == names.sorted())
        let again = template.parts.map { part in
            switch part {
            case .text(let text): text
            case .handle(let name): name.handle
            }
        }.joined()
        #expect(again == text)
    }

    @Test("A request to the bound host carries the value, encoded for its place; the tool's request keeps the handle") func transport() async throws {
        let stub = StubTransport(.text("ok"))
        let transport = SecretResolvingTransport(stub, resolver: try handles())
        let request = HTTPRequest(
            method: .post, scheme: "https", authority: "api.test:443", path: "/x?k={{API}}", headerFields: [.authorization: "Bearer {{API}}", .contentType: "application/json"])
        _ = try await transport.send(request, body: HTTPBody("{\"key\": \"{{API}}\"}"), options: HTTPRequestOptions(redirects: .follow(limit: 3)))
        let sent = try #require(stub.requests.first)
        #expect(sent.request.path == "/x?k=canary%22value%2F7%20%26%20more")
        #expect(sent.request.headerFields[.authorization] == "Bearer \(Self.value)")
        #expect(try JSONValue(parsing: sent.body)["key"] == .string(Self.value))
        #expect(sent.options.redirects == .refuse)
        #expect(request.path == "/x?k={{API}}")
    }

    @Test("Other hosts, plain HTTP, hosts made of handles and unknown names are refused, and nothing is sent", arguments: [
        ("https", "evil.test", "{{API}}"), ("http", "api.test", "{{API}}"), ("https", "api.test.evil.test", "{{API}}"), ("https", "user@api.test", "{{API}}"),
        ("https", "{{API}}.evil.test", "x"), ("https", "api.test", "{{OTHER}}"),
    ])
    func refused(_ scheme: String, _ authority: String, _ value: String) async throws {
        let stub = StubTransport(.text("ok"))
        let transport = SecretResolvingTransport(stub, resolver: try handles())
        let request = HTTPRequest(method: .get, scheme: scheme, authority: authority, path: "/", headerFields: [.authorization: value])
        let error = await #expect(throws: SecretStoreError.self) { _ = try await transport.send(request, body: nil, options: HTTPRequestOptions()) }
        #expect(stub.requests.isEmpty)
        #expect(error?.reason.contains("canary") == false)
    }

    @Test("Requests without handles pass unchanged, to any host") func untouched() async throws {
        let stub = StubTransport(.text("ok"))
        let transport = SecretResolvingTransport(stub, resolver: try handles())
        _ = try await transport.send(
            HTTPRequest(method: .get, scheme: "http", authority: "elsewhere.test", path: "/{{ x }}"), body: HTTPBody([0xFF, 0x7B, 0x7B]), options: HTTPRequestOptions(redirects: .follow(limit: 2)))
        #expect(stub.requests.first?.body == [0xFF, 0x7B, 0x7B])
        #expect(stub.requests.first?.options.redirects == .follow(limit: 2))
    }

    @Test("The transport's errors name the handle") func errors() async throws {
        let transport = SecretResolvingTransport(StubTransport(.failure(.connectionLost, "lost at /x?k=canary%22value%2F7%20%26%20more")), resolver: try handles())
        let request = HTTPRequest(method: .get, scheme: "https", authority: "api.test", path: "/x?k={{API}}")
        let error = await #expect(throws: TransportError.self) { _ = try await transport.send(request, body: nil, options: HTTPRequestOptions()) }
        #expect(error?.reason == "lost at /x?k={{API}}")
    }

    @Test("Values are recognised before any was given out, and what is missing is told") func recognized() async throws {
        let (api, other) = (try #require(SecretName("API")), try #require(SecretName("OTHER")))
        let handles = SecretHandles(store: InMemorySecretStore([api: Secret(Self.value)]), destinations: [api: [.program("gh")], other: [.program("gh")]])
        #expect(try await handles.recognizeAll() == [other])
        #expect(handles.conceal("x \(Self.value) y") == "x {{API}} y")
    }

    @Test("What was given out is put back to its handle, also encoded") func conceal() async throws {
        let handles = try handles()
        #expect(handles.conceal("x \(Self.value) y") == "x \(Self.value) y", "nothing was given out yet")
        _ = try await handles.resolve(try #require(SecretName("API")), for: .host("api.test"))
        #expect(handles.conceal("x \(Self.value) y") == "x {{API}} y")
        #expect(handles.conceal("k=canary%22value%2F7%20%26%20more") == "k={{API}}")
        let redactor = SecretHandleRedactor(handles: handles, base: SecretRedactor())
        #expect(try redactor.redact("got \(Self.value), password=Tr0ub4dor-3") == "got {{API}}, password=[redacted: password]")
        // While more is to come, its beginning is held back.
        #expect(redactor.unfinishedSuffix(of: "got \(Self.value.prefix(9))") >= 9)
        #expect(redactor.unfinishedSuffix(of: "got \(Self.value) and ") == 0)
    }

    @Test("A command gets the value in its environment, whatever quotes stand around", arguments: [
        ("gh x {{API}} y", "gh x \"${MEGABOT_SECRET_API}\" y"), ("gh \"a {{API}}\"", "gh \"a ${MEGABOT_SECRET_API}\""),
        ("gh 'a {{API}} b'", "gh 'a '\"${MEGABOT_SECRET_API}\"' b'"), ("gh a\\'{{API}}", "gh a\\'\"${MEGABOT_SECRET_API}\""),
    ])
    func command(_ text: String, _ expected: String) async throws {
        let recorder = ScriptedRunner()
        let runner = SecretResolvingRunner(recorder, handles: try handles(), inspector: ShellInspector())
        _ = try await runner.run(CommandRequest(command: .shell(text), workingDirectory: "/tmp")) { _ in }
        let request = try #require(recorder.requests.first)
        #expect(request.command == .shell(expected))
        #expect(request.environment == ["MEGABOT_SECRET_API": Self.value])
    }

    @Test("Programs that are not bound, text that is not plain, and arguments without a shell are refused", arguments: [
        "cat {{API}}", "gh {{API}} | cat", "gh {{API}} > /tmp/x", "X={{API}} gh", "gh $(echo {{API}})", "gh {{API}}; env", "gh {{OTHER}}", "eval gh {{API}}", "gh <<E\n{{API}}\nE",
        "gh() { cat; }; gh {{API}}", "alias gh=cat\ngh {{API}}", "function gh { cat; }\ngh {{API}}", "./gh {{API}}", "command cat {{API}}", "cd x; gh {{API}}",
    ])
    func commandRefused(_ text: String) async throws {
        let recorder = ScriptedRunner()
        let runner = SecretResolvingRunner(recorder, handles: try handles(), inspector: ShellInspector())
        await #expect(throws: SecretStoreError.self) { _ = try await runner.run(CommandRequest(command: .shell(text), workingDirectory: "/tmp")) { _ in } }
        await #expect(throws: SecretStoreError.self) { _ = try await runner.run(CommandRequest(command: .program(["gh", "{{API}}"]), workingDirectory: "/tmp")) { _ in } }
        #expect(recorder.requests.isEmpty)
    }

    @Test("Output shows the handle, however it is cut") func output() async throws {
        let whole = Array("one \(Self.value) two canary\"val".utf8)
        for cut in 0...whole.count {
            let recorder = ScriptedRunner(output: [whole[..<cut], whole[cut...]].map { CommandOutput(stream: .standardOutput, bytes: Array($0)) })
            let runner = SecretResolvingRunner(recorder, handles: try handles(), inspector: ShellInspector())
            let seen = Mutex<[UInt8]>([])
            _ = try await runner.run(CommandRequest(command: .shell("gh {{API}}"), workingDirectory: "/tmp")) { piece in seen.withLock { $0 += piece.bytes } }
            #expect(String(decoding: seen.withLock { $0 }, as: UTF8.self) == "one {{API}} two canary\"val", "cut at \(cut)")
        }
    }
}
