// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Phrases that give an agent orders, as sequences of words.
///
/// A phrase is written as words with their alternatives (`ignore|disregard`), `*2` for up to two words of any kind in between, and `?a|b`
/// for a word that may be missing. Words are compared in lower case, with the digits people write for letters (`1gn0r3`).
enum InjectionSeeds {
    struct Hit: Sendable {
        var rule: TextRule
        /// In the bytes that were searched.
        var span: Range<Int>
        /// Some letter was written as a digit or a sign.
        var isDisguised: Bool
    }

    private enum Part: Sendable {
        case words([[UInt8]])
        case gap(Int)
        case optional([[UInt8]])
    }

    private struct Seed: Sendable {
        var rule: TextRule
        var parts: [Part]
    }

    /// Small words that stand between a verb and what it is about.
    private static let filler = "?of|all|any|the|your|my|these|those|every|each|everything|and|our"

    private static let ignoring: [String] = [
        "ignore|disregard|forget|neglect|override|overlook|discard \(filler) \(filler) \(filler) \(filler) previous|prior|above|earlier|"
            + "preceding|foregoing|former|original|initial|existing|past|aforementioned|system|developer|safety *2 "
            + "instruction|instructions|prompt|prompts|directive|directives|guideline|guidelines|rule|rules|direction|directions|order|orders|"
            + "programming|training|constraint|constraints|restrictions|commands",
        "ignore|disregard|forget|override *1 your|these|those ?own|current|core|system|safety|previous "
            + "instruction|instructions|prompt|directive|directives|guideline|guidelines|rules|orders|programming|training|restrictions|constraints",
        "ignore|disregard|forget all|any ?of|the|your instructions|directives|guidelines|prompts",
        "ignore|disregard|forget everything|anything|all|whatever ?that|you|i|we|was ?you|i|we|were|have|had|just ?been above|before|previously|earlier|said|told|know",
        "ignore|disregard what you|they were|have|had ?been told|instructed|asked",
        "do|must|should not ?ever follow|obey|heed *2 previous|prior|above|earlier|system|original instructions|prompt|rules|guidelines|directives",
        "stop following *2 instructions|guidelines|prompt",
        "ignoriere|vergiss *2 vorherigen|bisherigen|obigen|vorigen|fruheren *1 anweisungen|anweisung|regeln|instruktionen",
        "ignorez|ignore|oubliez|oublie *2 instructions|consignes|regles precedentes|anterieures|ci",
        "ignora|ignore|olvida|olvide *2 instrucciones|ordenes|indicaciones *1 anteriores|previas", "ignora|dimentica *2 istruzioni|indicazioni precedenti",
        "ignore|desconsidere|esqueca *2 instrucoes *1 anteriores", "negeer|vergeet *2 vorige|eerdere|bovenstaande instructies",
        "zignoruj|zapomnij *2 poprzednie|wczesniejsze *1 instrukcje|polecenia",
    ]

