// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension Randomness {
    /// Sixths of a bit, one character each, counted from "(". Measured over words and identifiers of English prose and source code.
    static let unit: Float = 6

    /// What the class of a character costs after the classes of the two before it: lower case, upper case, digit, other.
    /// Row: 4 × the class two before + the class before.
    static let classCosts = decode([
        "*BM;",
        ");FW",
        "2>-=",
        ")F=E",
        ")>JY",
        ";*D=",
        "304?",
        "9*@K",
        "1?-Q",
        "/09J",
        "7L+A",
        "0@-O",
        "(VHM",
        "-0NO",
        "7R+:",
        "+5<V",
    ])

    /// What a letter costs after a letter (rows a to z) or after anything else (last row).
    static let letterCosts = decode([
        #"SC@?PMG^E`M;C;`BY<>8KMPSL]"#,
        #"8IEI=KTX?GW8PU>LSDBO<XWWAX"#,
        #">RIP=R]=HcAERZ0QZEM>GZ]bUa"#,
        #"?JIE.LXU=_WGTRCP[FFOFTW_Sb"#,
        #"BO@?KINWQ@X?E;TJN8;ATLQDMa"#,
        #">KHG:<VX5[TDVS;TZBF?CZX\M["#,
        #"FTLS7SKG1\UFOCHP[@AJDVS\OW"#,
        #"7WPR9VXWA^QQMS?RZDM?2VY^R^"#,
        #"IICFGHFa[`YBF5=I[G@5`JdOcK"#,
        #"GSNPBVTTMVOUTUEMTV+UKUUVUV"#,
        #"AOGJ0LNM<URHNJDJOM>KJSKVPS"#,
        #">ORF6=VO:cZ8WW=P^TFEAT[aH_"#,
        #"7HRJ7W[Z7^WI:O?>^VGQGY[^Ta"#,
        #"@UA=>J<ZC_ORUI5Q_W?9KNZcWa"#,
        #"PMD5ZOP^P^PF78JDg;HGAMI][\"#,
        #":XQK9TQLC_R>TQ>B]:G>:VX_J`"#,
        #"LOJJJNGLKMM<OPONKKJO.NNOEO"#,
        #";SFH4QG[;dMOIJ;QbB@AKJWdGd"#,
        #"DZES4RVD?aNIPQCFPO>5BWLbG`"#,
        #"=UHP5O^89b\LOU@Id>BFKZSYH^"#,
        #"J6JO>GO`F`[9C;TCb?A=[YbS`["#,
        #"4SPU/USW<XUTMTEPVQOSRVSTVW"#,
        #"<OMK>PSE4VSMP@?QT8BQSJDSPW"#,
        #"DL=J;KQM>RPKDPI:RNI4ONQJLR"#,
        #"CIEI@HLKCTJHD<H7SJ;:NPKTPR"#,
        #"?LLN1LMI;CNGHLFKNMKLKOJLGE"#,
        #"AC9BBCAJESRGE<I@YD=DIMKOYZ"#,
    ])

    private static func decode(_ rows: [String]) -> [Float] {
        rows.flatMap { $0.utf8.map { Float($0 - 40) / unit } }
    }
}
