// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The words names are judged by, found in one pass.
struct NameLexicon: Sendable {
    /// What a word says of a name.
    struct Role: OptionSet, Sendable {
        let rawValue: UInt8
        /// A password; as a whole word.
        static let password = Role(rawValue: 1)
        /// A password; anywhere.
        static let passwordPart = Role(rawValue: 2)
        /// A secret; anywhere, also over the border of words: `accessKey`.
        static let strong = Role(rawValue: 4)
        /// Perhaps a secret; as a whole word.
        static let weak = Role(rawValue: 8)
        /// As the last word: the name tells something about a secret.
        static let describing = Role(rawValue: 16)
        /// As a whole word: the name is of something public or of no worth.
        static let harmless = Role(rawValue: 32)
        /// As the last word: an identifier, which only some vendors treat as a secret.
        static let identifier = Role(rawValue: 64)
        /// Mentions a key; as a whole word.
        static let key = Role(rawValue: 128)

        /// Those that count wherever they stand.
        static let parts: Role = [.passwordPart, .strong]
        /// Those that count in the last word only.
        static let endings: Role = [.describing, .identifier]
    }

    static let standard = NameLexicon()

    private let automaton: KeywordAutomaton
    private let roles: [Role]
    private let lengths: [Int]

    private init() {
        var words: [String: Role] = [:]
        let lists: [(String, Role)] = [
            (Self.passwords, .password), ("password passwd passphrase", .passwordPart), (Self.strong, .strong), (Self.weak, .weak), (Self.describing, .describing),
            (Self.harmless, .harmless), ("id ids guid uuid", .identifier), ("key keys auth", .key),
        ]
        for (list, role) in lists { for word in list.split(whereSeparator: \.isWhitespace) { words[String(word), default: []].insert(role) } }
        let sorted = words.keys.sorted()
        automaton = KeywordAutomaton(sorted.map { Array($0.utf8) })
        roles = sorted.map { words[$0] ?? [] }
        lengths = sorted.map(\.utf8.count)
    }

    /// What the words of a name say: `myAPIKey-2` has the words my, API, Key, 2.
    func roles(of name: some Collection<UInt8>) -> Role {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * name.count + 2) { memory in
            // Letters and digits in one row, and after them for each place whether a word begins there.
            let marks = UnsafeMutableBufferPointer(rebasing: memory[(name.count + 1)...])
            let (count, last) = Self.split(name, into: memory, marks: marks)
            let row = UnsafeBufferPointer(rebasing: memory[..<count])
            var found: Role = []
            var state = KeywordAutomaton.start
            automaton.scan(row, 0..<count, from: &state) { keyword, end in
                var role = roles[keyword]
                let start = end - lengths[keyword]
                if marks[start] == 0 || end < count && marks[end] == 0 {
                    role.formIntersection(Role.parts)
                } else if start != last {
                    role.subtract(Role.endings)
                }
                found.formUnion(role)
            }
            return found
        }
    }

    /// Fills the row and the marks; returns its length and where the last word that is no number begins.
    private static func split(
        _ name: some Collection<UInt8>, into row: UnsafeMutableBufferPointer<UInt8>, marks: UnsafeMutableBufferPointer<UInt8>
    ) -> (count: Int, last: Int) {
        var (count, last, begins) = (0, 0, true)
        var before: UInt8 = 0
        for byte in name {
            let isUpper = ByteSet.upperLetters.contains(byte)
            let isLower = ByteSet.lowerLetters.contains(byte)
            if !isUpper, !isLower, !ByteSet.digits.contains(byte) {
                begins = true
            } else {
                if isUpper, ByteSet.lowerLetters.contains(before) || ByteSet.digits.contains(before) { begins = true }
                if isLower, ByteSet.upperLetters.contains(before), count >= 1, marks[count - 1] == 0 {
                    // The last capital of a run begins the next word.
                    marks[count - 1] = 1
                    last = count - 1
                }
                row[count] = ByteSearch.lower(byte)
                marks[count] = begins ? 1 : 0
                if begins, isUpper || isLower { last = count }
                begins = false
                count += 1
            }
            before = byte
        }
        marks[count] = 1
        return (count, last)
    }

    private static let passwords = """
        password passwords passwd passphrase pwd pass passwort pw passcode userpass
        """
    private static let strong = """
        secret token apikey accesskey privatekey authkey encryptionkey credential bearer signingkey masterkey licensekey sharedkey
        accountkey subscriptionkey consumerkey appkey applicationkey clientkey servicekey sharedaccess userkey writekey deploykey
        sessionkey adminkey storagekey functionskey integrationkey restkey hmac keysecret webhooksecret jwt passkey rootkey aeskey
        cryptkey
        """
    private static let weak = """
        key keys auth cred creds pat salt dsn cookie session sid authorization authentication
        """
    private static let describing = """
        name names url urls uri path paths file files filename type version count size length limit limits prefix suffix header field
        label ttl expiry expires expiration expiring algorithm alg endpoint scope scopes hint policy format provider store ref arn
        regex pattern env var variable placeholder description title text message error errors usage index position location dir folder
        host port status state kind class min max budget estimate total rate age date time method mode source issuer domain fingerprint
        checksum digest sha etag commit rev revision hash enabled required exists valid code icon color style input output test spec
        schema model alias uid user username email server manager service handler selector press down up frame board word words config
        options settings thumbprint keyid kid signature encryption hasher hashers strength callback
        """
    private static let harmless = """
        public publishable foreign primary sort cache partition bucket csrf xsrf keyboard page pagination continuation cursor next mask
        idempotency dedupe translation i18n tokenizer tokenization tokenize keyword keywords keystone monkey hotkey shortcut sri
        integrity pubkey nonce etag unique composite lookup keychain registry keyframe keyframes author authors authority compass
        passenger bypass encompass secretary passive keying keyed websocket recv keyserver gpg pgp authenticity turkey whiskey donkey
        jockey hockey keynote query sequence schema object binding bindings keycode antiforgery websocketkey
        """
}