    private static let roles: [String] = [
        "you are now ?a|an|the|in dan|stan|unrestricted|unfiltered|uncensored|jailbroken|root|administrator|evil",
        "you are now *2 unrestricted|unfiltered|uncensored|jailbroken|unaligned *2 ai|assistant|model|agent|bot|chatbot|system",
        "you are now an|a *1 hacker|attacker|administrator|superuser|pirate|ai|assistant|agent|chatbot",
        "you are|re no longer *1 bound|restricted|limited|constrained|an|a|subject", "you have no *1 restrictions|limitations",
        "act|behave|respond|answer as ?a|an|the administrator|root|superuser|dan|unrestricted|unfiltered|jailbroken|uncensored|hacker",
        "act|behave|respond|answer as if|though you have|had no *1 restrictions|rules|limits|guidelines|filters|policy",
        "pretend to|that|you|you're *2 dan|unrestricted|administrator|root|jailbroken|unfiltered|human",
        "pretend *3 no restrictions|rules|limits|filters|guidelines", "from now on act|respond|answer|reply|ignore|obey|only",
        "from now on you are|obey|ignore|act|respond|answer", "from now on you must|will|shall|should act|ignore|respond|obey|answer|only|not|be",
        "do anything now", "dan|jailbreak|god|unrestricted mode enabled|activated", "enter|enable|activate|switch *2 dan|jailbreak|god|unrestricted mode",
        "you are now in|entering developer|debug mode", "system prompt override|overridden|reset", "you are *1 in|entering dan|god|jailbreak|unrestricted mode",
        "reveal|print|show|repeat|output|leak|disclose|display|expose|tell *2 your *1 system|hidden|initial|secret|original prompt|instructions|message",
        "repeat *2 words|text|everything above *2 starting|verbatim|exactly|word", "override *2 safety *1 guidelines|filters|protocols|measures|guardrails",
        "bypass *2 safety|content|ethical *1 guidelines|filters|restrictions|guardrails",
        "new|updated|revised system prompt|instructions|instruction *2 you|ignore|follow|are|is|override",
        "new|updated instructions|instruction ?from|for you|ignore|override|the *1 developer|admin|administrator|system|user|ai|assistant",
        "begin|start|end of *1 new|system|hidden instructions|prompt|instruction", "system override *1 code|mode|enabled|initiated|accepted|command",
        "do not ?ever tell|mention|inform|alert|reveal *3 user|human|operator", "don't|dont|never tell|mention|inform|alert|reveal *3 user|human|operator",
        "without telling|informing|notifying|alerting|asking ?the|your user|human|operator", "without ?the user's|users|user knowledge|consent|knowing|noticing",
        "hide|conceal|keep ?this|it|that|them *1 from the user|human|operator",
        "important|urgent ?system|new instruction|instructions for|to ?the|any|all ai|assistant|agent|agents|llm|chatbot",
        "your *1 new|real|true|actual instructions|task|goal|objective|purpose|directive|role|mission is|are",
        "du bist jetzt|nun *2 administrator|uneingeschrankt|uneingeschrankte|hacker", "tu es maintenant *2 administrateur|hacker|pirate",
        "ahora eres *2 administrador|hacker|pirata",
    ]

    /// Marks of chat templates and of instructions posing as the system's, searched as they are.
    private static let marks: [[UInt8]] = ["<|im_start|>", "<|im_end|>", "<<sys>>", "<|system|>", "[/inst]", "<|endoftext|>", "<|start_header_id|>"]
        .map { Array($0.utf8) }

    /// Phrases without blanks, for letters that were spaced out one by one.
    static let compact: [[UInt8]] = {
        let verbs = ["ignore", "disregard", "forget"]
        let middles = ["previous", "allprevious", "theprevious", "prior", "allprior", "above", "theabove", "your", "allyour", "all", "system"]
        let nouns = ["instructions", "instruction", "prompts", "rules", "directives", "guidelines"]
        return verbs.flatMap { verb in middles.flatMap { middle in nouns.map { Array((verb + middle + $0).utf8) } } }
            + ["youarenowdan", "doanythingnow", "systemprompt", "revealyoursystemprompt", "developermode", "jailbreak"].map { Array($0.utf8) }
    }()

    private static let seeds: [Seed] = {
        let parse = { (rule: TextRule, text: String) in
            Seed(
                rule: rule,
                parts: text.split(separator: " ").map { part -> Part in
                    if part.hasPrefix("*") { return .gap(Int(part.dropFirst()) ?? 1) }
                    let isOptional = part.hasPrefix("?") && part.count > 1
                    let words = (isOptional ? part.dropFirst() : part).split(separator: "|").map { Array($0.utf8) }
                    return isOptional ? .optional(words) : .words(words)
                })
        }
        return ignoring.map { parse(.ignorePreviousInstructions, $0) } + roles.map { parse(.promptInjectionInOutput, $0) }
    }()

