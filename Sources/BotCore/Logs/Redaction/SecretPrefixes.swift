/// How the keys and tokens of the common vendors begin.
struct SecretPrefixes {
    private struct Prefix {
        let bytes: [UInt8]
        /// How long the whole is at least.
        let length: Int
    }

    /// By the first byte.
    private let prefixes: [[Prefix]]

    static let known = SecretPrefixes([
        // OpenAI, Anthropic, OpenRouter and others; the length is that of the shortest example.
        8: "sk- pk- rk-",
        // Stripe, ElevenLabs
        12: "sk_ pk_ rk_ whsec_",
        // GitHub, GitLab, npm, PyPI
        16: "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- gldt- glrt- npm_ pypi-",
        // Slack
        14: "xoxb- xoxp- xoxa- xoxr- xoxs- xoxe- xoxc- xoxd- xapp-",
        // Google, Hugging Face, Groq, xAI, Perplexity, Replicate, Fireworks, NVIDIA, Cerebras, Tavily, Jina, Voyage
        18: "AIza ya29. GOCSPX- hf_ gsk_ xai- pplx- r8_ fw_ nvapi- csk- tvly- jina_ tgp_v1_ pcsk_ lsv2_ pa-",
        // AWS (key ids), Twilio, SendGrid, Mailgun, Meta, JSON web tokens
        20: "AKIA ASIA AGPA AROA SG. key- EAA eyJ",
        // Others with marks of their own
        17: """
        dop_v1_ shpat_ shpss_ shpca_ dapi sbp_ sntrys_ sntryu_ glsa_ glc_ PMAK- hvs. hvb. dp.pt. dp.st. \
        sq0atp- sq0csp- ntn_ lin_api_ ATATT3 ATCTT3 HRKU- pscale_tkn_ figd_ doo_v1_ rubygems_ AGE-SECRET-KEY- \
        key_live_ key_test_ tskey- NRAK- xkeysib- mlsn. re_
        """,
        34: "SK AC",
    ])

    private init(_ table: [Int: String]) {
        var prefixes = [[Prefix]](repeating: [], count: 128)
        for (length, words) in table {
            for word in words.split(separator: " ") {
                let bytes = Array(word.utf8)
                prefixes[Int(bytes[0])].append(Prefix(bytes: bytes, length: length))
            }
        }
        // The longest that fits says how much is shown.
        self.prefixes = prefixes.map { $0.sorted { $0.bytes.count > $1.bytes.count } }
    }

    /// The length of the prefix that the word from `start` has, and how long the whole must be.
    func match(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> (shown: Int, least: Int)? {
        let first = Int(bytes[start])
        guard first < 128 else { return nil }
        for prefix in prefixes[first] where start + prefix.bytes.count <= bytes.count {
            var index = 1
            while index < prefix.bytes.count, bytes[start + index] == prefix.bytes[index] { index += 1 }
            if index == prefix.bytes.count { return (index, prefix.length) }
        }
        return nil
    }
}