    /// For the first two letters of a word, the lengths that a seed's first word may have.
    private static let lengths: [UInt32] = {
        var table = Array(repeating: UInt32(0), count: 1_024)
        for seed in seeds {
            guard case .words(let words) = seed.parts[0] else { continue }
            for word in words where word.count < 32 {
                table[Int(word[0] & 31) << 5 | (word.count > 1 ? Int(word[1] & 31) : 0)] |= 1 << UInt32(word.count)
            }
        }
        return table
    }()

    // MARK: - Letters

    /// Each byte as the letter it is read as; 0 for what separates words, 1 for a digit one, which is an i or an l.
    private static let letters: [UInt8] = {
        var table = Array(repeating: UInt8(0), count: 256)
        for byte in UInt8(ascii: "a")...UInt8(ascii: "z") {
            table[Int(byte)] = byte
            table[Int(byte & 0xDF)] = byte
        }
        for (digit, letter) in [("0", "o"), ("3", "e"), ("4", "a"), ("5", "s"), ("7", "t"), ("8", "b"), ("9", "g"), ("2", "z"), ("6", "g")] {
            table[Int(digit.utf8.first ?? 0)] = letter.utf8.first ?? 0
        }
        table[Int(UInt8(ascii: "1"))] = 1
        return table
    }()

    /// Signs that stand for letters when letters are around them.
    private static func sign(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "@"): UInt8(ascii: "a")
        case UInt8(ascii: "$"): UInt8(ascii: "s")
        case UInt8(ascii: "!"), UInt8(ascii: "|"): 1
        case UInt8(ascii: "+"): UInt8(ascii: "t")
        case UInt8(ascii: "'"): UInt8(ascii: "'")
        default: 0
        }
    }

    private static func isSame(_ read: UInt8, _ letter: UInt8) -> Bool {
        read == letter || (read == 1 && (letter == UInt8(ascii: "i") || letter == UInt8(ascii: "l")))
    }

    /// A view of bytes that reads words from them.
    private struct Reader {
        let bytes: UnsafeBufferPointer<UInt8>
        let letters: UnsafeBufferPointer<UInt8>

        @inline(__always) func letter(_ index: Int) -> UInt8 {
            let byte = bytes[index]
            let letter = letters[Int(byte)]
            if letter != 0 { return letter }
            let sign = InjectionSeeds.sign(byte)
            guard sign != 0, index > 0, index + 1 < bytes.count, letters[Int(bytes[index + 1])] != 0, letters[Int(bytes[index - 1])] != 0 else { return 0 }
            return sign
        }

        /// The next word at or behind a place.
        func word(_ start: Int, limit: Int) -> Range<Int>? {
            var index = start
            while index < limit, letter(index) == 0 { index += 1 }
            guard index < limit else { return nil }
            var end = index + 1
            while end < limit, letter(end) != 0 { end += 1 }
            return index..<end
        }

        func matches(_ range: Range<Int>, _ words: [[UInt8]]) -> Bool {
            words.contains { word in
                word.count == range.count && word.indices.allSatisfy { InjectionSeeds.isSame(letter(range.lowerBound + $0), word[$0]) }
            }
        }

        func isDisguised(_ range: Range<Int>) -> Bool {
            range.contains { index in
                let byte = bytes[index]
                return letter(index) != 0 && (byte | 0x20) &- 0x61 >= 26 && byte != UInt8(ascii: "'")
            }
        }
    }

    // MARK: - Searching

    /// The first phrase in a text.
    static func first(in bytes: [UInt8]) -> Hit? { hits(in: bytes, most: 1).first }

    /// The phrases in a text, and the places where single letters stand in a row, which may be a word spaced out.
    static func hits(in bytes: [UInt8], most: Int, spaced: ((Range<Int>) -> Void)? = nil) -> [Hit] {
        var found: [Hit] = []
        bytes.withUnsafeBufferPointer { buffer in
            letters.withUnsafeBufferPointer { table in
                lengths.withUnsafeBufferPointer { lengths in
                    let reader = Reader(bytes: buffer, letters: table)
                    var index = 0
                    var singles = 0
                    var firstSingle = 0
                    while index < buffer.count {
                        if table[Int(buffer[index])] == 0 {
                            let byte = buffer[index]
                            if byte == UInt8(ascii: "<") || byte == UInt8(ascii: "["), found.count < most, let end = mark(buffer, index) {
                                found.append(Hit(rule: .promptInjectionInOutput, span: index..<end, isDisguised: false))
                            }
                            index += 1
                            continue
                        }
                        var end = index + 1
                        while end < buffer.count, table[Int(buffer[end])] != 0 || reader.letter(end) != 0 { end += 1 }
                        let length = end - index
                        if length == 1 {
                            if singles == 0 { firstSingle = index }
                            singles += 1
                        } else {
                            if singles >= 4 { spaced?(firstSingle..<index) }
                            singles = 0
                        }
                        if length < 32, found.count < most, isFirst(table, lengths, buffer, index, length),
                            buffer[index..<end].contains(where: { ($0 | 0x20) &- 0x61 < 26 })
                        {
                            for seed in seeds {
                                if let hit = match(seed, reader, index..<end, buffer.count) {
                                    found.append(hit)
                                    break
                                }
                            }
                        }
                        index = end
                    }
                    if singles >= 4 { spaced?(firstSingle..<buffer.count) }
                }
            }
        }
        return found
    }

    private static func isFirst(
        _ table: UnsafeBufferPointer<UInt8>, _ lengths: UnsafeBufferPointer<UInt32>, _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ length: Int
    ) -> Bool {
        let first = table[Int(bytes[index])]
        let second = length > 1 ? table[Int(bytes[index + 1])] : 0
        // A digit one may be either of two letters; such words are rare enough to look at closely.
        if first == 1 || second == 1 || (second == 0 && length > 1) { return true }
        return lengths[Int(first & 31) << 5 | Int(second & 31)] & (1 << UInt32(length)) != 0
    }

    private static func mark(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        for mark in marks where bytes.count - start >= mark.count {
            if mark.indices.allSatisfy({ ByteScan.lower(bytes[start + $0]) == mark[$0] }) { return start + mark.count }
        }
        return nil
    }

    /// How far a phrase may reach, so that a search is linear in the text.
    private static let longestPhrase = 240

    private static func match(_ seed: Seed, _ reader: Reader, _ first: Range<Int>, _ count: Int) -> Hit? {
        guard case .words(let words) = seed.parts[0], reader.matches(first, words) else { return nil }
        let limit = min(count, first.lowerBound + longestPhrase)
        guard let end = rest(seed.parts[1...], reader, first.upperBound, limit) else { return nil }
        let span = first.lowerBound..<end
        return Hit(rule: seed.rule, span: span, isDisguised: reader.isDisguised(span))
    }

    private static func rest(_ parts: ArraySlice<Part>, _ reader: Reader, _ start: Int, _ limit: Int) -> Int? {
        guard let part = parts.first else { return start }
        switch part {
        case .words(let words):
            guard let word = reader.word(start, limit: limit), reader.matches(word, words) else { return nil }
            return rest(parts.dropFirst(), reader, word.upperBound, limit)
        case .optional(let words):
            if let word = reader.word(start, limit: limit), reader.matches(word, words),
                let end = rest(parts.dropFirst(), reader, word.upperBound, limit)
            {
                return end
            }
            return rest(parts.dropFirst(), reader, start, limit)
        case .gap(let most):
            var place = start
            for skipped in 0...most {
                if let end = rest(parts.dropFirst(), reader, place, limit) { return end }
                guard skipped < most, let word = reader.word(place, limit: limit) else { return nil }
                place = word.upperBound
            }
            return nil
        }
    }
}
